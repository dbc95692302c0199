from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import Any

import pytest

from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.scanning.selection import ScanError, codes_matching, select_codes, select_files
from tests.projects import write_files


def names(paths: tuple[Path, ...], root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in paths]


# Which files


def test_a_folder_means_its_files_and_nothing_around_it(tmp_path: Path) -> None:
    write_files(tmp_path, {"app/a.py": "", "app/web/b.ts": "", "app/package.json": "{}", "c.py": ""})

    selection = select_files([tmp_path / "app"])

    assert names(selection.scanned, tmp_path) == ["app/a.py", "app/web/b.ts"]
    assert names(selection.listing.files, tmp_path) == ["app/a.py", "app/package.json", "app/web/b.ts"]


@pytest.mark.parametrize("marker", ["pyproject.toml", "package.json", "requirements.txt", "setup.cfg"])
def test_a_file_means_itself_in_the_folder_with_a_manifest(tmp_path: Path, marker: str) -> None:
    write_files(tmp_path, {f"app/{marker}": "", "app/src/a.py": "", "app/b.py": "", "c.py": ""})

    selection = select_files([tmp_path / "app" / "src" / "a.py"])

    assert names(selection.scanned, tmp_path) == ["app/src/a.py"]
    assert set(names(selection.listing.files, tmp_path)) == {"app/b.py", f"app/{marker}", "app/src/a.py"}


def test_a_repository_is_the_project_of_its_files_whatever_manifests_it_holds(tmp_path: Path) -> None:
    write_files(tmp_path, {".git/HEAD": "", "web/package.json": "{}", "web/a.ts": "", "api/b.py": ""})

    selection = select_files([tmp_path / "web" / "a.ts"])

    assert set(names(selection.listing.files, tmp_path)) == {"api/b.py", "web/a.ts", "web/package.json"}


def test_a_file_in_no_project_is_looked_at_with_its_folder(tmp_path: Path) -> None:
    write_files(tmp_path, {"x/a.py": "", "x/b.py": "", "c.py": ""})

    selection = select_files([tmp_path / "x" / "a.py"])

    assert names(selection.listing.files, tmp_path) == ["x/a.py", "x/b.py"]


def test_a_file_of_a_folder_that_is_asked_for_too_needs_no_other_context(tmp_path: Path) -> None:
    write_files(tmp_path, {".git/HEAD": "", "x/a.py": "", "y.py": ""})

    selection = select_files([tmp_path / "x", tmp_path / "x" / "a.py"])

    assert names(selection.listing.files, tmp_path) == ["x/a.py"]


def test_a_path_is_taken_from_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, {"x/a.py": "", "y/b.py": ""})
    monkeypatch.chdir(tmp_path / "y")

    assert names(select_files([Path("../x/.")]).scanned, tmp_path) == ["x/a.py"]


def test_only_what_was_asked_for_is_reported_and_written(tmp_path: Path) -> None:
    write_files(tmp_path, {"package.json": "{}", "x/a.py": "", "x/b.py": "", "xy/c.py": ""})
    folder, file = select_files([tmp_path / "x"]), select_files([tmp_path / "x" / "a.py"])

    for name, by_folder, by_file in (("x/a.py", True, True), ("x/b.py", True, False), ("xy/c.py", False, False)):
        path = tmp_path / name
        assert (folder.is_requested(path), file.is_requested(path)) == (by_folder, by_file)
        assert (folder.may_write(path), file.may_write(path)) == (by_folder, by_file)


def test_a_link_out_of_what_was_asked_for_is_not_written(tmp_path: Path) -> None:
    write_files(tmp_path, {"x/real.py": "", "outside.py": ""})
    (tmp_path / "x" / "out.py").symlink_to(tmp_path / "outside.py")
    (tmp_path / "x" / "in.py").symlink_to(tmp_path / "x" / "real.py")
    (tmp_path / "link").symlink_to(tmp_path / "x")

    selection = select_files([tmp_path / "x"])
    assert not selection.may_write(tmp_path / "x" / "out.py")
    assert selection.may_write(tmp_path / "x" / "in.py")
    assert select_files([tmp_path / "link"]).may_write(tmp_path / "link" / "real.py")


