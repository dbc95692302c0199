"""The folder that every test of ignore comments works in."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.suppressions.making import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)
