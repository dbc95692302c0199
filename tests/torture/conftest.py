"""The judges of web files, installed once for all programs."""

from __future__ import annotations

import pytest

from tests.torture.judging.web import WebJudges, are_here


@pytest.fixture(scope="session")
def judges(tmp_path_factory: pytest.TempPathFactory) -> WebJudges | None:
    """Return tsc, esbuild and node; None where there is no npm, and Python alone is judged."""
    return WebJudges(tmp_path_factory.mktemp("judges")) if are_here() else None