def test_the_work_for_a_file_does_not_grow_with_how_many_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_files(tmp_path, {".git/HEAD": "", **{f"m{number}.py": "" for number in range(30)}})
    paths = sorted(tmp_path.glob("*.py"))
    calls: list[object] = []
    for owner, name in ((os.path, "realpath"), (PurePath, "is_relative_to")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name), calls))

    selection = select_files(paths)
    assert selection.scanned == tuple(paths)
    assert all(map(selection.may_write, paths))
    assert len(calls) <= 2 * len(paths)


def counted(function: Callable[..., Any], calls: list[object]) -> Callable[..., Any]:
    def call(*arguments: object) -> Any:
        calls.append(arguments)
        return function(*arguments)

    return call


def test_a_path_that_is_not_there_is_named_as_it_was_given() -> None:
    with pytest.raises(ScanError, match=r"^no/such: there is no such file or folder$"):
        select_files([Path("no/such")])


@pytest.mark.parametrize("exists", [True, False])
def test_standard_input_counts_as_the_file_that_it_stands_for(tmp_path: Path, exists: bool) -> None:
    write_files(tmp_path, {"package.json": "{}", "other.py": ""})
    path = tmp_path / "src" / "a.py"
    if exists:
        write_files(tmp_path, {"src/a.py": ""})

    selection = select_files([], path)

    assert selection.scanned == (path,)
    assert (path in selection.listing.files) is exists
    assert tmp_path / "other.py" in selection.listing.files


# Which rules


def test_all_rules_run_unless_something_is_said() -> None:
    assert select_codes([], []) == tuple(pages())


@pytest.mark.parametrize("selector", ["CK101", "ck101", " CK101 ", "unknown-chatkit-module", "Unknown-ChatKit-Module"])
def test_a_rule_goes_by_its_code_and_its_name(selector: str) -> None:
    assert codes_matching(selector) == ["CK101"]


def test_a_prefix_stands_for_all_codes_that_start_with_it() -> None:
    assert codes_matching("CK4") == [code for code in pages() if code.startswith("CK4")]
    assert codes_matching("CK") == list(pages())


def test_what_is_ignored_is_out_unless_it_is_selected_more_exactly() -> None:
    fours = codes_matching("CK4")
    assert select_codes(["CK4"], ["CK401"]) == tuple(code for code in fours if code != "CK401")
    assert select_codes(["CK401"], ["CK4"]) == ("CK401",)
    assert select_codes(["missing-domain-key"], ["CK4"]) == ("CK401",)
    assert select_codes(["missing-domain-key"], ["CK401"]) == ()
    assert select_codes(["CK401"], ["CK401"]) == ()
    assert select_codes(["CK4", "CK401"], ["CK40"]) == ("CK401", *(code for code in fours if code[:4] != "CK40"))


@pytest.mark.parametrize(
    ("selector", "nearest"),
    [
        ("CK3022", "CK302"),
        ("unknown-chatkit-modul", "unknown-chatkit-module"),
        ("UNKNOWN-CHATKIT-MODUL", "unknown-chatkit-module"),
        ("101", "CK101"),
    ],
)
def test_an_unknown_selector_names_the_nearest(selector: str, nearest: str) -> None:
    with pytest.raises(ScanError, match=f"'{selector}'; the nearest is {nearest}"):
        codes_matching(selector)


@pytest.mark.parametrize("selector", ["", " ", "xyzzy", "chatkit"])
def test_a_selector_that_is_like_nothing_names_nothing(selector: str) -> None:
    with pytest.raises(ScanError) as raised:
        codes_matching(selector)
    assert "nearest" not in str(raised.value)
