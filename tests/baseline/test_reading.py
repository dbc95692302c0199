"""Baselines as files: written the same for the same findings, and read only where they are right."""

from __future__ import annotations

import json
import os
import stat
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chatkit_doctor
from chatkit_doctor.scanning.baseline import (
    Baseline,
    BaselineError,
    KnownFinding,
    as_text,
    read_baseline,
    write_baseline,
)
from tests.baseline.making import baseline

ENTRY = {"path": "app.py", "code": "CK101", "name": "unknown-chatkit-module", "fingerprint": "0123456789abcdef"}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def saved(content: Any) -> Path:
    path = Path("b.json")
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def complaint(path: Path) -> str:
    with pytest.raises(BaselineError) as caught:
        read_baseline(path)
    text = str(caught.value)
    assert text.isprintable()
    assert text.startswith(f"{path}: ")
    return text.removeprefix(f"{path}: ")


def with_entry(**changes: Any) -> dict[str, Any]:
    return {"version": 1, "findings": [ENTRY, ENTRY | changes]}


def test_a_file_has_a_line_for_each_finding_and_nothing_of_the_code(folder: Path) -> None:
    known = baseline({"b.py": "bad_secret()\nbad_secret()\n", "a/ä.py": "bad()\n"}, folder)

    text = as_text(known)

    assert text.splitlines()[:4] == [
        "{",
        '  "version": 1,',
        f'  "tool": {{"name": "chatkit-doctor", "version": "{chatkit_doctor.__version__}"}},',
        '  "findings": [',
    ]
    entries = text.splitlines()[4:-2]
    assert [json.loads(line.rstrip(",")) for line in entries] == json.loads(text)["findings"]
    assert [json.loads(line.rstrip(","))["path"] for line in entries] == ["a/ä.py", "b.py", "b.py"]
    assert "secret" not in text


def test_equal_findings_make_an_equal_text(folder: Path) -> None:
    text = as_text(baseline({"b.py": "bad()\n", "a.py": "bad()\n"}, folder))

    assert as_text(baseline({"a.py": "\n\n  bad()\n", "b.py": "bad()\n"}, folder)) == text


def test_a_baseline_of_nothing_is_one(folder: Path) -> None:
    write_baseline(baseline({}, folder), [])

    assert '"findings": []' in (folder / "chatkit-doctor-baseline.json").read_text()
    assert read_baseline(folder / "chatkit-doctor-baseline.json").entries == ()


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.builds(
            KnownFinding,
            st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1), min_size=1).map(
                lambda parts: os.path.normpath("/".join(["x", *parts]))
            ),
            st.integers(100, 999).map(lambda number: f"CK{number}"),
            st.integers(0, 2**64 - 1).map(lambda number: f"{number:016x}"),
        )
    )
)
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, entries: list[KnownFinding]) -> None:
    path = tmp_path_factory.mktemp("made") / "b.json"
    made = Baseline(path, path.parent, tuple(sorted(entries)))

    write_baseline(made, [])

    assert read_baseline(path) == made


def test_a_name_that_is_not_utf_8_survives(folder: Path) -> None:
    path = folder / "b.json"
    made = Baseline(path, folder, (KnownFinding("\udcff.py", "CK101", "0" * 16),))

    write_baseline(made, [])

    assert path.read_bytes().decode("utf-8")
    assert read_baseline(path) == made


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "line 1 is not JSON: expecting value"),
        (b'{"version": 1,\n"findings": [', "line 2 is not JSON: expecting value"),
        (b'{\n<<<<<<< HEAD\n"version": 1}', "line 2 is not JSON: expecting property name enclosed in double quotes"),
        (b'{"version": 1} trailing', "line 1 is not JSON: extra data"),
        (b'{"version', "line 1 is not JSON: unterminated string"),
        (b'{"\x01": 1}', "line 1 is not JSON: invalid control character"),
        (b'{"version": "\xff"}', "byte 13 is not valid UTF-8"),
        (b"\xff\xfe{\0}\0", "byte 0 is not valid UTF-8"),
        (b"[" * 1_000_000, "it is nested too deeply"),
        (b'{"version": 1, "findings": ' + b'{"a":' * 500_000, "it is nested too deeply"),
        (b'{"version": NaN, "findings": []}', "it is not JSON: NaN is no number"),
        (b'{"version": 1, "findings": [-Infinity]}', "it is not JSON: -Infinity is no number"),
        (b'{"version": ' + b"9" * 5000 + b', "findings": []}', "it is not JSON: exceeds the limit"),
        (b'{"version": 1, "findings": [], "findings": []}', 'the key "findings" is there twice'),
        (b'{"a\\u001b]0;": 1, "a\\u001b]0;": 1}', 'the key "a\\u001b]0;" is there twice'),
        ([], "it is not a baseline: an object with 'version' and 'findings' is needed"),
        ("text", "it is not a baseline: an object with 'version' and 'findings' is needed"),
        ({"version": 1}, "it is not a baseline: an object with 'version' and 'findings' is needed"),
        ({"name": "x", "dependencies": {}}, "it is not a baseline: an object with"),
        ({"version": "1", "findings": []}, "'version' is \"1\", and a baseline's is 1"),
        ({"version": True, "findings": []}, "'version' is true, and a baseline's is 1"),
        ({"version": -1, "findings": []}, "'version' is -1, and a baseline's is 1"),
        ({"version": 1.0, "findings": []}, "'version' is 1.0, and a baseline's is 1"),
        ({"version": 2, "findings": []}, "it has version 2, written by a newer chatkit-doctor; this one reads 1"),
        ({"version": 1, "findings": {}}, "'findings' is an object, not a list"),
        ({"version": 1, "findings": None}, "'findings' is null, not a list"),
        ({"version": 1, "findings": [ENTRY, 7]}, "finding 2 is 7, not an object"),
        ({"version": 1, "findings": [{}]}, "finding 1 has no 'path'"),
        (with_entry(path=["a.py"]), "finding 2: 'path' is a list, not the path of a file"),
        (with_entry(path=""), "finding 2: 'path' is \"\", not the path of a file"),
        (with_entry(path="a\0.py"), "finding 2: 'path' is \"a\\u0000.py\", not the path of a file"),
        (with_entry(path="/etc/passwd"), "finding 2: 'path' is \"/etc/passwd\", not relative to the baseline's folder"),
        (with_entry(code="E501"), "finding 2: 'code' is \"E501\", not a rule's code"),
        (with_entry(code=-3), "finding 2: 'code' is -3, not a rule's code"),
        (with_entry(fingerprint=None), "finding 2: 'fingerprint' is null, not 16 hexadecimal digits"),
        (with_entry(fingerprint="x" * 9_999), f"finding 2: 'fingerprint' is \"{'x' * 39}…, not 16 hexadecimal digits"),
    ],
)
def test_what_is_no_baseline_is_one_line(content: Any, reason: str) -> None:
    told = complaint(saved(content))

    assert told.startswith(reason)
    assert len(told) < 200


