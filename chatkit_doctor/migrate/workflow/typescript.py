"""A TypeScript export: its agents, tools, schemas and steps in Python, and a list of what is not carried over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.migrate.plan import MigrateError
from chatkit_doctor.migrate.workflow.leftovers import Leftover, leftovers
from chatkit_doctor.migrate.workflow.python import GUARDRAILS, Workflow
from chatkit_doctor.migrate.workflow.ts_definitions import Definitions
from chatkit_doctor.migrate.workflow.ts_expressions import Expressions, Untranslatable
from chatkit_doctor.migrate.workflow.ts_statements import Statements
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.tree import field, walk

if TYPE_CHECKING:
    from pathlib import Path

    from tree_sitter import Node

    from chatkit_doctor.source import Source

_ENTRY = "runWorkflow"
_HEAD = '''\
"""The workflow, carried over from {name}."""

import json
from types import SimpleNamespace
from typing import Literal

from agents import Agent, ModelSettings, RunContextWrapper, function_tool, trace
from agents import CodeInterpreterTool, FileSearchTool, HostedMCPTool, ImageGenerationTool, WebSearchTool
from openai.types.shared import Reasoning
from pydantic import BaseModel

from .checks import check_guardrails
from .turn import Turn
'''
_INPUT = """

class WorkflowInput(BaseModel):
    input_as_text: str


async def run_workflow(workflow_input: WorkflowInput, turn: Turn):
    workflow = workflow_input.model_dump()
"""


def typescript_workflow(path: Path, source: Source) -> Workflow:
    """Return the module that an export becomes. Raises MigrateError for a file that is none."""
    document = Document(source)
    entry = next((value for name, value in _constants(document) if name.startswith(_ENTRY)), None) or _function(
        document
    )
    body = field(entry, "body") if entry is not None else None
    if body is None or "new Agent(" not in source.text:
        raise MigrateError(f"{path.name} is no export of Agent Builder: it has no runWorkflow that runs agents")
    expressions = Expressions(document)
    definitions = Definitions(document, expressions)
    left = list(_define_all(document, definitions))
    statements = Statements(document, expressions, definitions.schema_of)
    steps = statements.block(body, "    ")
    if statements.runs == 0:
        raise MigrateError(f"{path.name} is no export of Agent Builder: runWorkflow runs no agent")
    written = "\n".join([_HEAD.format(name=path.name), *definitions.lines, _INPUT.rstrip("\n"), *steps, ""])
    text = _without_unused(written)
    found = leftovers(ast.parse(text))
    in_python = [Leftover(0, each.what, each.todo) for each in found if "has no body" not in each.what]
    packages = [GUARDRAILS] if "check_guardrails" in text else []
    return Workflow(text, statements.runs, packages, [*left, *definitions.left, *statements.left, *in_python])


def _define_all(document: Document, definitions: Definitions) -> Iterator[Leftover]:
    for name, value in _constants(document):
        if name.startswith(_ENTRY):
            continue
        try:
            if definitions.define(name, value):
                continue
        except Untranslatable as error:
            line = error.node.start_point.row + 1
            yield Leftover(line, f"{name} is not carried over", "write it in app/workflow.py")
            continue
        if "uardrail" in document.text(value) and "guardrailLlm" not in document.text(value):
            todo = "add it with openai-guardrails"
            yield Leftover(value.start_point.row + 1, f"{name}, of the guardrails, is not carried over", todo)


def _constants(document: Document) -> Iterator[tuple[str, Node]]:
    """Yield the constants at the top of a file, exported ones too."""
    for statement in document.scripts[0].root.named_children:
        declaration = field(statement, "declaration") if statement.type == "export_statement" else statement
        for each in declaration.named_children if declaration is not None else ():
            name, value = (
                (field(each, part) for part in ("name", "value"))
                if each.type == "variable_declarator"
                else (None, None)
            )
            if name is not None and value is not None:
                yield document.text(name), value


def _function(document: Document) -> Node | None:
    for node in walk(document.scripts[0].root):
        name = field(node, "name") if node.type == "function_declaration" else None
        if name is not None and document.text(name).startswith(_ENTRY):
            return node
    return None


def _without_unused(text: str) -> str:
    """Return a module without the imported names that nothing uses."""
    tree = ast.parse(text)
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    # Not splitlines: instructions may hold what is a line's end to it alone, such as U+2028.
    lines = text.split("\n")
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            kept = [each for each in node.names if (each.asname or each.name) in used]
            smaller = type(node)(**{**vars(node), "names": kept})
            lines[node.lineno - 1] = ast.unparse(smaller) if kept else "\0"
    kept_lines = "\n".join(line for line in lines if line != "\0")
    # No more than two blank lines in a row.
    return re.sub(r"\n{4,}", "\n\n\n", kept_lines).rstrip() + "\n"
