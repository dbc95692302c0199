"""The fix that derives a class from the SDK's Store, which brings what that has by itself: the making of ids."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.unrelated_stores import UnrelatedStore
from chatkit_doctor.contracts.sdk.sdk_names import STORE
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.inserted_names import imported
from chatkit_doctor.words import last_part


def deriving_fix(app: App, found: UnrelatedStore) -> Fix | None:
    """Return the fix that derives a class from Store; None where that would leave it with abstract methods."""
    module, node = found.view.own.module, found.view.own.node
    base = contract_for(app, module.source.path).class_(STORE)
    if base is None or not all(map(found.view.defines, base.abstract_methods)) or node.keywords:
        return None

    def build() -> Iterator[Edit]:
        home, _, name = STORE.rpartition(".")
        brought = imported(app.names(module), {home: [name]})
        local = brought.local[name]
        at = module.name_location(node)
        source = module.source
        if node.bases:
            end = module.location(node.bases[-1]).end
            yield Edit(source.location(end, end), f", {local}")
        else:
            empty = source.text[at.end :].startswith("()")
            yield Edit(source.location(at.end, at.end + 2 * empty), f"({local})")
        yield from brought.edits

    return Fix(f"derive {found.view.name} from {last_part(STORE)}", Applicability.UNSAFE, lambda: tuple(build()))
