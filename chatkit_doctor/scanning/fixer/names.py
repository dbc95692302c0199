"""What a file says of its names before and after a fix: none may be left undefined, and none bound twice in a scope.

Python is judged by its own symbol tables, web files by the declarations of their scopes.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from chatkit_doctor.scanning.fixer.early_names import early_names
from chatkit_doctor.web.scopes import declared_names, undeclared_names

if TYPE_CHECKING:
    from chatkit_doctor.web.document import Document

# What programs have without a declaration of their own: the language's, browsers' and Node's most used globals.
_GLOBALS = frozenset(
    {
        *("Array", "Boolean", "Date", "Error", "Intl", "JSON", "Map", "Math", "Number", "Object", "Promise", "Proxy"),
        *("Reflect", "RegExp", "Set", "String", "Symbol", "WeakMap", "WeakSet", "NaN", "Infinity", "undefined"),
        *("globalThis", "arguments", "isNaN", "parseInt", "parseFloat", "encodeURIComponent", "decodeURIComponent"),
        *("window", "document", "navigator", "location", "history", "localStorage", "sessionStorage", "console"),
        *("customElements", "CustomEvent", "Event", "HTMLElement", "Element", "Node", "MutationObserver", "alert"),
        *("fetch", "Headers", "Request", "Response", "FormData", "Blob", "File", "URL", "URLSearchParams", "crypto"),
        *("setTimeout", "clearTimeout", "setInterval", "clearInterval", "requestAnimationFrame", "structuredClone"),
        *("AbortController", "TextDecoder", "TextEncoder", "WebSocket", "EventSource", "performance", "matchMedia"),
        *("process", "require", "module", "exports", "Buffer", "__dirname", "__filename", "React", "JSX", "self"),
    }
)
_PYTHONS = frozenset(dir(builtins))
_MODULE = frozenset({"__file__", "__name__", "__doc__", "__spec__", "__path__", "__builtins__", "__annotations__"})


def python_objection(before: str, after: str) -> str | None:
    """Return what is wrong with a mended Python file in a clause; None where nothing is that was not before."""
    try:
        left, unknown = _undefined(before), _undefined(after)
        own = _own_names(before)
        meant_otherwise = _of_pythons_own(after, own) - _of_pythons_own(before, own)
        twice = _defined_twice(after) - _defined_twice(before)
        early = early_names(after) - early_names(before)
    except (SyntaxError, ValueError, RecursionError):
        return None  # what the compiler refuses is another gate's business
    # Where names were unknown before, something this does not see may define them, and so the new ones.
    if unknown and not left:
        return f"would use {min(unknown)}, which nothing defines"
    if meant_otherwise:
        return f"would use {min(meant_otherwise)[1]}, which is not Python's there"
    if early:
        return f"would use {min(early)} above what defines it"
    return f"would define {min(twice)} twice" if twice else None


def web_objection(before: Document, after: Document) -> str | None:
    """Return what is wrong with a mended web file in a clause; None where nothing is that was not before."""
    twice = _repeated(after) - _repeated(before)
    if twice:
        return f"would declare {min(twice)} twice"
    left, unknown = undeclared_names(before) - _GLOBALS, undeclared_names(after) - _GLOBALS
    # As with Python: what declares the unknown names of a file may declare more.
    return f"would use {min(unknown)}, which nothing declares" if unknown and not left else None


def _undefined(text: str) -> set[str]:
    """Return the names that a file uses and that neither it nor Python defines; none where a star may bring them."""
    tree = ast.parse(text)
    if any(isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(tree)):
        return set()
    top = symtable.symtable(text, "<fix>", "exec")
    known = {each.get_name() for each in top.get_symbols() if each.is_assigned() or each.is_imported()}
    known |= {each.get_name() for table in _tables(top) for each in table.get_symbols() if each.is_declared_global()}
    known |= {each.get_name() for each in top.get_children()} | set(dir(builtins)) | _MODULE
    used = {each.get_name() for table in _tables(top) for each in table.get_symbols() if _is_global(table, each)}
    return used - known


def _own_names(text: str) -> dict[str, set[str]]:
    """Return the names of Python's own that a file gives to something else, by the scope: "" for its top."""
    found: dict[str, set[str]] = {"": set()}
    for table in _tables(symtable.symtable(text, "<fix>", "exec")):
        bound = {each.get_name() for each in table.get_symbols() if each.is_assigned() or each.is_imported()}
        found.setdefault(_scope(table), set()).update(bound & _PYTHONS)
    return found


def _of_pythons_own(text: str, own: Mapping[str, set[str]]) -> set[tuple[str, str]]:
    """Return which of such names a file reads where they mean something else, each with the scope that says so."""
    if not any(own.values()):
        return set()
    found: set[tuple[str, str]] = set()
    for table in _tables(symtable.symtable(text, "<fix>", "exec")):
        for each in table.get_symbols():
            name, scope = each.get_name(), _scope(table)
            if name in own.get(scope, ()) and each.is_local() and each.is_referenced():
                found.add((scope, name))
            elif name in own[""] and _is_global(table, each):
                found.add(("", name))
    return found


def _scope(table: symtable.SymbolTable) -> str:
    return "" if table.get_type() == "module" else table.get_name()


def _is_global(table: symtable.SymbolTable, symbol: symtable.Symbol) -> bool:
    return symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global())


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    pending = [table]
    while pending:
        current = pending.pop()
        yield current
        pending += current.get_children()


def _defined_twice(text: str) -> set[str]:
    """Return the names that a file defines more than once at its top: classes, functions, and imports beside them."""
    names = Counter[str]()
    imported: set[tuple[str, str]] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            # A property's setter, an overload: decorators may join definitions of one name.
            names[node.name] += not node.decorator_list
        elif isinstance(node, ast.ImportFrom):
            # The same import again, further down, says nothing else of the name.
            source = f"{'.' * node.level}{node.module or ''}"
            imported |= {(alias.asname or alias.name, f"{source}.{alias.name}") for alias in node.names}
        elif isinstance(node, ast.Import):
            # `import a.b` beside `import a` binds the same `a`.
            imported |= {(alias.asname, alias.name) for alias in node.names if alias.asname}
    names.update(name for name, _ in imported)
    return {name for name, count in names.items() if count > 1}


def _repeated(document: Document) -> set[str]:
    return {name for name, count in declared_names(document).items() if count > 1}
