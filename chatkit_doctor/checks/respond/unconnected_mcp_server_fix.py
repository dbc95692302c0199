"""The fix that enters an MCP server with `async with` for the rest of the function that makes it."""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from io import StringIO

from chatkit_doctor.backend.agents.mcp_servers import UnconnectedServer
from chatkit_doctor.backend.runs.runs import run_of
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import own_nodes
from chatkit_doctor.python.insertion import has_own_lines
from chatkit_doctor.python.module import FunctionNode, Module

_STEP = "    "
# Tokens that are text; the middles of f-strings and t-strings from Python 3.12 and 3.14 on.
_TEXTS = frozenset({tokenize.STRING, *(getattr(tokenize, f"{each}STRING_MIDDLE", -1) for each in "FT")})


def entering_fix(app: App, found: UnconnectedServer) -> Fix | None:
    """Return the fix that enters a server for as long as its agent runs.

    None where the server is not given a name by a statement of its own, in the async function that runs the agent.
    """
    module, made = found.made.module, found.made.expr
    function = module.enclosing_function(made)
    assignment = module.parents[made]
    if not isinstance(function, ast.AsyncFunctionDef) or not _runs(app, module, function):
        return None
    if not isinstance(assignment, ast.Assign) or assignment not in function.body or len(assignment.targets) != 1:
        return None
    target = assignment.targets[0]
    rest = function.body[function.body.index(assignment) + 1 :]
    if not isinstance(target, ast.Name) or not rest or not has_own_lines(module, function):
        return None
    if rest[0].lineno <= (assignment.end_lineno or 0) or "\t" in module.source.line(assignment.lineno):
        return None

    def build() -> Iterator[Edit]:
        source = module.source
        value = module.location(made)
        yield Edit(source.location(module.location(assignment).start, value.start), "async with ")
        yield Edit(source.location(value.end, value.end), f" as {target.id}:")
        for line in _lines_to_indent(module, rest):
            start = source.line_start(line)
            yield Edit(source.location(start, start), _STEP)

    return Fix(f"enter it with async with, as {target.id}", Applicability.UNSAFE, lambda: tuple(build()))


def _runs(app: App, module: Module, function: FunctionNode) -> bool:
    """Return whether an agent is run in a function itself, where the server is to be connected still."""
    return any(isinstance(each, ast.Call) and run_of(app, module, each) for each in own_nodes(function))


def _lines_to_indent(module: Module, statements: list[ast.stmt]) -> Iterator[int]:
    """Yield the lines of statements, and of what stands between them, but for empty ones and insides of texts."""
    first, last = statements[0].lineno, statements[-1].end_lineno or statements[-1].lineno
    above = first
    while above > 1 and module.source.line(above - 1).lstrip().startswith("#"):
        above -= 1
    inside: set[int] = set()
    for token in tokenize.generate_tokens(StringIO(module.source.text).readline):
        if token.type in _TEXTS:
            inside |= set(range(token.start[0] + 1, token.end[0] + 1))
    for line in range(above, last + 1):
        if line not in inside and module.source.line(line).strip():
            yield line
