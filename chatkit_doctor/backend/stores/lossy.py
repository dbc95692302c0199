"""Which kinds of items a store can give back."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.stores.concrete import StoreMethod
from chatkit_doctor.backend.stores.paging import pagings
from chatkit_doctor.contracts.sdk.sdk_names import ITEM, LOAD_ITEMS
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part

# Who gives back as many kinds has thought of what there is.
_MOST_KINDS = 3


@dataclass(frozen=True, slots=True)
class LossyStorage:
    """A method that builds items field by field. kinds: the classes that it builds; lost: those that it never does."""

    method: StoreMethod
    kinds: tuple[str, ...]
    lost: tuple[str, ...]


def lossy_storages(app: App) -> Iterator[LossyStorage]:
    """Yield the methods that load items and make every row one of few kinds."""
    for paging in pagings(app):
        if paging.method.name != LOAD_ITEMS:
            continue
        kinds = {
            kind
            for reading in paging.readings
            for page in (*reading.ascending, *reading.descending)
            for kind in page.kinds
        }
        contract = contract_for(app, paging.method.module.source.path)
        union = contract.union(ITEM)
        members = {each for each in union.members if isinstance(each, str)} if union else set()
        if kinds and kinds <= members and len(kinds) <= _MOST_KINDS < len(members):
            yield LossyStorage(paging.method, _named(kinds), _named(members - kinds))


def _named(kinds: set[str]) -> tuple[str, ...]:
    return tuple(sorted(map(last_part, kinds)))
