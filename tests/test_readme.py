from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from chatkit_doctor.contracts.dates import hosted_workflows_end
from chatkit_doctor.pages.catalogue import HOME, pages
from tests.docs.pages import PAGES


def _script(name: str) -> ModuleType:
    path = Path(__file__).parent.parent / "scripts" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


readme = _script("readme")


def test_the_readme_shows_what_is() -> None:
    assert list(readme.outdated()) == []


def test_the_table_has_a_row_and_a_link_for_each_rule() -> None:
    rows = readme.table().splitlines()[2:]

    assert len(rows) == len(pages())
    for row, page in zip(rows, pages().values(), strict=True):
        assert row.startswith(f"| [{page.code}](rules/{page.code}-{page.name}.md) | {page.name} | {page.severity} |")


def test_only_what_is_between_the_markers_changes() -> None:
    begin, end = "<!-- rules: begin (scripts/readme.py) -->\n", "<!-- rules: end -->"

    made = readme.with_table(f"before\n{begin}old\n{end}\nafter\n", "rules", "new\n")

    assert made == f"before\n{begin}\nnew\n\n{end}\nafter\n"


def test_lost_markers_are_an_error() -> None:
    with pytest.raises(ValueError, match="markers"):
        readme.with_table("no markers", "rules", "")


def test_the_picture_is_an_image_that_loads_nothing() -> None:
    text = readme.PICTURE.read_text(encoding="utf-8")

    assert text.startswith("<svg ")
    assert text.count("http") == text.count('xmlns="http://www.w3.org/2000/svg"') == 1
    assert readme.COMMAND in text


def test_it_is_read_in_one_sitting() -> None:
    """The rest of what there is to say is in docs/. The table of rules is looked up, not read."""
    lines = readme.README.read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if not line.startswith("| [CK")]) <= 100


def test_the_first_screen_says_when_hosted_workflows_end() -> None:
    first, _, _ = readme.README.read_text(encoding="utf-8").partition("\n## ")

    assert f"end on {hosted_workflows_end()}" in first


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", *PAGES])
def test_every_target_of_make_that_is_named_is_one(page: str) -> None:
    makefile = (readme.ROOT / "Makefile").read_text(encoding="utf-8")
    text = (readme.ROOT / page).read_text(encoding="utf-8")
    named = set(re.findall(r"^make (\w+)|`make (\w+)`", text, re.MULTILINE))

    assert {first or second for first, second in named} <= set(re.findall(r"^(\w+):", makefile, re.MULTILINE))


def test_the_list_for_language_models_leads_to_files() -> None:
    text = readme.LLMS.read_text(encoding="utf-8")
    title, blank, summary, *_ = text.splitlines()
    links = re.findall(r"^- \[.+?\]\((.+?)\): \S", text, re.MULTILINE)

    assert (title, blank, summary[:2]) == ("# chatkit-doctor", "", "> ")
    assert text.count("\n- ") == len(links) == len(set(links))
    paths = [readme.ROOT / link.removeprefix(f"{HOME}/raw/main/") for link in links]
    assert [path for path in paths if not path.is_file()] == []
    assert {page.path for page in pages().values()} <= set(paths)
    assert {path for name, path in PAGES.items() if name.startswith("docs/") and name != "docs/README.md"} <= set(paths)
