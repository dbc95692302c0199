"""Names in code that a fix writes: none collides with one of the file's, and what the file has already is used.

`imported` brings names of modules into a file under whatever local names are free, or there already; `free_name` finds
a name for something new; `renamed` puts the local names into a piece of code.
"""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from chatkit_doctor.finding import Edit
from chatkit_doctor.python.import_edits import early_imports, import_edits
from chatkit_doctor.python.module import FunctionNode, Module, walk
from chatkit_doctor.python.names import Binding, BindingKind, Names
from chatkit_doctor.records import dataclass

Same = Callable[[str, str], bool]


@dataclass(frozen=True, slots=True)
class ImportedNames:
    """Names that are imported after the edits are made: the local name of each, by its name in its module."""

    local: Mapping[str, str]
    edits: tuple[Edit, ...]


def imported(
    names: Names,
    wanted: Mapping[str, Iterable[str]],
    *,
    same: Same | None = None,
    unused: Collection[str] = (),
) -> ImportedNames:
    """Return how a file calls names of modules, and the edits that import those it lacks.

    A name that the file has from there is used as the file calls it. One that means something else in the file, in
    whatever scope, is imported under another.
    same: returns whether a dotted name of an import is the wanted one; by default where the package and the last part
    agree, since packages hand on what their modules have. unused: names that leave the imports.
    """
    module = names.module
    same = same or _same
    local: dict[str, str] = {}
    missing: dict[str, list[str]] = {}
    for path, wanted_names in wanted.items():
        for name in wanted_names:
            known = _known_as(names, f"{path}.{name}", same)
            local[name] = known or _free_for(names, path, name, same)
            if known is None:
                missing.setdefault(path, []).append(name if local[name] == name else f"{name} as {local[name]}")
    return ImportedNames(local, tuple(import_edits(module, missing, unused)))


def free_name(module: Module, wanted: str, *, within: FunctionNode | None = None) -> str:
    """Return a name that stands nowhere in a file: the wanted one, or that with a number behind it.

    within: a function that the name is for alone: what others call so, and the file itself does not, is no matter.
    """
    taken = module.derive(_all_taken) if within is None else module.derive(_taken_outside) | _taken(walk(within))
    if wanted not in taken:
        return wanted
    return next(name for number in range(2, len(taken) + 3) if (name := f"{wanted}_{number}") not in taken)


def renamed(code: str, local: Mapping[str, str]) -> str:
    """Return code with other names; attributes and the names of keyword arguments stay."""
    changed = {name: new for name, new in local.items() if name != new}
    if not changed:
        return code
    lines = code.splitlines(keepends=True)
    tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    for index in range(len(tokens) - 1, -1, -1):
        token = tokens[index]
        if token.type != tokenize.NAME or token.string not in changed:
            continue
        before, behind = tokens[index - 1].string if index else "", tokens[index + 1].string
        is_keyword = before in {"(", ","} and behind == "="
        if before != "." and not is_keyword:
            row, start, end = token.start[0] - 1, token.start[1], token.end[1]
            lines[row] = f"{lines[row][:start]}{changed[token.string]}{lines[row][end:]}"
    return "".join(lines)


def _same(dotted: str, wanted: str) -> bool:
    first, last = dotted.partition(".")[0], dotted.rpartition(".")[2]
    return bool(first) and (first, last) == (wanted.partition(".")[0], wanted.rpartition(".")[2])


def _known_as(names: Names, dotted: str, same: Same) -> str | None:
    """Return under which name a file has something at its top level when it runs, None where it has not."""
    at_top = {id(alias) for statement in early_imports(names.module) for alias in statement.names}
    for binding in names.imports():
        is_sure = id(binding.node) in at_top and len(names.module_level(binding.name)) == 1
        if is_sure and same(binding.dotted, dotted) and not _is_hidden(names, binding):
            return binding.name
    return None


def _is_hidden(names: Names, binding: Binding) -> bool:
    """Return whether the name means something else in a scope of the file."""
    return any(each.scope is not binding.scope for each in names.bindings(binding.name))


def _free_for(names: Names, path: str, name: str, same: Same) -> str:
    bindings = names.bindings(name)
    if all(each.kind is BindingKind.IMPORT and same(each.dotted, f"{path}.{name}") for each in bindings):
        # An import for type checking, or in a function, says the same again.
        is_used_elsewise = not bindings and name in names.module.derive(_all_taken)
        if not is_used_elsewise:
            return name
    package = path.partition(".")[0]
    prefix = package.capitalize() if name[:1].isupper() else f"{package}_"
    return free_name(names.module, f"{prefix}{name}")


def _all_taken(module: Module) -> frozenset[str]:
    """Return every name that a file uses or binds, in any scope."""
    return _taken(_naming_nodes(module))


def _taken_outside(module: Module) -> frozenset[str]:
    """Return every name that a file uses or binds outside of functions."""
    return _taken(each for each in _naming_nodes(module) if module.enclosing_function(each) is None)


_NAMING: tuple[type[ast.AST], ...] = (
    *(ast.Name, ast.arg, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.alias, ast.Global, ast.Nonlocal),
    *(ast.ExceptHandler, ast.MatchAs, ast.MatchStar),
)


def _naming_nodes(module: Module) -> Iterator[ast.AST]:
    return (each for kind in _NAMING for each in module.nodes(kind))


def _taken(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return every name that some nodes use or bind."""
    found: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(id=name) | ast.arg(arg=name):
                found.add(name)
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.alias(name=name, asname=other):
                found.add(other or name.partition(".")[0])
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                found.update(names)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found.add(name)
    return frozenset(found)


def defined(module: Module, code: str) -> str | None:
    """Return the name of the top-level function or class that is the same as one in a piece of code, or None.

    Docstrings do not count, and the name itself does not: what an earlier fix wrote is found under whatever name.
    """
    (wanted,) = (each for each in ast.parse(code).body if isinstance(each, FunctionNode | ast.ClassDef))
    return module.derive(_by_shape).get(_shape(wanted))


def _by_shape(module: Module) -> dict[str, str]:
    """Return the names of the top-level functions and classes by their shapes, of those that are the same the first."""
    found: dict[str, str] = {}
    for each in module.tree.body:
        if isinstance(each, FunctionNode | ast.ClassDef):
            found.setdefault(_shape(each), each.name)
    return found


def _shape(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> str:
    body = node.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    header = ast.dump(node.args) if isinstance(node, FunctionNode) else str([ast.dump(each) for each in node.bases])
    return type(node).__name__ + header + "".join(map(ast.dump, body))
