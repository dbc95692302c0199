"""What a coding agent is taught: made of what is tested elsewhere, true of the release, and short."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from chatkit_doctor.contracts import python_contract, releases
from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import page, pages
from chatkit_doctor.skill import reference
from chatkit_doctor.skill.lessons import lessons
from chatkit_doctor.skill.text import KnownRelease, section, skill
from tests.commands import ROOT, call
from tests.page_cases import cases
from tests.projects import write_files

MOST_BYTES = {"SKILL.md": 21_000, "AGENTS.md": 7_000}

# The first of all is empty.
RELEASES = [each for each in releases("openai-chatkit") if python_contract(each).has_module("chatkit.server")]


def of(release: str) -> list[KnownRelease]:
    return [KnownRelease("openai-chatkit", release, "uv.lock", ".")]


def skill_md(release: str) -> str:
    return skill(of(release))[Path("SKILL.md")]


def blocks(text: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("release", RELEASES)
def test_what_is_to_be_imported_is_in_the_release(release: str) -> None:
    contract = python_contract(release)
    for text in (skill_md(release), section(of(release))):
        lines = re.findall(r"^- `from (chatkit\S+) import (.*)`$", text, re.MULTILINE)
        assert len(lines) >= 4
        for module, names in lines:
            assert [name for name in names.split(", ") if not contract.has_name(module, name)] == []


@pytest.mark.parametrize("release", RELEASES)
def test_the_methods_of_a_store_are_those_of_the_release(release: str) -> None:
    store = python_contract(release).class_("chatkit.store.Store")
    assert store is not None
    for text in (skill_md(release), section(of(release))):
        tree = ast.parse("".join(blocks(text, "python")))
        methods = {node.name for node in ast.walk(tree) if isinstance(node, ast.AsyncFunctionDef)}
        assert methods >= set(store.abstract_methods)


def test_the_code_is_the_reference_apps() -> None:
    app = ROOT / "fixtures" / "reference"
    for name, text in reference.copies().items():
        source = (app / reference.FILES[name.name]).read_text(encoding="utf-8")
        assert blocks(text, r"\w+") == [source]
    told = skill_md("1.6.5")
    sources = [re.sub(r"\s+", " ", text) for text in reference.copies().values()]
    for block in [*blocks(told, "python")[:3], *blocks(told, "tsx"), *blocks(told, "html")]:
        assert any(re.sub(r"\s+", " ", block).strip() in source for source in sources), block


def test_a_lesson_is_a_line_that_is_found_and_what_the_fix_makes_of_it() -> None:
    taught = [each for each in lessons(Severity.ERROR) if each.bad]

    assert len(taught) > 30
    for each in taught:
        found = [(case, path) for case in cases(each.page) for path in case.fixed]
        pairs = [(stripped(case.files[path]), stripped(case.fixed[path])) for case, path in found]
        # The fix takes one such line away, and writes the other.
        assert any(
            before.count(each.bad) > after.count(each.bad) and after.count(each.good) > before.count(each.good)
            for before, after in pairs
        ), each.page.code


def stripped(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines()]


def test_each_rule_that_stops_something_is_taught_and_the_others_are_listed() -> None:
    files = skill(of("1.6.5"))
    errors = {code for code, each in pages().items() if each.severity is Severity.ERROR and not code.startswith("CK9")}

    assert set(re.findall(r"\bCK\d{3}\b", files[Path("SKILL.md")])) == errors
    every = set(re.findall(r"^- .*?\b(CK\d{3}) ", files[Path("reference", "rules.md")], re.MULTILINE))
    assert every == {code for code in pages() if not code.startswith("CK9")}
    assert page("CK201").why.rstrip(".") in files[Path("SKILL.md")]


def test_it_fits_into_the_context_of_an_agent() -> None:
    assert len(skill_md("1.6.5").encode()) < MOST_BYTES["SKILL.md"]
    assert len(section(of("1.6.5")).encode()) < MOST_BYTES["AGENTS.md"]


def test_the_head_of_the_skill_is_what_agents_read() -> None:
    import yaml

    head = yaml.safe_load(skill_md("1.6.5").split("---\n")[1])

    assert head.keys() == {"name", "description"}
    assert head["name"] == "chatkit"
    assert len(head["description"]) <= 1024


def test_the_commands_that_prove_it_are_commands() -> None:
    for line in re.findall(r"`chatkit-doctor ([^`]*)`", skill_md("1.6.5")):
        name, *words = line.split()
        told = call(name, "--help").stdout
        for word in words:
            assert not word.startswith("--") or word in told


def test_the_releases_are_those_of_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"app.py": "import chatkit\n", "requirements.txt": "openai-chatkit==1.4.0\n"})
    monkeypatch.chdir(tmp_path)

    assert "- openai-chatkit 1.4.0 (requirements.txt)\n" in call("skill").stdout
    (tmp_path / "requirements.txt").unlink()
    (tmp_path / "app.py").unlink()
    assert f"this is openai-chatkit {releases('openai-chatkit')[-1]}.\n" in call("skill").stdout
