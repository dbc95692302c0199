"""CK314: an answer to a widget's action in the reference app, under the id of OpenAI's page on actions."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.edits.item_never_done import ACTION, CANCELLED, IMPORTS
from tests.mutations.rows import SERVER

_NEW_ID = 'id=self.store.generate_item_id("message", thread, context)'
_ACTION = ACTION.replace(_NEW_ID, 'id="item_123"').replace("ThreadItemAddedEvent(", "ThreadItemDoneEvent(")

_WRITTEN = Edit(SERVER, CANCELLED, f"{_ACTION}{CANCELLED}")

MUTATIONS = (mutation("CK314", "answer-to-an-action", '"item_123"', _WRITTEN, *IMPORTS),)
