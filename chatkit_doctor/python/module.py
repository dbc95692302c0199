"""One Python file, parsed: its tree, an index of nodes by type, parents, and where things stand in the text."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from chatkit_doctor.python.density import check_density
from chatkit_doctor.source import Location, Source, UnreadableSourceError

# Far beyond what people write, far below where following names through it would end in a RecursionError.
_DEEPEST = 600

T = TypeVar("T")
NodeT = TypeVar("NodeT", bound=ast.AST)

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef

# Contexts such as ast.Load are one object each, shared by all of a tree, which has no single parent.
_SHARED = frozenset(
    each
    for base in (ast.expr_context, ast.operator, ast.cmpop, ast.boolop, ast.unaryop)
    for each in base.__subclasses__()
)


# Fields that hold texts and numbers, or the context of a name, which says nothing where it is not asked for.
_PLAIN_FIELDS = frozenset({"arg", "asname", "attr", "ctx", "id", "is_async", "kind", "level", "module", "simple"})


# Fields that are lists with something in them besides nodes: None for `**more`, or texts.
_MIXED_FIELDS = frozenset({"keys", "kw_defaults", "kwd_attrs", "names"})


_FIELDS: dict[type[ast.AST], tuple[tuple[str, bool], ...]] = {ast.Constant: ()}


def _fields_with_nodes(kind: type[ast.AST]) -> tuple[tuple[str, bool], ...]:
    """Return the names of a kind's fields that may hold nodes, each with whether it holds something else as well."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple((name, name in _MIXED_FIELDS) for name in kind._fields if name not in _PLAIN_FIELDS)
    return _FIELDS[kind]


def children(node: ast.AST) -> list[ast.AST]:
    """Return the nodes right below one, in the order of the text, contexts such as `Load` left out.

    `ast.iter_child_nodes` takes three times as long. The list is kept with the node, and is not for others to change.
    """
    kind = node.__class__
    fields = _FIELDS.get(kind)
    if fields is None:
        fields = _fields_with_nodes(kind)
    found: list[ast.AST] = []
    # Of every two nodes one is a name or a text, with nothing below it.
    if not fields:
        return found
    # What a file's tree was read by is asked for again by whoever goes through a part of it.
    known: list[ast.AST] | None = node.__dict__.get(_CHILDREN)
    if known is not None:
        return known
    for name, is_mixed in fields:
        value = getattr(node, name, None)
        if value.__class__ is list:
            found += [each for each in value if isinstance(each, ast.AST)] if is_mixed else value
        elif isinstance(value, ast.AST):
            found.append(value)
    node.__dict__[_CHILDREN] = found
    return found


# Where they are kept: with the node itself.
_CHILDREN = "_children"


def is_set(name: str, nodes: Iterable[ast.AST]) -> bool:
    """Return whether one of some nodes gives a name a value."""
    return any(isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Store) for each in nodes)


def names_set(nodes: Iterable[ast.AST]) -> frozenset[str]:
    """Return the names that some nodes give a value."""
    return frozenset(each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store))


