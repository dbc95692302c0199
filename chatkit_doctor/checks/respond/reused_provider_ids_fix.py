"""The code that the fix of CK302 writes: a generator which gives the items of a stream ids of their own."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.runs.streams import Stream, streams
from chatkit_doctor.contracts.sdk.sdk_names import AGENTS, TYPES
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import defined, free_name, imported, renamed
from chatkit_doctor.python.insertion import above_statement
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
_NAME = "with_unique_ids"
_IMPORTS = {
    AGENTS: ["AgentContext"],
    TYPES: [
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
    if not isinstance(context, ast.Name):
        return None

    def build() -> Iterator[Edit]:
        module = stream.module
        contract = contract_for(app, module.source.path)
        updated = next((name for name in _UPDATED if contract.has_name(TYPES, name)), _UPDATED[0])
        code = _UNIQUE_IDS.replace(_UPDATED[0], updated)
        wanted = {path: [updated if name == _UPDATED[0] else name for name in each] for path, each in _IMPORTS.items()}
        brought = imported(app.names(module), wanted | _async_iterator(module))
        code = renamed(code, brought.local)
        name = defined(module, code)
        if name is None:
            name = free_name(module, _NAME)
            # At one place for all streams of the file, so that they share it.
            first = min((each.call for each in streams(app) if each.module is module), key=lambda call: call.lineno)
            # Where both go to one place, what the code needs comes first.
            yield from brought.edits
            yield above_statement(module, first, renamed(code, {_NAME: name}))
        at = module.location(stream.call)
        yield Edit(module.source.location(at.start, at.start), f"{name}(")
        yield Edit(module.source.location(at.end, at.end), f", {context.id})")

    return Fix("give each message an id of its own", Applicability.SAFE, lambda: tuple(build()))


def _async_iterator(module: Module) -> dict[str, list[str]]:
    """Return the import of AsyncIterator, from where the file has it already."""
    for each in module.nodes(ast.ImportFrom):
        if each.module == "typing" and any(alias.name == "AsyncIterator" for alias in each.names):
            return {"typing": ["Any", "AsyncIterator"]}
    return {"collections.abc": ["AsyncIterator"]}