def test_a_byte_order_mark_and_unknown_keys_are_no_matter() -> None:
    data = json.dumps(with_entry(path="./lib/../app.py", more=1) | {"made_by": {}}).encode()

    entries = read_baseline(saved(b"\xef\xbb\xbf" + data)).entries

    assert entries == (KnownFinding("app.py", "CK101", "0123456789abcdef"),) * 2


def test_what_is_no_file_is_one_line(folder: Path) -> None:
    Path("loop").symlink_to("loop")
    Path("dangling").symlink_to("nowhere")
    os.mkfifo("pipe")

    assert complaint(Path("gone.json")) == "there is no such file; `chatkit-doctor baseline` writes one"
    assert complaint(Path("loop")) == "its symbolic links form a loop"
    assert complaint(Path("dangling")) == "it is not there any more"
    assert complaint(Path("pipe")) == "it is a named pipe, not a regular file"
    assert complaint(folder) == "it is a folder, not a regular file"


def test_names_steer_no_terminal() -> None:
    with pytest.raises(BaselineError, match=r"^a\\x1b\[31m\.json: there is no such file"):
        read_baseline(Path("a\x1b[31m.json"))


def test_ten_megabytes_are_read_and_what_is_far_more_is_not() -> None:
    line = json.dumps(ENTRY)
    number = 10_000_000 // len(line)
    path = saved(f'{{"version": 1, "findings": [{", ".join([line] * number)}]}}'.encode())

    assert len(read_baseline(path).entries) == number

    with path.open("r+b") as file:
        file.truncate(51_000_000)
    assert complaint(path) == "it is 51.0 MB, over the 50 MB that are read"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)
ALMOST = st.fixed_dictionaries(
    {"version": st.just(1) | JSON, "findings": st.lists(JSON | st.fixed_dictionaries(dict.fromkeys(ENTRY, JSON)))}
)


@settings(deadline=None, derandomize=True)
@given(st.binary() | (JSON | ALMOST).map(lambda value: json.dumps(value).encode()))
def test_whatever_a_file_holds_is_read_or_refused_in_one_line(data: bytes) -> None:
    path = saved(data)
    try:
        read_baseline(path)
    except BaselineError as error:
        # Most of what is made is refused, and not all.
        assert not any(unicodedata.category(each) in {"Cc", "Zl", "Zp"} for each in str(error))  # noqa: PT017


def test_writing_replaces_a_baseline_and_keeps_its_permissions(folder: Path) -> None:
    write_baseline(baseline({"a.py": "bad()\n"}, folder), [])
    path = folder / "chatkit-doctor-baseline.json"
    path.chmod(0o640)

    write_baseline(baseline({"b.py": "bad()\n"}, folder), [])

    assert [each.path for each in read_baseline(path).entries] == ["b.py"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(folder.iterdir()) == [path]


@pytest.mark.parametrize("content", [b"", b"# Notes\n", b'{"version": 9, "findings": []}', b'{"name": "app"}'])
def test_writing_replaces_nothing_else(folder: Path, content: bytes) -> None:
    path = saved(content)

    with pytest.raises(BaselineError, match=r"^b\.json: it is not replaced, since it cannot be read as a baseline: "):
        write_baseline(Baseline(path, folder, ()), [])

    assert path.read_bytes() == content


def test_what_cannot_be_written_is_one_line(folder: Path) -> None:
    Path("file").touch()
    for name, reason in {
        "file/b.json": "it cannot be written: ",
        ".": "it is not replaced, since it cannot be read as a baseline: it is a folder",
    }.items():
        with pytest.raises(BaselineError, match=reason):
            write_baseline(Baseline(Path(name), folder, ()), [])


def test_a_file_on_another_drive_is_not_written_down(folder: Path) -> None:
    made = Baseline(Path("b.json"), folder, (KnownFinding("/elsewhere/a.py", "CK101", "0" * 16),))

    with pytest.raises(BaselineError, match=r"it cannot stand for /elsewhere/a\.py, which is on another drive"):
        write_baseline(made, [])

    assert not Path("b.json").exists()
