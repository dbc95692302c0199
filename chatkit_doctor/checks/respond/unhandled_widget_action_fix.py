"""The fix that has a server tell the assistant of an action, and the assistant answer."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.sdk import sdk_names
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.inserted_names import imported, renamed
from chatkit_doctor.python.insertion import behind_statement, has_own_lines
from chatkit_doctor.words import last_part

_METHOD = '''\
    async def action(
        self, thread: ThreadMetadata, action: Action[str, Any], sender: WidgetItem | None, context: Any
    ) -> AsyncIterator[ThreadStreamEvent]:
        """Tell the assistant what was done in a widget, and have it answer."""
        # The payload comes from the browser: check it before anything is done with it.
        done = HiddenContextItem(
            id=self.store.generate_item_id("message", thread, context),
            thread_id=thread.id,
            created_at=datetime.now(),
            content=f"The user chose {action.type} in a widget: {action.payload}",
        )
        await self.store.add_thread_item(thread.id, done, context=context)
        async for event in self.respond(thread, None, context):
            yield event
'''
_SDK = (sdk_names.THREAD, sdk_names.EVENT, sdk_names.HIDDEN_CONTEXT, sdk_names.WIDGET_ITEM)
_IMPORTS = {
    "collections.abc": ["AsyncIterator"],
    "datetime": ["datetime"],
    "typing": ["Any"],
    sdk_names.ACTION_GIVEN.rpartition(".")[0]: [last_part(sdk_names.ACTION_GIVEN)],
    sdk_names.TYPES: [last_part(each) for each in _SDK],
}


def answering_fix(app: App, server: ClassView) -> Fix | None:
    """Return the fix that writes the method; None where the class has its body on its first line."""
    module, node = server.own.module, server.own.node
    if not has_own_lines(module, node):
        return None

    def build() -> Iterator[Edit]:
        brought = imported(app.names(module), _IMPORTS)
        line = module.source.line(node.body[-1].lineno)
        indent = line[: node.body[-1].col_offset]
        lines = renamed(_METHOD, brought.local).replace("    ", indent or "    ").rstrip("\n")
        yield behind_statement(module, node.body[-1], f"\n{lines}")
        yield from brought.edits

    title = f"tell the assistant of actions in {server.name}"
    return Fix(title, Applicability.UNSAFE, lambda: tuple(build()))
