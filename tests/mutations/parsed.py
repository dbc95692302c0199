"""What one scan has parsed, kept for the next of a tree that differs in one file: a third of what a scan costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.project.tree import Tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import pytest

    from chatkit_doctor.python.module import Module
    from chatkit_doctor.source import Source
    from chatkit_doctor.web.document import Document

_PARSED = frozenset({".py", ".ts", ".tsx", ".html"})


def share_what_is_parsed(patch: pytest.MonkeyPatch, app: Path) -> None:
    """Parse each text of an app once at each path, as an editor's looks at one project do (`Project.with_texts`).

    Nothing else is kept, or what differs in each copy of the app would fill the memory.
    """
    files = (path for path in app.rglob("*") if path.suffix in _PARSED and "node_modules" not in path.parts)
    texts = {path.read_text("utf-8") for path in files}
    sources: dict[tuple[Path, str, str, bytes], Source] = {}
    modules: dict[Source, Module] = {}
    documents: dict[Source, Document] = {}
    read_source: Callable[[Tree, Path], Source | None] = Tree._read_source
    parse: Callable[[Tree, Path], Module | None] = Tree._parse
    parse_web: Callable[[Tree, Path], Document | None] = Tree._parse_web

    def known_source(tree: Tree, path: Path) -> Source | None:
        source = read_source(tree, path)
        if source is None or source.text not in texts:
            return source
        return sources.setdefault((path, source.text, source.encoding, source.bom), source)

    def known_module(tree: Tree, path: Path) -> Module | None:
        source = tree.source(path)
        if source is None or source not in modules:
            module = parse(tree, path)
            if source is None or module is None or source.text not in texts:
                return module
            modules[source] = module
        return modules[source]

    def known_document(tree: Tree, path: Path) -> Document | None:
        source = tree.source(path)
        if source is None or source not in documents:
            document = parse_web(tree, path)
            if source is None or document is None or source.text not in texts:
                return document
            documents[source] = document
        return documents[source]

    patch.setattr(Tree, "_read_source", known_source)
    patch.setattr(Tree, "_parse", known_module)
    patch.setattr(Tree, "_parse_web", known_document)
