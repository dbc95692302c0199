"""A Python export: its entry runs inside of a turn, so that it is streamed and knows the thread."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import libcst as cst
import libcst.matchers as m

from chatkit_doctor.migrate.plan import MigrateError
from chatkit_doctor.migrate.workflow.leftovers import Leftover, leftovers
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# How the schema of a tool calls the types; the export writes them as they are.
_SCHEMA_TYPES = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "array": "list",
    "object": "dict",
}
_RUN = m.Call(func=m.Attribute(value=m.Name("Runner"), attr=m.Name("run")))
_HISTORY = "conversation_history"
# What the guardrails of an export run on.
GUARDRAILS = "openai-guardrails>=0.1"
_PLAIN_TEXT = ("input_as_text",)


@dataclass(frozen=True, slots=True)
class Workflow:
    """An export made into a module of the server.

    text: the module. runs: how many agents it runs. packages: what to install for it. left: what no program can move.
    """

    text: str
    runs: int
    packages: list[str] = field(default_factory=list)
    left: list[Leftover] = field(default_factory=list)


def python_workflow(path: Path, text: str) -> Workflow:
    """Return the module that an export becomes. Raises MigrateError for a file that is none."""
    try:
        tree = ast.parse(text)
        module = cst.parse_module(text)
    except (SyntaxError, ValueError, cst.ParserSyntaxError) as error:
        raise MigrateError(f"{path.name} cannot be read as Python: {str(error).splitlines()[0]}") from None
    entry = next(_entries(tree), None)
    if entry is None:
        raise MigrateError(f"{path.name} is no export of Agent Builder: it has no async run_workflow that runs agents")
    if required := _required(tree, entry):
        raise MigrateError(f"{path.name} asks for {required} besides input_as_text, which a chat has not")
    rewriter = _Rewriter(entry.name)
    made = module.visit(rewriter)
    if rewriter.runs == 0:
        raise MigrateError(f"{path.name} is no export of Agent Builder: {entry.name} runs no agent")
    found = list(leftovers(tree))
    found += [
        Leftover(line, "an agent is run outside of the workflow", "its answer is not streamed")
        for line in _outside(tree, entry)
    ]
    code = made.code if entry.name == "run_workflow" else f"{made.code.rstrip()}\n\n\nrun_workflow = {entry.name}\n"
    return Workflow(_with_import(code), rewriter.runs, _packages(tree), found)


def _entries(tree: ast.Module) -> Iterator[ast.AsyncFunctionDef]:
    """Yield the functions that can be the entry, the likeliest first."""
    functions = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef) and node.args.args]
    for is_likely in (lambda node: node.name == "run_workflow", _takes_input):
        yield from (node for node in functions if is_likely(node) and any(_is_run(each) for each in ast.walk(node)))


def _takes_input(node: ast.AsyncFunctionDef) -> bool:
    annotation = node.args.args[0].annotation
    return isinstance(annotation, ast.Name) and annotation.id == "WorkflowInput"


def _is_run(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="Runner"), attr="run")):
            return True
    return False


def _required(tree: ast.Module, entry: ast.AsyncFunctionDef) -> str:
    """Return the names of what an entry cannot do without and a chat does not have."""
    found = []
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == "WorkflowInput":
            fields = (each for each in node.body if isinstance(each, ast.AnnAssign) and each.value is None)
            found += [each.target.id for each in fields if isinstance(each.target, ast.Name)]
    arguments = entry.args
    extra = (
        arguments.args[1 : len(arguments.args) - len(arguments.defaults)]
        if len(arguments.args) > len(arguments.defaults)
        else []
    )
    found += [each.arg for each in extra]
    return " and ".join(name for name in found if name not in _PLAIN_TEXT)


def _outside(tree: ast.Module, entry: ast.AsyncFunctionDef) -> Iterator[int]:
    inside = set(ast.walk(entry))
    yield from (
        node.lineno for node in ast.walk(tree) if isinstance(node, ast.Call) and _is_run(node) and node not in inside
    )


def _packages(tree: ast.Module) -> list[str]:
    modules = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    roots = {module.partition(".")[0] for module in modules}
    return [GUARDRAILS] if "guardrails" in roots else []


def _with_import(code: str) -> str:
    """Return a module with the import of Turn behind its other imports."""
    tree = ast.parse(code)
    imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    line = imports[-1].end_lineno if imports else 0
    lines = code.splitlines(keepends=True)
    return "".join([*lines[:line], "\nfrom .turn import Turn\n", *lines[line:]])


class _Rewriter(cst.CSTTransformer):
    """Gives the entry its turn, runs its agents in it, and starts its history from the thread."""

    def __init__(self, entry: str) -> None:
        super().__init__()
        self.runs = 0
        self._entry = entry
        self._depth = 0
        self._has_history = False

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802 - libcst's name
        if self._depth or (node.name.value == self._entry and node.asynchronous is not None):
            self._depth += 1

    def leave_FunctionDef(self, _: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:  # noqa: N802
        if self._depth:
            self._depth -= 1
            if self._depth == 0:
                first, *rest = updated_node.params.params
                turn = cst.Param(cst.Name("turn"), cst.Annotation(cst.Name("Turn")))
                return updated_node.with_deep_changes(updated_node.params, params=[first, turn, *rest])
        if any(m.matches(each.decorator, m.Name("function_tool")) for each in updated_node.decorators):
            return updated_node.with_changes(params=_with_python_types(updated_node.params))
        return updated_node

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:  # noqa: N802 - libcst's name
        if self._depth and m.matches(original_node, _RUN):
            self.runs += 1
            return updated_node.with_changes(func=cst.Attribute(cst.Name("turn"), cst.Name("run")))
        return updated_node

    def leave_AnnAssign(self, _: cst.AnnAssign, updated_node: cst.AnnAssign) -> cst.AnnAssign:  # noqa: N802
        if updated_node.value is not None and m.matches(updated_node.target, m.Name(_HISTORY)):
            return updated_node.with_changes(value=self._history(updated_node.value))
        return updated_node

    def leave_Assign(self, _: cst.Assign, updated_node: cst.Assign) -> cst.Assign:  # noqa: N802
        if any(m.matches(each.target, m.Name(_HISTORY)) for each in updated_node.targets):
            return updated_node.with_changes(value=self._history(updated_node.value))
        return updated_node

    def _history(self, value: cst.BaseExpression) -> cst.BaseExpression:
        """Return the start of a history: the thread, in which the message stands already as it was sent."""
        if not self._depth or self._has_history or not isinstance(value, cst.List):
            return value
        self._has_history = True
        is_message = len(value.elements) == 1 and _says_the_message(value.elements[0].value)
        name = "conversation" if is_message else "history"
        thread = cst.StarredElement(cst.Attribute(cst.Name("turn"), cst.Name(name)))
        return cst.List([thread]) if is_message else value.with_changes(elements=[thread, *value.elements])


def _says_the_message(node: cst.BaseExpression) -> bool:
    """Return whether an item of the input is the user's message as it is, and nothing else."""
    code = cst.Module([]).code_for_node(node)
    try:
        item = ast.parse(code, mode="eval").body
    except SyntaxError:
        return False
    texts = [ast.unparse(each) for each in ast.walk(item) if isinstance(each, ast.Subscript | ast.Attribute)]
    constants = {each.value for each in ast.walk(item) if isinstance(each, ast.Constant)}
    known = {"role", "user", "content", "type", "input_text", "text", "input_as_text"}
    return len(texts) == 1 and "input_as_text" in texts[0] and constants <= known


def _with_python_types(params: cst.Parameters) -> cst.Parameters:
    def right(param: cst.Param) -> cst.Param:
        annotation = param.annotation
        if annotation is None or not isinstance(annotation.annotation, cst.Name):
            return param
        name = _SCHEMA_TYPES.get(annotation.annotation.value)
        return (
            param if name is None else param.with_changes(annotation=annotation.with_changes(annotation=cst.Name(name)))
        )

    return params.with_changes(params=[right(each) for each in params.params])
