"""Return the fix that passes a stream's events through a generator which gives the items ids of their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.runs.streams import Stream
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.import_edits import import_edits
from chatkit_doctor.python.module import Module

_UNIQUE_IDS = '''\
async def with_unique_ids(
    events: AsyncIterator[ThreadStreamEvent], context: AgentContext[Any]
) -> AsyncIterator[ThreadStreamEvent]:
    """Give each item of a run an id of its own: Chat Completions models call every one `__fake_id__`."""
    new_ids: dict[str, list[str]] = {}  # the model's id -> the ids given in its place, the current one last
    async for event in events:
        match event:
            case ThreadItemAddedEvent(item=AssistantMessageItem() as item):
                new_ids.setdefault(item.id, []).append(context.generate_id("message"))
                item.id = new_ids[item.id][-1]
            case (
                ThreadItemDoneEvent(item=AssistantMessageItem() as item)
                | ThreadItemReplacedEvent(item=AssistantMessageItem() as item)
            ) if item.id in new_ids:
                item.id = new_ids[item.id][-1]
            case ThreadItemDoneEvent(item=ClientToolCallItem() as item):
                item.id = context.generate_id("tool_call")
            case ThreadItemUpdatedEvent() if event.item_id in new_ids:
                event.item_id = new_ids[event.item_id][-1]
            case ThreadItemRemovedEvent() if event.item_id in new_ids:
                for item_id in new_ids[event.item_id]:
                    yield ThreadItemRemovedEvent(item_id=item_id)
                continue
        yield event


'''
_UNIQUE_IDS_IMPORTS = {
    "chatkit.agents": ["AgentContext"],
    "chatkit.types": [
        "AssistantMessageItem",
        "ClientToolCallItem",
        "ThreadItemAddedEvent",
        "ThreadItemDoneEvent",
        "ThreadItemRemovedEvent",
        "ThreadItemReplacedEvent",
        "ThreadItemUpdatedEvent",
        "ThreadStreamEvent",
    ],
    "typing": ["Any"],
}
# The event of an update, by its name today and the one it had before.
_UPDATED = ("ThreadItemUpdatedEvent", "ThreadItemUpdated")


def own_ids_fix(app: App, stream: Stream) -> Fix | None:
    """Return the fix that passes a stream's events through a generator which gives the items ids of their own."""
    context = stream.call.args[0] if stream.call.args else None
    if not isinstance(context, ast.Name) or _defines(stream.module, "with_unique_ids"):
        return None

    def build() -> Iterator[Edit]:
        module = stream.module
        at = module.location(stream.call)
        yield Edit(module.source.location(at.start, at.start), "with_unique_ids(")
        yield Edit(module.source.location(at.end, at.end), f", {context.id})")
        contract = contract_for(app, module.source.path)
        updated = next((name for name in _UPDATED if contract.has_name("chatkit.types", name)), _UPDATED[0])
        types = [updated if name == _UPDATED[0] else name for name in _UNIQUE_IDS_IMPORTS["chatkit.types"]]
        yield _insert_above(module, stream.call, _UNIQUE_IDS.replace(_UPDATED[0], updated))
        yield from import_edits(module, {**_UNIQUE_IDS_IMPORTS, "chatkit.types": types, **_async_iterator(module)})

    return Fix("give each message an id of its own", Applicability.SAFE, lambda: tuple(build()))


def _insert_above(module: Module, node: ast.AST, code: str) -> Edit:
    """Put code before the top-level statement that a node is part of, comments and decorators included in it."""
    around = [node, *module.ancestors(node)]
    top = around[-2]
    assert isinstance(top, ast.stmt)
    lines = [top.lineno, *(each.lineno for each in getattr(top, "decorator_list", []))]
    line = min(lines)
    source = module.source
    while line > 1 and source.line(line - 1).startswith("#"):
        line -= 1
    above = 0
    while above < min(2, line - 1) and not source.line(line - 1 - above).strip():
        above += 1
    start = source.line_start(line)
    return Edit(source.location(start, start), "\n" * (2 - above) + code)


def _defines(module: Module, name: str) -> bool:
    return any(isinstance(each, ast.ClassDef | ast.AsyncFunctionDef) and each.name == name for each in module.tree.body)


def _async_iterator(module: Module) -> dict[str, list[str]]:
    """Return the import of AsyncIterator, from where the file has it already."""
    for each in module.nodes(ast.ImportFrom):
        if each.module == "typing" and any(alias.name == "AsyncIterator" for alias in each.names):
            return {"typing": ["Any", "AsyncIterator"]}
    return {"collections.abc": ["AsyncIterator"]}