def names_by_text(module: Module) -> dict[str, list[ast.Name]]:
    """Return the names of a file as they are written, whatever they mean, for `Module.derive`."""
    found: dict[str, list[ast.Name]] = {}
    for each in module.nodes(ast.Name):
        found.setdefault(each.id, []).append(each)
    return found


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all nodes in it, level by level, as `ast.walk` does, contexts left out."""
    if not isinstance(node, FunctionNode):
        return _find_nodes(node)
    # Of functions it is asked again and again, and the tree never changes.
    known: tuple[ast.AST, ...] | None = vars(node).get(_ALL_NODES)
    if known is None:
        known = vars(node)[_ALL_NODES] = tuple(_find_nodes(node))
    return iter(known)


# Where they are kept: with the node itself.
_ALL_NODES = "_all_nodes"


def _find_nodes(node: ast.AST) -> Iterator[ast.AST]:
    pending = deque([node])
    while pending:
        found = pending.popleft()
        yield found
        pending += children(found)


def root_name(expr: ast.expr) -> ast.Name | None:
    """Return the name that a dotted one begins with, None where it begins with something else."""
    while isinstance(expr, ast.Attribute):
        expr = expr.value
    return expr if isinstance(expr, ast.Name) else None


def is_none(expr: ast.expr | None) -> bool:
    """Return whether an expression is None as it is written."""
    return isinstance(expr, ast.Constant) and expr.value is None


class Module:
    """A Python file as a tree that can be asked from the top (by node type) and from below (by parent).

    needs: the release of Python that the text is written for, where that is newer than this interpreter; what is new
        in it is then read around.

    Raises UnreadableSourceError when the text is not Python that this interpreter can parse.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.tree, self.needs = _parse(source)
        self.parents: dict[ast.AST, ast.AST] = {}
        self._index: dict[type[ast.AST], list[ast.AST]] = defaultdict(list)
        self._derived: dict[object, object] = {}
        self._read_nodes()

    def __repr__(self) -> str:
        return f"Module({str(self.source.path)!r})"

    def _read_nodes(self) -> None:
        # Each node of a file comes here.
        index, parents = self._index, self.parents
        stack: list[tuple[ast.AST, int]] = [(self.tree, 0)]
        while stack:
            node, depth = stack.pop()
            index[node.__class__].append(node)
            found = children(node)
            if not found:
                continue
            if depth >= _DEEPEST:
                raise UnreadableSourceError("it is nested too deeply to follow", getattr(found[0], "lineno", 1))
            depth += 1
            for child in reversed(found):
                stack.append((child, depth))
                if child.__class__ not in _SHARED:
                    parents[child] = node

    def derive(self, build: Callable[[Module], T]) -> T:
        """Return what a function makes of this file, made once and kept with it."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return self._derived[build]  # type: ignore[return-value]

    def nodes(self, kind: type[NodeT]) -> list[NodeT]:
        """Return every node of exactly this type, in the order of the text."""
        return self._index.get(kind, [])  # type: ignore[return-value]

    def functions(self) -> Iterator[FunctionNode]:
        """Yield every `def` and `async def`, at any depth."""
        yield from self.nodes(ast.FunctionDef)
        yield from self.nodes(ast.AsyncFunctionDef)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield the nodes around a node, from the nearest to the module itself."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def enclosing_function(self, node: ast.AST) -> FunctionNode | None:
        """Return the innermost function that a node stands in; lambdas do not count."""
        return next((each for each in self.ancestors(node) if isinstance(each, FunctionNode)), None)

    def enclosing_class(self, node: ast.AST) -> ast.ClassDef | None:
        """Return the class of which a node (a method, say) is a direct or nested part."""
        return next((each for each in self.ancestors(node) if isinstance(each, ast.ClassDef)), None)

    def qualified_name(self, node: ast.ClassDef | FunctionNode) -> str:
        """Return the name that Python gives a class or function in its errors: `Store.save`, `make.<locals>.Store`."""
        parts = [node.name]
        for each in self.ancestors(node):
            if isinstance(each, FunctionNode):
                parts += ["<locals>", each.name]
            elif isinstance(each, ast.ClassDef):
                parts.append(each.name)
        return ".".join(reversed(parts))

    def location(
        self, node: ast.expr | ast.stmt | ast.alias | ast.arg | ast.keyword | ast.excepthandler | ast.pattern
    ) -> Location:
        """Return where a node stands, decorators left out."""
        source = self.source
        start = source.offset_of_utf8(node.lineno, node.col_offset)
        end = source.offset_of_utf8(node.end_lineno or node.lineno, node.end_col_offset or node.col_offset)
        return source.location(start, end)

    def name_location(self, node: ast.ClassDef | FunctionNode) -> Location:
        """Return where the name in `class Name` or `def name` stands."""
        return self._search(node, r"(?:class|def)[\s\\]+(\w+)")

    def import_path_location(self, node: ast.ImportFrom) -> Location:
        """Return where the module path in `from module.path import …` stands."""
        return self._search(node, r"from[\s\\]*(\.*\w*(?:[ \t]*\.[ \t]*\w+)*)")

    def keyword_location(self, node: ast.keyword) -> Location:
        """Return where the name in `name=value` stands."""
        start = self.source.offset_of_utf8(node.lineno, node.col_offset)
        return self.source.location(start, start + len(node.arg or "**"))

    def parameter_location(self, node: ast.arg) -> Location:
        """Return where the name of a parameter stands, its annotation left out."""
        start = self.source.offset_of_utf8(node.lineno, node.col_offset)
        return self.source.location(start, start + len(node.arg))

    def _search(self, node: ast.stmt, pattern: str) -> Location:
        whole = self.location(node)
        match = re.compile(pattern).search(self.source.text, whole.start, whole.end)
        return self.source.location(*match.span(1)) if match else whole


def _parse(source: Source) -> tuple[ast.Module, tuple[int, int] | None]:
    """Return a text's tree, and the newer Python that it is written for."""
    check_density(source.text)
    try:
        return _tree(source, source.text), None
    except SyntaxError as error:
        if (read := _read_older(source)) is not None:
            return read
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        raise UnreadableSourceError(f"Python {version} cannot parse it: {error.msg}", error.lineno or 1) from None
    except (RecursionError, MemoryError):
        raise UnreadableSourceError("it is nested too deeply to parse") from None
    except ValueError as error:
        raise UnreadableSourceError(str(error)) from None


def _tree(source: Source, text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text, filename=str(source.path))


def _read_older(source: Source) -> tuple[ast.Module, tuple[int, int]] | None:
    """Return the tree of a text written for a newer Python, read around what is new in it."""
    from chatkit_doctor.python.newer import older  # a text that this interpreter reads never needs it

    written = older(source.text)
    if written is None or written.needs <= sys.version_info[:2]:
        return None
    try:
        return _tree(source, written.text), written.needs
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
