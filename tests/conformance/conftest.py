"""What the models' clients ask for, in the environment of a test."""

from __future__ import annotations

import os

import pytest

from chatkit_doctor.conformance.model import redirect


@pytest.fixture
def model_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set what lets clients be made; what was set for the test is put back at its end."""
    monkeypatch.setattr("os.environ", os.environ.copy())
    redirect.prepare()
