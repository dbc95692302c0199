"""Who the user of a page is: how it tells the server, in the language of the page."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.migrate.backend import template
from chatkit_doctor.migrate.environment import Framework, PublicEnvironment
from chatkit_doctor.source import Source
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import walk, without_comments
from chatkit_doctor.web.writing.literals import indentation, insert_import

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.migrate.plan import Plan

FETCH = "fetchAsUser"
# Frameworks that make a route of every file of `pages`; Next does not build with one that is no component.
_ROUTED_BY_FILE = frozenset({Framework.NEXT, Framework.NUXT, Framework.ASTRO})
_TYPES = frozenset({"type_annotation", "type_arguments", "type_parameters"})


def import_user(plan: Plan, document: Document, env: PublicEnvironment) -> str:
    """Bring the function that fetches as the page's user into a file; return its name."""
    text = template("user.ts")
    if env.framework is Framework.NONE or (document.markup is not None and not document.is_component):
        _write_inline(plan, document, text)
        return FETCH
    is_typed = document.path.suffix in {".ts", ".tsx", ".mts"} or _is_typed_component(document)
    folder = document.path.parent
    shared = _folder_for_modules(folder, env)
    target = shared / ("chatkitUser.ts" if is_typed else "chatkitUser.js")
    made = text if is_typed else without_types(text)
    # The file is asked for when it is there already: a second mount of the same folder shares it.
    plan.texts.new.setdefault(target, made.encode())
    if FETCH not in document.source.text:
        way = "../" * len(folder.relative_to(shared).parts) or "./"
        plan.texts.apply(insert_import(document, f"{{ {FETCH} }}", f"{way}chatkitUser"))
    return FETCH


def _folder_for_modules(folder: Path, env: PublicEnvironment) -> Path:
    """Return where a module for the files of a folder goes: there, or above `pages` where each file is a route."""
    if env.framework in _ROUTED_BY_FILE:
        for top in (env.folder, env.folder / "src", env.folder / "app"):
            if folder.is_relative_to(top / "pages"):
                return top
    return folder


def without_types(text: str) -> str:
    """Return a TypeScript text as JavaScript: its annotations taken out."""
    document = Document(Source(Path("user.ts"), text))
    pieces, position = [], 0
    for node in _outermost(document):
        at = document.location(node)
        pieces.append(text[position : at.start])
        position = at.end
    plain = "".join([*pieces, text[position:]])
    return re.sub(r"(\w)\?(?=\s*[,)])", r"\1", plain)


def _outermost(document: Document) -> list[Node]:
    found: list[Node] = []
    for script in document.scripts:
        for node in walk(script.root, prune=_TYPES):
            if node.type in _TYPES and not (found and node.start_byte < found[-1].end_byte):
                found.append(node)
    return found


def _write_inline(plan: Plan, document: Document, text: str) -> None:
    """Write the functions above the first statement of the script that mounts the chat."""
    if f"const {FETCH} =" in document.source.text:
        return
    script = next((each for each in document.scripts if "getClientSecret" in document.text(each.root)), None)
    statements = without_comments(script.root) if script is not None else []
    if not statements:
        return
    source = document.source
    start = document.location(statements[0]).start
    outer = indentation(source, start)
    plain = re.sub(r"^export ", "", without_types(text), flags=re.MULTILINE).rstrip()
    # One name for the page, whatever else its scripts call theirs.
    inner = [f"  {line}" if line else "" for line in plain.splitlines()]
    whole = [f"const {FETCH} = (() => {{", *inner, "", f"  return {FETCH}", "})();"]
    lines = [f"{outer}{line}" if line else "" for line in whole]
    plan.texts.apply([Edit(source.location(start, start), "\n".join(lines).lstrip() + f"\n\n{outer}")])


def _is_typed_component(document: Document) -> bool:
    return any(script.attributes.get("lang") in {"ts", "tsx"} for script in document.scripts)
