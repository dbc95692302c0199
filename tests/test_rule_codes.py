"""Rules are named only where people can read about them: a code that stands anywhere has a page."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.pages.catalogue import Page, pages
from chatkit_doctor.verify.explained import ExplainedBy
from tests.commands import ROOT

VERIFY = ROOT / "chatkit_doctor" / "verify"
# A list of data, in which rules stand that are to come.
PLANNED = VERIFY / "explained.py"
TEXTS = ["rules", "docs", "chatkit_doctor", "scripts", "*.md", "*.yml", ".pre-commit-hooks.yaml"]
DATA = ROOT / "chatkit_doctor" / "contracts" / "data"

# What stands in nobody's reach: the keys of a list of causes or of labelled mistakes.
PRIVATE_KEY = re.compile(r"\b(?:(?:FE|PY|ATT|PROJ|HOSTED)-[A-Z0-9]+|[BFNRTX]\d{1,2})\b")


def texts() -> Iterator[Path]:
    for pattern in TEXTS:
        for path in ROOT.glob(pattern):
            yield from path.rglob("*") if path.is_dir() else [path]


def named(path: Path) -> set[str]:
    return set(re.findall(r"\bCK\d{3}\b", path.read_text(encoding="utf-8")))


def test_every_rule_that_is_named_has_a_page() -> None:
    files = [path for path in texts() if path.suffix in {".md", ".py", ".toml", ".yml", ".yaml"} and path != PLANNED]
    dangling = {f"{path.relative_to(ROOT)}: {code}" for path in files for code in named(path) - set(pages())}

    assert len(files) > 100
    assert dangling == set()


@pytest.mark.parametrize("rule", ExplainedBy, ids=str)
def test_a_planned_rule_is_used_and_has_the_name_of_its_page(rule: ExplainedBy) -> None:
    use = re.compile(rf"\bExplainedBy\.{rule.name}\b")

    assert any(use.search(path.read_text(encoding="utf-8")) for path in VERIFY.glob("*.py"))
    if rule in pages():
        assert pages()[rule].name == rule.name.lower().replace("_", "-")


@pytest.mark.parametrize("page", pages().values(), ids=lambda page: page.code)
def test_the_sources_of_a_page_can_be_followed(page: Page) -> None:
    assert [line for line in page.meta["sources"] if PRIVATE_KEY.search(line)] == []


@pytest.mark.parametrize("path", sorted(DATA.glob("*.toml")), ids=lambda path: path.name)
def test_the_sources_of_kept_data_can_be_followed(path: Path) -> None:
    assert [line for line in sources(tomllib.loads(path.read_text(encoding="utf-8"))) if PRIVATE_KEY.search(line)] == []


def sources(value: object) -> Iterator[str]:
    """Yield what stands under `source` anywhere in data."""
    if isinstance(value, dict):
        if isinstance(found := value.get("source"), str):
            yield found
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from sources(each)
