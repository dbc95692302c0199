"""Ids: text, a new one each time, for every kind of item, and new ones again after a restart."""

from __future__ import annotations

import inspect
import typing
from typing import Any, get_args

from chatkit import store as kit_store

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.bench import Bench
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError

_MANY = 200


@shows("store", "ids")
async def ids_are_new(bench: Bench) -> None:
    """Make many ids of threads and of each kind of item, with this instance and with a second one."""
    thread = samples.thread("thr_check")
    stores = [bench.store, *([await bench.again()] if bench.again is not None else [])]
    for method, arguments in _calls(thread, bench.context):
        # The SDK's own are random: 32 bits, of which two in some 77,000 are the same.
        if getattr(type(bench.store), method) is getattr(kit_store.Store, method):
            continue
        made: list[Any] = []
        for store in stores:
            made += [getattr(store, method)(*arguments) for _ in range(_MANY)]
        case = f"{method}({', '.join(repr(each) for each in arguments if isinstance(each, str))}…)"
        if inspect.isawaitable(made[0]):
            for each in made:
                each.close()
            raise BrokenError(
                "it gives a coroutine where the server takes an id: it is called without await", case, method
            )
        if not isinstance(made[0], str) or not made[0]:
            raise BrokenError(f"it gives {made[0]!r} for an id", case, method)
        if len(set(made)) < len(made):
            number = len(made) - len(set(made))
            whose = " by two instances of the store" if len(stores) > 1 else ""
            raise BrokenError(f"of {len(made)} ids made{whose}, {number} were given before", case, method)


def _calls(thread: Any, context: Any) -> list[tuple[str, tuple[Any, ...]]]:
    # A counter over all kinds is as good as one for each.
    kinds = [each for each in get_args(kit_store.StoreItemType) if each != "thread"]
    return [
        ("generate_thread_id", (context,)),
        *(("generate_item_id", (kind, thread, context)) for kind in typing.cast("list[str]", kinds)),
    ]
