"""What a rule says of code, `check` shows by running it: a planted error fails a property that the table names for it.

After the fix the same properties hold. CHECK_PYTHON names the interpreter of an environment with other releases.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chatkit_doctor.conformance.properties import properties
from chatkit_doctor.scanning.flow import Options, run
from chatkit_doctor.scanning.writing import write
from tests.mutations.app import Mutation, copy_app, plant
from tests.mutations.bench import IS_OTHER, CheckBench, Verdict, properties_of, subjects_of
from tests.mutations.edits import EDITS
from tests.mutations.rows import ROWS
from tests.torture.scale import IS_WHOLE

# What is in the table because it means the same, and what no run of the reference app can show.
UNSHOWN = {
    "CK201": "there is no instance that could be asked",
    "CK204": "two of 32 bits are the same once in 77,000",
    "CK215": "the rows of its table are no items",
}
# What harms nobody where it is planted, what lacks a field on the way of an error, which does not occur, what is of
# files, which the app takes by HTTP, and an MCP server of a module's own, which the app's start may connect.
UNSHOWN_ONE = {
    *("CK111-thread-and-date", "CK111-thread", "CK111-known-by-another-name", "CK111-text-by-position"),
    *("CK111-id-by-position", "CK111-last-word-of-the-name", "CK111-nothing-to-fill-in"),
    *("CK112-cursor-to-the-front", "CK112-error-for-message", "CK112-field-of-older-releases"),
    *("CK114-constructor", "CK317-not-connected"),
}
# A store in memory ends with the process; the SDK's own feedback and action do nothing.
_SKIPPED = {
    "memory": {"restart"},
    "sqlite": set(),
    "server": {"feedback", "action"},
    "server_in_memory": {"feedback", "action"},
}
# Up to 0.18 the Agents SDK takes what ChatKit's converter makes of an answer for Chat Completions.
NEWER = {"CK306"} if IS_OTHER else set()
RULES = {code for each in properties().values() for code in each.rules if code[2] in "123"} - set(UNSHOWN)
EVERY = [each for each in (*ROWS, *EDITS) if each.code in RULES and str(each) not in UNSHOWN_ONE]
# One of each rule; all with `make torture`, and where another environment is asked for.
MUTATIONS = EVERY if IS_WHOLE or IS_OTHER else list({each.code: each for each in reversed(EVERY)}.values())[::-1]


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CheckBench]:
    with CheckBench(tmp_path_factory.mktemp("checked")) as bench:
        yield bench


def verdicts(bench: CheckBench, app: Path, mutation: Mutation) -> dict[str, Verdict]:
    found = {}
    for subject in subjects_of([each.path for each in mutation.edits]):
        if names := properties_of(mutation.code, subject):
            found[subject] = bench.verdict(app, subject, names)
    assert [each.error for each in found.values() if each.error] == []
    return found


@pytest.mark.parametrize("mutation", MUTATIONS, ids=str)
def test_check_fails_with_the_error_and_passes_without_it(
    mutation: Mutation, bench: CheckBench, tmp_path: Path
) -> None:
    app = copy_app(tmp_path / "app")
    plant(mutation.edits, app)

    planted = verdicts(bench, app, mutation)
    assert any(each.failed for each in planted.values()) != (mutation.code in NEWER)

    if mutation.fixable:
        mended = run([app], Options(fix=True, unsafe_fixes=True))
        assert mended.fix_result is not None
        assert write(mended.fix_result, mended.project) == []
        mended_app = verdicts(bench, app, mutation)
        wrong = [
            each.failed | {name: why for name, why in each.skipped.items() if name not in planted[subject].skipped}
            for subject, each in mended_app.items()
        ]
        assert [each for each in wrong if each] == []


def test_every_rule_of_the_table_is_shown() -> None:
    assert {each.code for each in MUTATIONS} == RULES


@pytest.mark.parametrize("subject", ["memory", "sqlite", "server", "server_in_memory"])
def test_the_app_as_it_stands_holds_to_everything(subject: str, bench: CheckBench, tmp_path: Path) -> None:
    verdict = bench.verdict(copy_app(tmp_path / "app"), subject, ())

    assert (verdict.error, verdict.failed) == ("", {})
    assert set(verdict.skipped) == _SKIPPED[subject]
