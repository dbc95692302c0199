"""The flow of a scan: rules that crash, fixes that crash, what is reported and what counts."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.checks.loading import Check, rules
from chatkit_doctor.finding import Applicability, Finding, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.scanning.checking import CHATKIT, needles_of
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.scanning.selection import ScanError
from tests.commands import call
from tests.projects import write_files

BAD_IMPORT = "from chatkit.stores import Store\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a project with one finding in each of two files."""
    write_files(tmp_path, {"a.py": BAD_IMPORT, "b.py": BAD_IMPORT})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def replace(monkeypatch: pytest.MonkeyPatch, code: str, check: Check) -> None:
    """Put a check of ours in the place of a rule's."""
    module = rules()[code].module
    monkeypatch.setattr(importlib.import_module(module), module.rpartition(".")[2], check)


def crashing(app: App) -> Iterator[Finding]:
    """Find something in the first file and crash in the second."""
    for module in app.modules():
        if module.source.path.name == "b.py":
            raise ZeroDivisionError("of all things")
        yield Finding("CK301", module.source.location(0, 4), "a message", label="a label", help="some help")


def endless(app: App) -> Iterator[Finding]:
    next(app.modules())
    return endless(app)


# A check that crashes


@pytest.mark.parametrize("check", [crashing, endless])
def test_a_check_that_crashes_is_noted_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch, check: Check) -> None:
    replace(monkeypatch, "CK301", check)

    result = run([Path()], Options())

    (error,) = result.internal_errors
    assert error.code == "CK301"
    assert error.path == Path.cwd() / ("b.py" if check is crashing else "a.py")
    assert error.error.startswith(("ZeroDivisionError: of all things", "RecursionError: "))
    assert check.__name__ in error.traceback
    codes = [(finding.code, finding.at.path.name) for finding in result.findings]
    found_before = [("CK301", "a.py")] if check is crashing else []
    assert codes == [*found_before, ("CK101", "a.py"), ("CK101", "b.py")]


@pytest.mark.parametrize(
    "flags",
    [[], ["--format", "concise"], ["--format", "json"], ["--quiet"], ["--fix"], ["--diff"], ["--exit-zero"]],
)
def test_a_crash_is_said_once_with_rule_and_file_and_exits_with_2(
    monkeypatch: pytest.MonkeyPatch, flags: list[str]
) -> None:
    replace(monkeypatch, "CK301", crashing)

    outcome = call("scan", *flags)

    said = outcome.stdout + outcome.stderr
    assert outcome.code == 2
    assert said.count("internal error: CK301 crashed at b.py: ZeroDivisionError: of all things\n") == 1
    assert "Traceback" not in said
    assert "CK101" in outcome.stdout or "+from chatkit.store import Store" in outcome.stdout
    if "json" in flags:
        assert len(json.loads(outcome.stdout)["findings"]) == 3


def test_verbose_shows_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    replace(monkeypatch, "CK301", crashing)

    assert "Traceback (most recent call last)" in call("scan", "--verbose").stdout


def test_an_interrupt_is_not_taken_for_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_: App) -> Iterator[Finding]:
        raise KeyboardInterrupt

    replace(monkeypatch, "CK301", interrupted)

    with pytest.raises(KeyboardInterrupt):
        run([Path()], Options())


# A fix that crashes


def with_crashing_fix(app: App) -> Iterator[Finding]:
    def build() -> list[object]:
        raise ZeroDivisionError("of all things")

    module = next(app.modules())
    fix = Fix("mend it", Applicability.SAFE, build)  # type: ignore[arg-type]
    yield Finding("CK301", module.source.location(0, 4), "a message", label="a label", help="some help", fix=fix)


@pytest.mark.parametrize("flags", [[], ["--format", "json"], ["--fix"], ["--diff"]])
def test_a_fix_that_crashes_is_noted_and_its_finding_stays(
    monkeypatch: pytest.MonkeyPatch, project: Path, flags: list[str]
) -> None:
    replace(monkeypatch, "CK301", with_crashing_fix)

    outcome = call("scan", *flags)

    said = outcome.stdout + outcome.stderr
    assert outcome.code == 2
    assert said.count("internal error: CK301 crashed at a.py: ZeroDivisionError: of all things\n") == 1
    if "--diff" not in flags:
        assert "a message" in outcome.stdout
    mended = "from chatkit.store import Store\n"
    assert (project / "b.py").read_text() == (mended if flags == ["--fix"] else BAD_IMPORT)


def test_a_fix_without_edits_is_not_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    def with_empty_fix(app: App) -> Iterator[Finding]:
        at = next(app.modules()).source.location(0, 4)
        yield Finding("CK301", at, "a message", fix=Fix("mend it", Applicability.SAFE, list))

    replace(monkeypatch, "CK301", with_empty_fix)

    document = json.loads(call("scan", "--select", "CK301", "--format", "json").stdout)
    assert document["findings"][0]["fix"] is None
    assert "mends" not in call("scan", "--select", "CK301").stdout


# The rest of the flow


def test_findings_come_in_the_order_of_path_and_place(project: Path) -> None:
    write_files(project, {"0.py": "import chatkit.models\nfrom chatkit.server import Event\nimport chatkit.stores\n"})

    found = [(finding.at.path.name, finding.at.first.line) for finding in run([Path()], Options()).findings]

    assert found == [("0.py", 1), ("0.py", 2), ("0.py", 3), ("a.py", 1), ("b.py", 1)]


def test_a_rule_is_not_run_unless_it_is_selected(monkeypatch: pytest.MonkeyPatch) -> None:
    replace(monkeypatch, "CK301", crashing)

    assert run([Path()], Options(select=("CK1",))).internal_errors == []


def test_only_the_files_that_the_selected_rules_are_about_are_looked_at() -> None:
    assert (needles_of(["CK301"]).python, needles_of(["CK301"]).web) == (CHATKIT, ())
    assert (needles_of(["CK401"]).python, needles_of(["CK401"]).web) == ((), CHATKIT)
    assert (needles_of(["CK903"]).python, needles_of(["CK903"]).web) == (CHATKIT, CHATKIT)


def test_nothing_is_written_by_a_scan(project: Path) -> None:
    result = run([Path()], Options(fix=True, unsafe_fixes=True))

    assert result.fix_result is not None
    assert set(result.fix_result.texts) == {project / "a.py", project / "b.py"}
    assert (project / "a.py").read_text() == BAD_IMPORT
    assert sorted(path.name for path in project.iterdir()) == ["a.py", "b.py"]


def test_a_call_that_is_wrong_raises_before_anything_is_read() -> None:
    for paths, options in (
        ([Path("nowhere")], Options()),
        ([Path()], Options(select=("nonsense",))),
        ([Path()], Options(targets=("nonsense=1",))),
    ):
        with pytest.raises(ScanError) as raised:
            run(paths, options)
        assert "\n" not in str(raised.value)
