"""CK303: the reference app's new ids, made once for all that a run writes, or not told to the updates."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation

_PATH = "backend/app/unique_ids.py"
_ADDED = """\
                new_ids.setdefault(item.id, []).append(context.generate_id("message"))
                item.id = new_ids[item.id][-1]
            case (
"""
_UPDATED = """\
            case ThreadItemUpdatedEvent() if event.item_id in new_ids:
                event.item_id = new_ids[event.item_id][-1]
            case ThreadItemRemovedEvent() if event.item_id in new_ids:
                for item_id in new_ids[event.item_id]:
                    yield ThreadItemRemovedEvent(item_id=item_id)
                continue
"""

MUTATIONS = (
    mutation(
        "CK303",
        "filled-once",
        "item.id not in new_ids",
        Edit(
            _PATH,
            _ADDED,
            "                if item.id not in new_ids:\n"
            '                    new_ids[item.id] = [context.generate_id("message")]\n'
            "                item.id = new_ids[item.id][-1]\n"
            "            case (\n",
        ),
    ),
    mutation(
        "CK303",
        "updates-forgotten",
        "item.id",
        Edit(_PATH, _UPDATED, ""),
        Edit(_PATH, "    ThreadItemRemovedEvent,\n", ""),
        Edit(_PATH, "    ThreadItemUpdatedEvent,\n", ""),
        fixable=False,
    ),
)
