"""Examples that say one thing over and over: what a scan of them costs grows with them in proportion."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chatkit_doctor.checks.names import unknown_chatkit_module
from chatkit_doctor.finding import Finding
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.project.app import App
from chatkit_doctor.scanning.flow import Options, run
from tests.projects import write_exactly
from tests.torture.repeating import Repeated, repetitions
from tests.torture.scale import IS_WHOLE, amount, chance, grows_in_proportion

# In characters. From some ten thousand on, what takes time with the square takes more of it than all else.
_LARGEST = amount(64_000, 128_000)


def _tried() -> Iterator[Repeated]:
    """Yield all that can be repeated; in the test run something of some pages, of others with each seed."""
    draw = chance("repetition")
    every = sorted(pages().items())
    for _, page in every if IS_WHOLE else draw.sample(every, 8):
        found = list(repetitions(page))
        yield from found if IS_WHOLE or not found else [draw.choice(found)]


@pytest.mark.parametrize("repeated", list(_tried()), ids=str)
def test_what_is_said_over_and_over_takes_time_in_proportion(repeated: Repeated, tmp_path: Path) -> None:
    _takes_time_in_proportion(repeated, tmp_path, _LARGEST)


def test_a_rule_that_takes_time_with_the_square_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def from_each_name_to_all_nodes(app: App) -> Iterator[Finding]:
        for module in app.modules():
            assert sum(1 for _ in module.nodes(ast.Name) for _ in ast.walk(module.tree)) >= 0
        return iter(())

    monkeypatch.setattr(unknown_chatkit_module, "unknown_chatkit_module", from_each_name_to_all_nodes)
    repeated = next(repetitions(pages()["CK301"]))

    with pytest.raises(AssertionError, match=r"s for 4000, .* s for 16000"):
        _takes_time_in_proportion(repeated, tmp_path, 16_000)


def _takes_time_in_proportion(repeated: Repeated, root: Path, largest: int) -> None:
    def work(size: int) -> Callable[[], object]:
        write_exactly(root / str(size), repeated.files(size))
        return lambda: _scan(root / str(size))

    work(2)()  # what is loaded and made once is not the example's
    grows_in_proportion(work, largest, largest // 4)


def _scan(root: Path) -> None:
    assert run([root], Options()).internal_errors == []
