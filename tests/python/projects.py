"""Projects made of texts, for tests of what reads Python."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

from chatkit_doctor.budget import Budget
from chatkit_doctor.python.hierarchy import ClassView, Hierarchy
from chatkit_doctor.python.layout import Layout
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Names
from chatkit_doctor.python.symbols import Symbols
from chatkit_doctor.source import Source

ROOT = Path("/project")


def module(text: str, path: str = "app.py") -> Module:
    return Module(Source(ROOT / path, dedent(text)))


def names(text: str) -> Names:
    return Names(module(text))


class Files:
    """Modules by their paths, and the questions asked across them."""

    def __init__(self, texts: dict[str, str]) -> None:
        self.modules = {ROOT / path: module(text, path) for path, text in texts.items()}
        self.layout = Layout(
            self.modules, lambda path, pattern: pattern.search(self.modules[path].source.text.encode()) is not None
        )
        self.symbols = Symbols(self.layout, self.modules.get, Budget())
        self.hierarchy = Hierarchy(self.symbols, self.modules.values())

    def __getitem__(self, path: str) -> Module:
        return self.modules[ROOT / path]

    def view(self, name: str) -> ClassView:
        return next(view for view in self.hierarchy.views if view.name == name)
