"""CK117: an item of the reference app that is dumped as Python has it, and written as JSON."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation
from tests.mutations.rows import SQLITE

MUTATIONS = (
    mutation(
        "CK117",
        "item",
        "item.model_dump()",
        Edit(SQLITE, '"body": item.model_dump_json()', '"body": json.dumps(item.model_dump())'),
        Edit(
            SQLITE,
            "from collections.abc import Callable, Sequence\n",
            "import json\nfrom collections.abc import Callable, Sequence\n",
        ),
    ),
)
