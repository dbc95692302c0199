"""Where programs use a global called ChatKit, which the script that defines the element does not make."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import COMPONENT, TAG
from chatkit_doctor.frontend.page.scripts import loaded_scripts
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

_WINDOWS = frozenset({"window", "globalThis", "self"})
# What makes the global itself, in whatever file of the app.
_MADE = regex(
    rf"(?:window|globalThis|self|root|global)(?:\s+as\s+any\))?\s*(?:\.\s*{COMPONENT}\b|\[['\"]{COMPONENT}['\"]\])\s*\??=(?!=)"
    rf"|^\s*(?:export\s+)?(?:var|let|const|class|function)\s+{COMPONENT}\b|\.name\s*=\s*['\"]{COMPONENT}['\"]|@pusher/chatkit"
)


@dataclass(frozen=True, slots=True, eq=False)
class GlobalUse:
    """One use of the global. node: its name, with the window where that is written.

    called: the method of it that is called, "" where it is made new. window: whether a window is named before it.
    """

    document: Document
    node: Node
    called: str
    window: bool


def global_uses(app: App) -> Iterator[GlobalUse]:
    """Yield the calls of a global ChatKit in files that are about OpenAI's, where nothing of the app makes it."""
    if any(_MADE.search(document.source.text) for document in app.documents()):
        return
    for document in app.documents():
        if f"{COMPONENT}." not in document.source.text and f"{COMPONENT}(" not in document.source.text:
            continue
        if app.is_test_or_story(document.path) or not _is_about_openais(app, document):
            continue
        for node in (*document.find("call_expression"), *document.find("new_expression")):
            found = _use(document, node)
            if found is not None:
                yield found


def _is_about_openais(app: App, document: Document) -> bool:
    """Return whether a file mounts the element or loads its script, and no other script that may make the global."""
    scripts = list(loaded_scripts(app.evaluator, document))
    return all(each.is_right for each in scripts) and (bool(scripts) or TAG in document.source.text)


def _use(document: Document, node: Node) -> GlobalUse | None:
    made = node.type == "new_expression"
    callee = field(node, "constructor") if made else field(node, "function")
    if callee is None:
        return None
    called = ""
    if not made:
        name = field(callee, "property") if callee.type == "member_expression" else None
        owner = field(callee, "object") if name is not None else None
        if owner is None or name is None:
            return None
        called, callee = document.text(name), owner
    if callee.type == "identifier" and document.text(callee) == COMPONENT:
        return GlobalUse(document, callee, called, window=False) if lookup(document, callee) is None else None
    owner, name = field(callee, "object"), field(callee, "property")
    is_window = owner is not None and document.text(owner) in _WINDOWS
    is_it = name is not None and document.text(name) == COMPONENT
    return GlobalUse(document, callee, called, window=True) if is_window and is_it else None
