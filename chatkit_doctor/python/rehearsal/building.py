"""Values that a rehearsal puts together: lists, dicts, texts, comprehensions, and what a generator gives."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.python.rehearsal.operators import is_key
from chatkit_doctor.python.rehearsal.valuation import Valuation
from chatkit_doctor.python.rehearsal.values import Blank, Locals, Lost, written


class Building(Valuation):
    """Goes through expressions that make a value of several."""

    def __init__(self) -> None:
        super().__init__()
        self._joined: dict[tuple[object, ...], Blank] = {}
        self._kinds |= {
            ast.List: self._elements,
            ast.Tuple: lambda node, scope: tuple(self._elements(node, scope)),
            ast.Set: self._set,
            ast.Dict: self._dict,
            ast.JoinedStr: self._joined_text,
            ast.ListComp: self._list_comprehension,
            ast.GeneratorExp: self._list_comprehension,
            ast.SetComp: self._list_comprehension,
            ast.DictComp: self._dict_comprehension,
            ast.Yield: self._yield,
            ast.YieldFrom: self._yield_from,
        }

    def _elements(self, node: ast.expr, scope: Locals) -> list[object]:
        assert isinstance(node, ast.List | ast.Tuple | ast.Set)
        found: list[object] = []
        for each in node.elts:
            given = self.value(each, scope)
            found += self.items(given) if isinstance(each, ast.Starred) else [given]
        return found

    def _set(self, node: ast.expr, scope: Locals) -> object:
        found = self._elements(node, scope)
        return set(found) if all(map(is_key, found)) else Blank()

    def _dict(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Dict)
        found: dict[object, object] = {}
        for key, each in zip(node.keys, node.values, strict=True):
            given = self.value(each, scope)
            if key is None:
                if not isinstance(given, dict):
                    raise Lost
                found.update(given)
                continue
            name = self.value(key, scope)
            if not is_key(name):
                raise Lost
            found[name] = given
        return found

    def _joined_text(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.JoinedStr)
        parts = [
            self.value(each.value, scope) if isinstance(each, ast.FormattedValue) else getattr(each, "value", "")
            for each in node.values
        ]
        known = [written(each) for each in parts if isinstance(each, str | int)]
        if len(known) == len(parts):
            return "".join(known)
        # The same text of the same parts is the same key, wherever it is written.
        return self._joined.setdefault(tuple(each if is_key(each) else id(each) for each in _joined(parts)), Blank())

    def _list_comprehension(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp)
        found: list[object] = []
        inner = Locals(scope.module, scope, scope.owner)
        for is_known in self._rounds(node.generators, inner):
            if not is_known:
                return Blank()
            found.append(self.value(node.elt, inner))
        if isinstance(node, ast.SetComp):
            return set(found) if all(map(is_key, found)) else Blank()
        return found

    def _dict_comprehension(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.DictComp)
        found: dict[object, object] = {}
        inner = Locals(scope.module, scope, scope.owner)
        for is_known in self._rounds(node.generators, inner):
            key = self.value(node.key, inner) if is_known else []
            if not is_key(key):
                return Blank()
            found[key] = self.value(node.value, inner)
        return found

    def _rounds(self, generators: list[ast.comprehension], scope: Locals) -> Iterator[bool]:
        """Yield True for each round of a comprehension, False where what it goes over is unknown."""
        if not generators:
            yield True
            return
        first = generators[0]
        source = self.sequence(self.value(first.iter, scope))
        if source is None:
            yield False
            return
        for each in source:
            self.assign(first.target, each, scope)
            if all(self.is_true(self.value(test, scope), test) for test in first.ifs):
                yield from self._rounds(generators[1:], scope)

    def _yield(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.Yield)
        self._given(scope).append(self.value(node.value, scope) if node.value else None)
        return None

    def _yield_from(self, node: ast.expr, scope: Locals) -> object:
        assert isinstance(node, ast.YieldFrom)
        self._given(scope).extend(self.items(self.value(node.value, scope)))
        return None

    @staticmethod
    def _given(scope: Locals) -> list[object]:
        if scope.given is None:
            scope.given = []
        return scope.given


def _joined(parts: list[object]) -> Iterator[object]:
    """Yield the parts of a text, known ones that stand beside each other as one."""
    text = ""
    for each in parts:
        if isinstance(each, str | int):
            text += written(each)
            continue
        if text:
            yield text
        yield each
        text = ""
    if text:
        yield text
