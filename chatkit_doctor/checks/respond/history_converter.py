"""The converter that fixes write, whose form of the assistant's earlier messages every model accepts."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator

from chatkit_doctor.backend.history.converters import CONVERTS_ITEMS
from chatkit_doctor.backend.servers import responders
from chatkit_doctor.contracts.sdk import sdk_names
from chatkit_doctor.contracts.sdk.agents import AGENTS_MODULE
from chatkit_doctor.finding import Edit
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import defined, free_name, imported, renamed
from chatkit_doctor.python.insertion import above_statement, behind_statement
from chatkit_doctor.python.module import Module
from chatkit_doctor.words import last_part

_METHOD = """\
    async def assistant_message_to_input(self, item: AssistantMessageItem) -> TResponseInputItem:
        # The inherited form holds `output_text` parts, which Chat Completions models reject from openai-agents 0.19 on.
        return {"role": "assistant", "content": "".join(part.text for part in item.content)}
"""
_CONVERTER = f'''\
class HistoryConverter(ThreadItemConverter):
    """Turn stored thread items into input that every model accepts."""

{_METHOD}

'''
_METHOD_IMPORTS = {AGENTS_MODULE: ["TResponseInputItem"], sdk_names.TYPES: ["AssistantMessageItem"]}
_CONVERTER_IMPORTS = {
    AGENTS_MODULE: ["TResponseInputItem"],
    sdk_names.AGENTS: [last_part(sdk_names.CONVERTER)],
    sdk_names.TYPES: ["AssistantMessageItem"],
}
_NAME = "HistoryConverter"


def history_converter(
    app: App, module: Module, user: ast.AST, unused: Collection[str] = ()
) -> tuple[str, tuple[Edit, ...]]:
    """Return the name of the converter in a file and the edits that write it there, none where it is there already.

    user: what uses it first, as far as the caller knows. unused: names that leave the imports when it comes.
    """
    brought = imported(app.names(module), _CONVERTER_IMPORTS, unused=unused)
    code = renamed(_CONVERTER, brought.local)
    if (name := defined(module, code)) is not None:
        return name, ()
    name = free_name(module, _NAME)
    # At one place for all that use it in the file, so that they share it.
    first = min([user, *_users(app, module)], key=lambda node: int(getattr(node, "lineno", 0)))
    # Where both go to one place, what the code needs comes first.
    return name, (*brought.edits, above_statement(module, first, renamed(code, {_NAME: name})))


def _users(app: App, module: Module) -> Iterator[ast.AST]:
    yield from (each.function for each in responders(app) if each.module is module)
    for call in module.nodes(ast.Call):
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if called in CONVERTS_ITEMS or called == last_part(sdk_names.CONVERTER):
            yield call


def answer_method(app: App, module: Module, owner: ast.ClassDef) -> Iterator[Edit]:
    """Yield the edits that give a converter of the project the method; its body stands below its first line."""
    brought = imported(app.names(module), _METHOD_IMPORTS)
    indent = module.source.line(owner.body[-1].lineno)[: owner.body[-1].col_offset]
    lines = renamed(_METHOD, brought.local).replace("    ", indent or "    ").rstrip("\n")
    yield behind_statement(module, owner.body[-1], f"\n{lines}")
    yield from brought.edits
