from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.contracts import error_rows
from chatkit_doctor.finding import Applicability, Severity
from chatkit_doctor.pages import catalogue
from chatkit_doctor.pages.catalogue import Page, page, pages


def test_pages_come_in_the_order_of_their_codes() -> None:
    assert list(pages()) == sorted(pages())
    assert "CK903" in pages()


def test_a_code_without_a_page_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        page("CK000")


def test_code_and_name_are_known_without_reading_the_page(tmp_path: Path) -> None:
    missing = Page("CK999", "no-such-file", tmp_path / "CK999-no-such-file.md")

    assert (missing.code, missing.name) == ("CK999", "no-such-file")
    with pytest.raises(FileNotFoundError):
        _ = missing.meta


def test_what_a_page_says_of_its_rule(tmp_path: Path) -> None:
    path = tmp_path / "CK999-bad-thing.md"
    path.write_text(
        "---\ncode: CK999\nseverity: warning\nfix: [safe, unsafe]\nwhy: It is bad.\nrows: [2, 5]\n"
        'symptoms: ["it breaks: always"]\nseen_as: {broken: "<name> breaks"}\n---\n'
        "# bad-thing (CK999)\n\n## What it finds\n\n"
        "A thing that is\nbad, as in `{ a: 1 }`: always. It says more.\n\nAnd more.\n",
        encoding="utf-8",
    )
    made = Page("CK999", "bad-thing", path)

    assert made.severity is Severity.WARNING
    assert made.fixes == (Applicability.SAFE, Applicability.UNSAFE)
    assert made.rows == (2, 5)
    assert made.symptoms == ("it breaks: always",)
    assert made.seen_as == {"broken": "<name> breaks"}
    assert made.complaints == ()
    assert made.why == "It is bad."
    assert made.summary == "A thing that is bad, as in `{ a: 1 }`"
    assert made.body.startswith("# bad-thing (CK999)")
    assert made.url.endswith("/rules/CK999-bad-thing.md")


def test_an_installed_package_reads_the_pages_it_carries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = tmp_path / "_pages" / "rules"
    packed.mkdir(parents=True)
    monkeypatch.setattr(catalogue, "_PACKAGE", tmp_path)

    assert catalogue.pages_folder() == packed


def test_every_row_of_the_error_reference_is_answered_by_one_rule_at_least() -> None:
    answered = {row for each in pages().values() for row in each.rows}

    assert answered == {each.row for each in error_rows()}
