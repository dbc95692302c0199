"""CK201 against Python: what it says a class lacks is what the real abstract classes say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.checks.scanning import Folder

METHODS = ("load_thread", "save_item", "delete_attachment")


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "CK201")


@st.composite
def hierarchies(draw: st.DrawFn) -> str:
    """Draw a file of mixins and stores that inherit from each other in any order."""
    classes: list[str] = []
    lines = ["from chatkit.store import AttachmentStore, Store"]
    for number in range(draw(st.integers(1, 4))):
        bases = draw(st.lists(st.sampled_from([*classes, "Store", "AttachmentStore"]), max_size=3, unique=True))
        own = draw(st.lists(st.sampled_from(METHODS), max_size=2, unique=True))
        body = "".join(f"\n    async def {name}(self): ..." for name in own) or " ..."
        lines.append(f"class C{number}{'(' + ', '.join(bases) + ')' if bases else ''}:{body}")
        classes.append(f"C{number}")
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(hierarchies())
def test_the_last_class_lacks_what_python_says_it_lacks(folder: Folder, text: str) -> None:
    pytest.importorskip("chatkit.store")
    space: dict[str, Any] = {}
    try:
        exec(text, space)  # noqa: S102 -- the classes of the file are compared with what is read of them
    except TypeError:
        return  # Python finds no order for the bases
    name, last = [(name, value) for name, value in space.items() if name.startswith("C")][-1]
    found = [each for each in folder.findings(text + f"{name}()\n") if each.at.text == name]
    said = set(found[0].message.rpartition(": ")[2].split(", ")) if found else set()
    assert said == set(getattr(last, "__abstractmethods__", ()))
