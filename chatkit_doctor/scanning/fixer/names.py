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

from chatkit_doctor.python.compiling import has_fast_tables
from chatkit_doctor.records import dataclass, field
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
# The kinds of scopes that are written as such.
_OF_CODE = frozenset({"module", "function", "class"})
_MODULE = frozenset(
    {
        *("__file__", "__name__", "__doc__", "__spec__", "__path__", "__builtins__", "__annotations__"),
        # Python 3.14's own, for annotations under a condition.
        "__conditional_annotations__",
    }
)


@dataclass(frozen=True, slots=True)
class _PythonNames:
    """What a Python file says of its names; a scope is told by its name, the top by none.

    undefined: what it uses and neither it nor Python defines; nothing where a star may bring it.
    own: the names of Python's own that it gives to something else, by the scope.
    in_scopes, everywhere: the names of Python's own that it reads of a scope and of its top.
    """

    undefined: frozenset[str]
    own: Mapping[str, frozenset[str]]
    in_scopes: frozenset[tuple[str, str]]
    everywhere: frozenset[str]

    def meant_as(self, own: Mapping[str, frozenset[str]]) -> set[tuple[str, str]]:
        """Return which names it reads that mean something else where a file gives these to something else."""
        found = {(scope, name) for scope, name in self.in_scopes if name in own.get(scope, ())}
        return found | {("", name) for name in self.everywhere & own[""]}


@dataclass(slots=True)
class _Told:
    """The same while it is gathered. known: what the top binds or Python has. used: what is read of the top."""

    known: set[str]
    used: set[str] = field(default_factory=set)
    own: dict[str, set[str]] = field(default_factory=lambda: {"": set()})
    in_scopes: set[tuple[str, str]] = field(default_factory=set)
    everywhere: set[str] = field(default_factory=set)

    def take(self, symbol: symtable.Symbol, scope: str, *, is_top: bool) -> None:
        """Take what a scope says of a name."""
        name = symbol.get_name()
        is_bound = symbol.is_assigned() or symbol.is_imported()
        if (is_top and is_bound) or symbol.is_declared_global():
            self.known.add(name)
        is_global = symbol.is_referenced() and (is_top or symbol.is_global())
        if is_global:
            self.used.add(name)
        if name not in _PYTHONS:
            return
        if is_bound:
            self.own.setdefault(scope, set()).add(name)
        if symbol.is_referenced() and symbol.is_local():
            self.in_scopes.add((scope, name))
        elif is_global:
            self.everywhere.add(name)

    def reads_of_scope(self, symbol: symtable.Symbol, scope: str) -> None:
        """Take a name that an annotation reads of the class around it."""
        if symbol.is_referenced() and symbol.get_name() in _PYTHONS:
            self.in_scopes.add((scope, symbol.get_name()))


def python_objection(before: Module, after: Module) -> str | None:
    """Return what is wrong with a mended Python file in a clause; None where nothing is that was not before."""
    if not has_fast_tables(after):
        return "has more names and functions in one statement than are looked through"
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
    return None


def twice_objection(before: Module, after: Module) -> str | None:
    """Return which name the top of a mended Python file defines twice, in a clause, where it did not before."""
    twice = after.derive(_defined_twice) - before.derive(_defined_twice)
    return f"would define {min(twice)} twice" if twice else None


def web_objection(before: Document, after: Document) -> str | None:
    """Return what is wrong with a mended web file in a clause; None where nothing is that was not before."""
    # Which of them there were before is asked where there are some.
    if (twice := after.derive(_repeated)) and (twice := twice - before.derive(_repeated)):
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
    told = _Told({each.get_name() for each in top.get_children()} | set(dir(builtins)) | _MODULE)
    bound = dict[int, frozenset[str]]()
    for table, holder in _tables(top):
        if holder is not None and holder.get_id() not in bound:
            bound[holder.get_id()] = _bound(holder)
        for each in _symbols(table, is_top=table is top):
            if holder is not None and each.is_global() and each.get_name() in bound[holder.get_id()]:
                told.reads_of_scope(each, holder.get_name())
            else:
                told.take(each, "" if table is top else table.get_name(), is_top=table is top)
    has_star = any(each.names[0].name == "*" for each in module.nodes(ast.ImportFrom))
    return _PythonNames(
        undefined=frozenset() if has_star else frozenset(told.used - told.known),
        own={scope: frozenset(names) for scope, names in told.own.items()},
        in_scopes=frozenset(told.in_scopes),
        everywhere=frozenset(told.everywhere),
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


def _tables(top: symtable.SymbolTable) -> Iterator[tuple[symtable.SymbolTable, symtable.SymbolTable | None]]:
    """Yield every scope, and with one of annotations or type parameters the class whose names are seen in it.

    Python has scopes for type parameters from 3.12 on, and for annotations from 3.14 on.
    """
    pending: list[tuple[symtable.SymbolTable, symtable.SymbolTable | None]] = [(top, None)]
    while pending:
        table, holder = pending.pop()
        yield table, holder
        inner = holder if table.get_type() not in _OF_CODE else table if table.get_type() == "class" else None
        pending += [(each, None if each.get_type() in _OF_CODE else inner) for each in table.get_children()]


def _bound(table: symtable.SymbolTable) -> frozenset[str]:
    """Return the names that a scope binds."""
    return frozenset(
        each.get_name() for each in _symbols(table, is_top=False) if each.is_assigned() or each.is_imported()
    )


def _defined_twice(module: Module) -> frozenset[str]:
    """Return the names that a file defines more than once at its top: classes, functions, and imports beside them."""
    names = Counter[str]()
    imported: set[tuple[str, str]] = set()
    for node in module.tree.body:
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
    return frozenset(name for name, count in names.items() if count > 1)


def _repeated(document: Document) -> frozenset[str]:
    return frozenset(name for name, count in declared_names(document).items() if count > 1)


def _undeclared(document: Document) -> frozenset[str]:
    return frozenset(undeclared_names(document) - _GLOBALS)
