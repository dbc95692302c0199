from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from chatkit_doctor.pages.catalogue import pages


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
    text = f"before\n{readme.BEGIN}old\n{readme.END}\nafter\n"

    assert readme.with_table(text) == f"before\n{readme.BEGIN}\n{readme.table()}\n{readme.END}\nafter\n"


def test_lost_markers_are_an_error() -> None:
    with pytest.raises(ValueError, match="markers"):
        readme.with_table("no markers")


def test_the_picture_is_an_image_that_loads_nothing() -> None:
    text = readme.PICTURE.read_text(encoding="utf-8")

    assert text.startswith("<svg ")
    assert text.count("http") == text.count('xmlns="http://www.w3.org/2000/svg"') == 1
    assert readme.COMMAND in text


def test_the_options_of_scan_are_those_of_the_command() -> None:
    from typer.main import get_command

    from chatkit_doctor.commands.cli import app

    (scan,) = (each for name, each in get_command(app).commands.items() if name == "scan")  # type: ignore[attr-defined]
    options = {option for param in scan.params for option in param.opts if option.startswith("--")}
    _, _, section = readme.README.read_text(encoding="utf-8").partition("### Options of scan\n")
    section = section.partition("\n### ")[0]
    rows = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `--")]

    assert {word.strip("`,") for row in rows for word in row.split() if word.startswith("`--")} == options
