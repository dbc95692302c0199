"""Find store methods that give a list, a dict or a whole thread where the server reads something else."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.stores.loading import WrongReturn, keeps_whole_threads, wrong_returns
from chatkit_doctor.backend.stores.thread_changes import thread_change
from chatkit_doctor.checks.store.wrong_store_return_fix import metadata_fix, return_fix
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ATTACHMENT, LOAD_ITEMS, LOAD_THREAD, LOAD_THREADS
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import FunctionNode

_KINDS = {"a dict": "dict", "a list": "list", "a tuple": "tuple", "a text": "str", "None": "NoneType"}
_OF_WHOLE_THREADS = (
    "The server makes a Thread of what is loaded and of its items, and cannot give items to one that has some."
)
# What the server reads first of the result.
_READ_FIRST = {
    LOAD_THREAD: "model_dump",
    LOAD_THREADS: "has_more",
    LOAD_ITEMS: "data",
    LOAD_ATTACHMENT: "model_copy",
}


def wrong_store_return(app: App) -> Iterator[Finding]:
    """Find store methods that give a list, a dict or a whole thread where the server reads something else."""
    seen: set[FunctionNode] = set()
    yield from _whole_threads(app, seen)
    for found in wrong_returns(app):
        method = found.method
        if method.function in seen:
            continue
        seen.add(method.function)
        fact = "where nothing is stored, and the server reads" if found.is_of_nothing else "where the server reads"
        yield Finding(
            "CK213",
            method.module.name_location(method.function),
            f"{method.title} gives {found.given} {fact} {found.article} {found.read}",
            label=f"gives {found.given}",
            help=f"return {found.article} {found.read}",
            why=_OF_WHOLE_THREADS if found.method.name == LOAD_THREAD and found.given not in _KINDS else "",
            seen_as=_seen_as(found),
            fix=None if found.is_of_nothing or found.given == "None" else return_fix(app, found),
        )


def _whole_threads(app: App, seen: set[FunctionNode]) -> Iterator[Finding]:
    """Yield the stores that give back the Thread with its items that the server saves when respond changes it."""
    change = thread_change(app)
    for saving, loading in keeps_whole_threads(app) if change else ():
        if saving.function in seen:
            continue
        seen |= {saving.function, loading.function}
        yield Finding(
            "CK213",
            saving.module.name_location(saving.function),
            f"{saving.title} keeps the Thread with its items, and {loading.name} gives it back",
            label=f"a Thread, after {change} was set in the first turn",
            help="keep a ThreadMetadata, without the items",
            why=_OF_WHOLE_THREADS,
            seen_as=SeenAs("items"),
            fix=metadata_fix(app, saving),
        )


def _seen_as(found: WrongReturn) -> SeenAs | None:
    if found.given.endswith(" of dict"):
        return SeenAs("attribute", {"kind": "dict", "name": "id"})
    kind, name = _KINDS.get(found.given), _READ_FIRST.get(found.method.name)
    if kind is None:
        return SeenAs("items") if found.method.name == LOAD_THREAD else None
    return SeenAs("attribute", {"kind": kind, "name": name}) if name else None
