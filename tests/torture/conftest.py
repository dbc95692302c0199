"""The judges of web files, installed once for all programs."""

from __future__ import annotations

import pytest

from tests.shared import once
from tests.torture.judging.web import WebJudges, are_here, install


@pytest.fixture(scope="session")
def judges(tmp_path_factory: pytest.TempPathFactory) -> WebJudges | None:
    """Return tsc, esbuild and node; None where there is no npm, and Python alone is judged."""
    if not are_here():
        return None
    return WebJudges(tmp_path_factory.mktemp("judges"), once(tmp_path_factory, "judging", install))
