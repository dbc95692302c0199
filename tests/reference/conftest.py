"""The reference app as several modules of this folder run it."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.reference.browser import Site, build_frontend
from tests.reference.harness import APP, model_of, running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.reference.harness import Backend
    from tests.standin.provider import Provider


@pytest.fixture(scope="session")
def module() -> Iterator[Any]:
    """Return a function that imports a module of the backend; mypy knows of none."""
    sys.path.insert(0, str(APP / "backend"))
    yield lambda name: importlib.import_module(f"app.{name}")
    sys.path.remove(str(APP / "backend"))


@pytest.fixture(scope="session")
def backend(listening: Provider, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Backend]:
    """Run the backend on a SQLite file and, by way of LiteLLM, on the stand-in provider."""
    folder = tmp_path_factory.mktemp("backend")
    with running(
        folder / "uvicorn.log",
        DATABASE=str(folder / "chat.db"),
        ALLOWED_ORIGINS=f"http://localhost:5173,{site.origin}",
        **model_of(listening),
    ) as served:
        yield served


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Serve a folder for the built frontend, whose address the backend has to know before there is a build."""
    with Site(tmp_path_factory.mktemp("dist")) as served:
        yield served


@pytest.fixture(scope="session")
def frontend(site: Site, backend: Backend, installed: Path) -> str:
    """Build the frontend for the backend; return its address."""
    build_frontend(installed, site.folder, backend.url)
    return site.origin
