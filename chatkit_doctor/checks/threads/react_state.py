"""Reading the saved thread once for a React component: state with a first value, and the import that it needs.

useChatKit hands options to the element again whenever one of them has another value, so a value that is read
anew at each rendering would not do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.checks.threads.storage_text import semicolon
from chatkit_doctor.finding import Edit
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.values import ObjectValue
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import FUNCTIONS, first_of, without_comments
from chatkit_doctor.web.writing.literals import indentation, insert_import

if TYPE_CHECKING:
    from tree_sitter import Node

STATE = "savedThread"
_HOOK = "useState"


def state_edits(site: OptionsSite, options: ObjectValue, reading: str) -> list[Edit]:
    """Return the edits that read the thread into a state, [] where the call is not in the body of a component."""
    document = options.document
    statement = _statement_in_component(options.node)
    if site.kind is not SiteKind.HOOK or statement is None or lookup(document, options.node, STATE) is not None:
        return []
    hook, edits = _hook(document)
    source = document.source
    start = document.location(statement).start
    line = f"const [{STATE}] = {hook}(() => {reading}){semicolon(document)}"
    gap = f"{source.newline}{indentation(source, start)}"
    return [*edits, Edit(source.location(start, start), f"{line}{gap}")]


def _statement_in_component(node: Node) -> Node | None:
    """Return the statement around a node that stands directly in the body of a function."""
    current: Node | None = node
    while current is not None and current.type not in FUNCTIONS:
        parent = current.parent
        if parent is not None and parent.type == "statement_block":
            function = parent.parent
            return current if function is not None and function.type in FUNCTIONS else None
        current = parent
    return None


def _hook(document: Document) -> tuple[str, list[Edit]]:
    """Return how the file names the hook, and the edits that import it where it does not."""
    for statement in document.find("import_statement"):
        source = statement.child_by_field_name("source")
        if source is None or document.text(source)[1:-1] != "react" or "import type" in document.text(statement)[:11]:
            continue
        clause = first_of(statement, "import_clause")
        names = first_of(clause, "named_imports") if clause is not None else None
        if names is not None and without_comments(names):
            return _HOOK, _extended(document, without_comments(names))
        default = first_of(clause, "identifier") if clause is not None else None
        space = first_of(clause, "namespace_import") if clause is not None else None
        if default is not None or space is not None:
            return f"{document.text(default or space.named_children[0])}.{_HOOK}", []  # type: ignore[union-attr]
    return _HOOK, insert_import(document, f"{{ {_HOOK} }}", "react")


def _extended(document: Document, names: list[Node]) -> list[Edit]:
    if any(document.text(each) == _HOOK for each in names):
        return []
    end = document.location(names[-1]).end
    return [Edit(document.source.location(end, end), f", {_HOOK}")]
