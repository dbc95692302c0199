"""The broken app, repaired once for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.broken.harness import repaired_copy

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def repaired(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the broken app after `chatkit-doctor scan --fix --unsafe-fixes`."""
    return repaired_copy(tmp_path_factory.mktemp("repaired"))
