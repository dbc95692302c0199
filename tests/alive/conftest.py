"""What the broken and mended copies of the reference app run on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.alive.bench import Bench
from tests.alive.building import Builder
from tests.reference.browser import Site
from tests.reference.harness import listen, url_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.standin.provider import Provider


@pytest.fixture(scope="session")
def bench(listening: Provider, installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    with (
        listen() as listener,
        Site(tmp_path_factory.mktemp("dist")) as site,
        Builder(installed, url_of(listener)) as builder,
    ):
        yield Bench(listener, site, installed, builder, listening)
