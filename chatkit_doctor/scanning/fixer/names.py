"""What a file says of its names before and after a fix: none may be left undefined, and none bound twice in a scope.

Python is judged by its own symbol tables, web files by the declarations of their scopes.
"""

from __future__ import annotations

import ast
import builtins
import symtable
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.scanning.fixer.early_names import early_names
from chatkit_doctor.web.scopes import declared_names, undeclared_names

if TYPE_CHECKING:
    from chatkit_doctor.python.module import Module
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


@dataclass(frozen=True, slots=True)
class _PythonNames:
    """What a Python file says of its names; a scope is told by its name, the top by none.

    undefined: what it uses and neither it nor Python defines; nothing where a star may bring it.
    twice: what its top defines more than once.
    own: the names of Python's own that it gives to something else, by the scope.
    in_scopes, everywhere: the names of Python's own that it reads of a scope and of its top.
    """

    undefined: frozenset[str]
    twice: frozenset[str]
    own: Mapping[str, frozenset[str]]
    in_scopes: frozenset[tuple[str, str]]
    everywhere: frozenset[str]

    def meant_as(self, own: Mapping[str, frozenset[str]]) -> set[tuple[str, str]]:
        """Return which names it reads that mean something else where a file gives these to something else."""
        found = {(scope, name) for scope, name in self.in_scopes if name in own.get(scope, ())}
        return found | {("", name) for name in self.everywhere & own[""]}


def python_objection(before: Module, after: Module) -> str | None:
    """Return what is wrong with a mended Python file in a clause; None where nothing is that was not before."""
    old, new = before.derive(_names), after.derive(_names)
    if old is None or new is None:
        return None  # what the compiler refuses is another gate's business
    # Where names were unknown before, something this does not see may define them, and so the new ones.
    if new.undefined and not old.undefined:
        return f"would use {min(new.undefined)}, which nothing defines"
    if meant_otherwise := new.meant_as(old.own) - old.meant_as(old.own):
        return f"would use {min(meant_otherwise)[1]}, which is not Python's there"
    # Which of them there were before is asked where there are some.
    if (early := after.derive(_early)) and (early := early - before.derive(_early)):
        return f"would use {min(early)} above what defines it"
    return f"would define {min(twice)} twice" if (twice := new.twice - old.twice) else None


def web_objection(before: Document, after: Document) -> str | None:
    """Return what is wrong with a mended web file in a clause; None where nothing is that was not before."""
    if twice := after.derive(_repeated) - before.derive(_repeated):
        return f"would declare {min(twice)} twice"
    unknown = after.derive(_undeclared)
    # As with Python: what declares the unknown names of a file may declare more.
    return f"would use {min(unknown)}, which nothing declares" if unknown and not before.derive(_undeclared) else None


def _names(module: Module) -> _PythonNames | None:
    """Return what a file says of its names, None where Python makes no tables of it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            top = symtable.symtable(module.source.text, "<fix>", "exec")
    except (SyntaxError, ValueError, RecursionError):
        return None
    used: set[str] = set()
    known = {each.get_name() for each in top.get_children()} | set(dir(builtins)) | _MODULE
    own: dict[str, set[str]] = {"": set()}
    in_scopes: set[tuple[str, str]] = set()
    everywhere: set[str] = set()
    for table in _tables(top):
        scope = "" if table is top else table.get_name()
        for each in _symbols(table, is_top=table is top):
            name = each.get_name()
            is_bound = each.is_assigned() or each.is_imported()
            if (table is top and is_bound) or each.is_declared_global():
                known.add(name)
            is_global = each.is_referenced() and (table is top or each.is_global())
            if is_global:
                used.add(name)
            if name not in _PYTHONS:
                continue
            if is_bound:
                own.setdefault(scope, set()).add(name)
            if each.is_referenced() and each.is_local():
                in_scopes.add((scope, name))
            elif is_global:
                everywhere.add(name)
    has_star = any(each.names[0].name == "*" for each in module.nodes(ast.ImportFrom))
    return _PythonNames(
        undefined=frozenset() if has_star else frozenset(used - known),
        twice=frozenset(_defined_twice(module.tree)),
        own={scope: frozenset(names) for scope, names in own.items()},
        in_scopes=frozenset(in_scopes),
        everywhere=frozenset(everywhere),
    )


def _symbols(table: symtable.SymbolTable, *, is_top: bool) -> Iterator[symtable.Symbol]:
    """Yield what a scope says of its names.

    `get_symbols` would look for each name among all scopes right below, as `namespaces` has them.
    """
    flags = getattr(getattr(table, "_table", None), "symbols", None)
    if flags is None:
        yield from table.get_symbols()
        return
    for name, told in flags.items():
        yield symtable.Symbol(name, told, module_scope=is_top)


def _early(module: Module) -> frozenset[str]:
    """Return what a file reads above what binds it."""
    try:
        return frozenset(early_names(module.tree))
    except RecursionError:
        return frozenset()


def _tables(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    pending = [table]
    while pending:
        current = pending.pop()
        yield current
        pending += current.get_children()


def _defined_twice(tree: ast.Module) -> set[str]:
    """Return the names that a file defines more than once at its top: classes, functions, and imports beside them."""
    names = Counter[str]()
    imported: set[tuple[str, str]] = set()
    for node in tree.body:
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


def _repeated(document: Document) -> frozenset[str]:
    return frozenset(name for name, count in declared_names(document).items() if count > 1)


def _undeclared(document: Document) -> frozenset[str]:
    return frozenset(undeclared_names(document) - _GLOBALS)
