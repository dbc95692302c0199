"""Classes that servers are given for their Store and that are none: what the server calls and they lack."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.capabilities import given_stores
from chatkit_doctor.backend.completed import GivenNames
from chatkit_doctor.backend.contract import contract_for, is_foreign
from chatkit_doctor.contracts.sdk.sdk_names import STORE
from chatkit_doctor.contracts.sdk.server_calls import server_calls
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.records import dataclass

_OF_FILES = "_attachment"
_ANY_NAME = ("__getattr__", "__getattribute__")


@dataclass(frozen=True, slots=True)
class UnrelatedStore:
    """A class that does not derive from the SDK's Store. missing: the methods that the server calls and it lacks."""

    view: ClassView
    missing: tuple[str, ...]


def unrelated_stores(app: App) -> Iterator[UnrelatedStore]:
    """Yield the classes of such objects that lack a method which the server calls, each once."""
    seen: set[object] = set()
    for view in given_stores(app):
        path = view.own.module.source.path
        if view.own.node in seen or app.is_test_file(path) or is_foreign(app, path):
            continue
        seen.add(view.own.node)
        # What is not known to be harmless may define anything.
        if not view.is_complete or view.unknown_externals(()) or any(map(view.defines, _ANY_NAME)):
            continue
        given = GivenNames(app, view)
        called = server_calls(STORE, contract_for(app, path).version)
        missing = tuple(
            name
            for name in called
            # Those are called where somebody sends a file, which an app may not let them.
            if not name.endswith(_OF_FILES)
            and not view.defines(name)
            and not any(given.may_give(each, name) for each in view.classes)
        )
        if missing and not given.is_open:
            yield UnrelatedStore(view, missing)
