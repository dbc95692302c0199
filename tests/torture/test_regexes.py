"""Every regular expression of the doctor, on texts made to be read over and over: the time grows with the text."""

from __future__ import annotations

import ast
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.commands import ROOT
from tests.torture.hostile_texts import hostile
from tests.torture.scale import amount

PACKAGE = ROOT / "chatkit_doctor"
_WAYS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
# From small ones on: what takes for ever is not to be run for long.
_SIZES = (24, 96, 384, 1_536, 6_144, 24_576)[: amount(5, 6)]
# What reads nothing but paths, of which no system has longer ones.
_LONGEST_PATH = 4_096
_READ_PATHS = ("migrate/routes/proxy.py", "migrate/routes/web.py", "migrate/cleaning/cleaner.py")
# In seconds: what is linear takes less than a hundredth of it for the largest.
_LONG = 0.01
# Four times as much takes sixteen times as long where it is quadratic.
_MOST_GROWTH = 8


@dataclass(frozen=True)
class Expression:
    """A regular expression in the code, and a way in which it is used."""

    place: str
    pattern: str
    flags: int
    way: str

    def __str__(self) -> str:
        return f"{self.place}-{self.way}"


# What stands in a file that has an expression, or uses one.
_NEAR = re.compile(r"\bre\.|\bregex\(|\.(?:{})\b".format("|".join(sorted(_WAYS))))


def _expressions() -> list[Expression]:
    texts = {path: path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py"))}
    nodes = {path: list(ast.walk(ast.parse(text))) for path, text in texts.items() if _NEAR.search(text)}
    ways = _ways_of_names(nodes)
    found = {each for path, those in nodes.items() for each in _in_file(path, those, ways)}
    return sorted(found, key=lambda each: (str(each), each.pattern, each.flags))


def _ways_of_names(nodes: dict[Path, list[ast.AST]]) -> dict[tuple[Path | None, str], set[str]]:
    """Return how each name is used that may be an expression: in a file, and, for public ones, anywhere."""
    ways: dict[tuple[Path | None, str], set[str]] = {}
    for path, those in nodes.items():
        for node in those:
            if isinstance(node, ast.Attribute) and node.attr in _WAYS:
                name = getattr(node.value, "id", None) or getattr(node.value, "attr", None) or ""
                ways.setdefault((path if name.startswith("_") else None, name), set()).add(node.attr)
    return ways


def _in_file(path: Path, nodes: list[ast.AST], ways: dict[tuple[Path | None, str], set[str]]) -> Iterator[Expression]:
    named: dict[int, str] = {}
    used_here: dict[int, str] = {}
    for node in nodes:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named |= {id(each): node.targets[0].id for each in ast.walk(node.value)}
        elif isinstance(node, ast.Attribute):
            used_here[id(node.value)] = node.attr
    for call in nodes:
        func = _called(call)
        pattern = _text(call.args[0]) if isinstance(call, ast.Call) and func and call.args else None
        if not pattern or not isinstance(call, ast.Call):
            continue
        name = named.get(id(call), "")
        direct = {func[3:], used_here.get(id(call), "")} & _WAYS
        used = direct or ways.get((path if name.startswith("_") else None, name), set()) or {"search"}
        place = f"{path.relative_to(PACKAGE).as_posix()}:{call.lineno}"
        yield from (Expression(place, pattern, _flags(call), way) for way in used)


def _called(node: ast.AST) -> str:
    """Return what a call makes or uses an expression with, as it stands there; "" where it does neither."""
    match node:
        case ast.Call(func=ast.Name(id="regex")):
            return "regex"
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=name)) if name != "escape":
            return f"re.{name}"
    return ""


def _text(node: ast.expr) -> str | None:
    """Return the text of a pattern, what is filled in being some letter; None where it is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        return node.value if isinstance(node.value, str) else node.value.decode("latin-1").replace("%b", "x")
    if isinstance(node, ast.JoinedStr):
        return "".join(str(each.value) if isinstance(each, ast.Constant) else "x" for each in node.values)
    if isinstance(node, ast.BinOp):
        return _text(node.left)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "encode":
        return _text(node.func.value)
    return None


def _flags(call: ast.Call) -> int:
    flags = 0
    for each in [*call.args[1:], *(keyword.value for keyword in call.keywords)]:
        for name in ast.walk(each):
            if isinstance(name, ast.Attribute) and getattr(name.value, "id", "") == "re" and name.attr.isupper():
                flags |= int(getattr(re, name.attr))
    return flags


EXPRESSIONS = _expressions()


def test_the_expressions_are_found() -> None:
    assert len(EXPRESSIONS) > 150
    assert {each.way for each in EXPRESSIONS} >= {"match", "fullmatch", "search", "sub", "split", "findall", "finditer"}


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_an_expression_reads_a_text_once(expression: Expression) -> None:
    assert _slow(expression) == []


def _slow(expression: Expression) -> list[str]:
    """Return the texts for which the time grows faster than they do."""
    run = _runner(re.compile(expression.pattern, expression.flags), expression.way)
    slow = []
    for beginning, piece, ending in hostile(expression.pattern, expression.flags):
        before = 0.0
        for size in _SIZES:
            if expression.place.startswith(_READ_PATHS) and size > _LONGEST_PATH:
                break
            seconds = _seconds(run, beginning + piece * (size // len(piece)) + ending)
            if seconds > _LONG and seconds > _MOST_GROWTH * before:
                slow.append(
                    f"{beginning!r} + {piece!r} * n + {ending!r}: {seconds:.3f} s for {size}, {before:.4f} before"
                )
                break
            before = seconds
        if len(slow) > 2:
            break
    return slow


def _runner(compiled: re.Pattern[str], way: str) -> Callable[[str], object]:
    if way in {"sub", "subn"}:
        return lambda text: compiled.sub("", text)
    if way == "finditer":
        return lambda text: sum(1 for _ in compiled.finditer(text))
    called: Callable[[str], object] = getattr(compiled, way)
    return called


def _seconds(run: Callable[[str], object], text: str) -> float:
    start = time.process_time()
    run(text)
    return time.process_time() - start


@pytest.mark.parametrize("pattern", [r"a*b", r"\s+\Z", r"/\*.*?\*/", r"[a-z]*[0-9]*[a-z]*!"])
def test_what_reads_again_and_again_is_seen(pattern: str) -> None:
    assert _slow(Expression("here", pattern, 0, "search")) != []
