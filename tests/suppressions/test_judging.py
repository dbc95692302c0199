"""CK901 and CK902: what is said of ignore comments, when, and what the fixes leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import pages
from tests.suppressions.making import Folder, places

CK3 = [code for code in pages() if code.startswith("CK3")]

# What is wrong with a comment: the message, and the span.
INVALID = {
    "# chatkit-doctor: ignore": ("'ignore' names no rule", "chatkit-doctor: ignore"),
    "# chatkit-doctor: ignore because it is so": ("'ignore' names no rule", "chatkit-doctor: ignore because it is so"),
    "# chatkit-doctor: ignore CK101": ("'ignore' names no rule", "chatkit-doctor: ignore CK101"),
    "# chatkit-doctor: ignore-file": ("'ignore-file' names no rule", "chatkit-doctor: ignore-file"),
    "# chatkit-doctor: ignore[]": ("'ignore[]' names no rule", "chatkit-doctor: ignore[]"),
    "# chatkit-doctor: ignore[ , ]": ("'ignore[]' names no rule", "chatkit-doctor: ignore[ , ]"),
    "# chatkit-doctor: ignore[CK101": (
        "the brackets of the ignore comment are not closed",
        "chatkit-doctor: ignore[CK101",
    ),
    "# chatkit-doctor: ignore[CK199]": ("no rule has the code or name 'CK199'", "CK199"),
    "# chatkit-doctor: ignore[CK3]": (f"CK3 is the start of {len(CK3)} codes, not a code", "CK3"),
    "# chatkit-doctor: ignore[CK901]": ("CK901 can only be ignored for a file", "CK901"),
    "# chatkit-doctor: ignore[invalid-suppression]": (
        "invalid-suppression can only be ignored for a file",
        "invalid-suppression",
    ),
    "# chatkit-doctor: ignore[CK101 CK102]": ("'CK101 CK102' is no list of rules", "CK101 CK102"),
    "# chatkit-doctor: disable[CK101]": ("'disable' is no word for the doctor", "chatkit-doctor: disable[CK101]"),
    "# chatkit-doctor: noqa": ("'noqa' is no word for the doctor", "chatkit-doctor: noqa"),
    "# chatkit-doctor: disable-next-line CK101": (
        "'disable-next-line' is no word for the doctor",
        "chatkit-doctor: disable-next-line CK101",
    ),
    "# chatkit-doctor: Ignore[CK101]": ("'Ignore' is no word for the doctor", "chatkit-doctor: Ignore[CK101]"),
    "# chatkit-doctor: CK101": ("'CK101' is no word for the doctor", "chatkit-doctor: CK101"),
    "# chatkit-doctor: [CK101]": ("the comment has no word for the doctor", "chatkit-doctor: [CK101]"),
    "# chatkit-doctor: ignore-fil": ("'ignore-fil' is no word for the doctor", "chatkit-doctor: ignore-fil"),
}
PROSE = (
    "# chatkit-doctor: runs on every push",
    "# chatkit-doctor:",
    "# chatkit-doctor: see docs/lint.md",
    "# chatkit-doctor: see [the docs](docs/lint.md)",
    "# chatkit-doctor:scan is slow",
    "# the comment chatkit-doctor: ignore hides everything",
)


def said(findings: list[Finding]) -> list[tuple[str, str, str]]:
    return [(finding.code, finding.message, finding.at.text) for finding in findings]


@pytest.mark.parametrize("comment", INVALID)
@pytest.mark.parametrize("code", ["ck101", "1"])
def test_invalid_comments_are_reported_and_hide_nothing(folder: Folder, comment: str, code: str) -> None:
    text = f"import os\nx = {code}  {comment}\n"

    assert said(folder.judged(text)) == [("CK902", *INVALID[comment])]
    assert folder.tell(text).hidden == []
    assert folder.fixed(text) == f"import os\nx = {code}\n"


@pytest.mark.parametrize("comment", PROSE)
def test_prose_about_the_doctor_is_left_alone(folder: Folder, comment: str) -> None:
    assert folder.judged(f"{comment}\nx = 1  {comment}\n") == []


def test_the_nearest_rule_is_named(folder: Folder) -> None:
    code, name = folder.judged("x = 1  # chatkit-doctor: ignore[CK5011, unknown-chatkit-modul]\n")

    assert code.help == "name a rule that exists; the nearest is CK501"
    assert name.help == "name a rule that exists; the nearest is unknown-chatkit-module"


def test_from_a_comment_with_more_codes_than_anybody_writes_none_is_taken_by_itself(folder: Folder) -> None:
    many = "x = 1  # chatkit-doctor: ignore[" + ", ".join(f"CK{number}" for number in range(2_000, 2_300)) + "]\n"

    findings = folder.judged(many)

    assert len(findings) == 300
    assert not any(each.fix for each in findings)
    assert folder.fixed("x = 1  # chatkit-doctor: ignore[CK2000, CK2001]\n") == "x = 1\n"


def test_ignore_file_below_code_is_invalid(folder: Folder) -> None:
    text = "import os\n# chatkit-doctor: ignore-file[CK101]\n"

    assert said(folder.judged(text)) == [
        ("CK902", "ignore-file stands below code", "chatkit-doctor: ignore-file[CK101]")
    ]
    assert folder.fixed(text) == "import os\n"


UNUSED = {
    "x = 1  # chatkit-doctor: ignore[CK101] why\n": ("ignoring CK101 hides nothing", "x = 1\n"),
    "x = 1  # chatkit-doctor: ignore[CK101, CK102]\n": ("ignoring CK101 and CK102 hides nothing", "x = 1\n"),
    "x = ck101  # chatkit-doctor: ignore[CK101, CK102] why\n": (
        "ignoring CK102 hides nothing",
        "x = ck101  # chatkit-doctor: ignore[CK101] why\n",
    ),
    "x = ck102  # chatkit-doctor: ignore[CK101 , CK102,CK103] - why\n": (
        "ignoring CK101 and CK103 hides nothing",
        "x = ck102  # chatkit-doctor: ignore[CK102] - why\n",
    ),
    "x = 1  # chatkit-doctor: ignore[CK103, CK101, CK102, CK101]\n": (
        "ignoring CK101, CK102 and CK103 hides nothing",
        "x = 1\n",
    ),
    "x = 1  # chatkit-doctor: ignore[unknown-chatkit-module]\n": (
        "ignoring unknown-chatkit-module hides nothing",
        "x = 1\n",
    ),
    "# chatkit-doctor: ignore[CK101]\n# and more\nx = 1\n": ("ignoring CK101 hides nothing", "# and more\nx = 1\n"),
    "# chatkit-doctor: ignore[CK101]\n\nx = ck101\n": ("ignoring CK101 hides nothing", "\nx = ck101\n"),
    "# chatkit-doctor: ignore-file[CK101] why\n\nx = 1\n": ("ignoring CK101 hides nothing", "\nx = 1\n"),
    "x = 1\n# chatkit-doctor: ignore[CK101]": ("ignoring CK101 hides nothing", "x = 1\n"),
    "x = 1  # noqa  # chatkit-doctor: ignore[CK101] a  # type: ignore\n": (
        "ignoring CK101 hides nothing",
        "x = 1  # noqa  # type: ignore\n",
    ),
    "if 1:\r\n\t# chatkit-doctor: ignore[CK101]\r\n\tx = 1\r\n": (
        "ignoring CK101 hides nothing",
        "if 1:\r\n\tx = 1\r\n",
    ),
    "# chatkit-doctor: ignore-file[CK903]\nx = 1\n": ("ignoring CK903 hides nothing", "x = 1\n"),
}
UNUSED_WEB = {
    "a.ts": ("x() // chatkit-doctor: ignore[CK401] why\n", "x()\n"),
    "between.ts": ("f(1, /* chatkit-doctor: ignore[CK401] */ 2)\n", "f(1, 2)\n"),
    "glued.ts": ("return/* chatkit-doctor: ignore[CK401] */x\n", "return x\n"),
    "first.ts": ("  /* chatkit-doctor: ignore[CK401] */ x()\n", "  x()\n"),
    "tall.ts": ("  /* chatkit-doctor: ignore[CK401]\n   * why\n   */\nx()\n", "x()\n"),
    "jsx.tsx": (
        "const A = <p>\n  {/* chatkit-doctor: ignore[CK401] */}\n  <B />\n</p>\n",
        "const A = <p>\n  <B />\n</p>\n",
    ),
    "jsx-behind.tsx": (
        "const A = <p>\n  a {/* chatkit-doctor: ignore[CK401] */} b\n</p>\n",
        "const A = <p>\n  a b\n</p>\n",
    ),
    "glued.html": ("<p>a<!-- chatkit-doctor: ignore[CK401] -->b</p>\n", "<p>ab</p>\n"),
    "apart.html": ("<p>a <!-- chatkit-doctor: ignore[CK401] -->b</p>\n", "<p>a b</p>\n"),
    "a.html": ("<p>\n  <!-- chatkit-doctor: ignore[CK401] -->\n</p>\n", "<p>\n</p>\n"),
    "a.vue": ("<script>\nx() // chatkit-doctor: ignore[CK401]\n</script>\n", "<script>\nx()\n</script>\n"),
}


@pytest.mark.parametrize("text", UNUSED)
def test_unused_comments_are_reported_and_removed(folder: Folder, text: str) -> None:
    message, fixed = UNUSED[text]

    assert [finding.message for finding in folder.judged(text)] == [message]
    assert folder.fixed(text) == fixed


@pytest.mark.parametrize("name", UNUSED_WEB)
def test_unused_comments_of_web_files_are_removed(folder: Folder, name: str) -> None:
    text, fixed = UNUSED_WEB[name]

    assert [finding.message for finding in folder.judged(text, name)] == ["ignoring CK401 hides nothing"]
    assert folder.fixed(text, name) == fixed


def test_a_comment_is_used_whatever_else_hides_the_same(folder: Folder) -> None:
    line = "# chatkit-doctor: ignore[CK101]\nx = ck101  # chatkit-doctor: ignore[CK101]\n"

    assert folder.judged(f"# chatkit-doctor: ignore-file[CK101]\n\n{line}") == []


def test_only_rules_that_ran_are_judged(tmp_path: Path) -> None:
    text = "x = 1  # chatkit-doctor: ignore[CK101, CK102]\n"

    assert said(Folder(tmp_path, {"CK901", "CK102"}).judged(text)) == [
        ("CK901", "ignoring CK102 hides nothing", "CK102")
    ]
    assert Folder(tmp_path, {"CK902", "CK101"}).judged(text) == []
    assert Folder(tmp_path, {"CK901"}).judged(text) == []


def test_a_file_that_no_rule_could_read_has_no_unused_comments(folder: Folder) -> None:
    text = "x = = 1  # chatkit-doctor: ignore[CK101]\ny = ck102\n"

    assert folder.judged(text) == []


@pytest.mark.parametrize("code", ["CK901", "CK902"])
def test_what_is_said_of_comments_can_be_ignored_for_a_file(folder: Folder, code: str) -> None:
    lines = "x = 1  # chatkit-doctor: ignore[CK101]\ny = 1  # chatkit-doctor: noqa\n"

    assert {finding.code for finding in folder.judged(f"# chatkit-doctor: ignore-file[{code}]\n{lines}")} == {
        "CK901",
        "CK902",
    } - {code}
    assert folder.judged(f"# chatkit-doctor: ignore-file[{code}]\n") == []


def test_files_that_no_rule_reads_are_not_judged(folder: Folder) -> None:
    project = folder.open(
        {"bundle.min.js": "x() // chatkit-doctor: ignore[CK401]\n", "notes.md": "<!-- chatkit-doctor: noqa -->"}
    )

    assert places(folder.visible(project)) == []
