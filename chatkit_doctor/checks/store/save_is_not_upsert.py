"""Find saving methods that do not put the newer in the place of the older."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.stores.saving import Saving, careless_savings
from chatkit_doctor.checks.store.merged_row_fix import merging_fix
from chatkit_doctor.checks.store.replaced_document_fix import document_fix
from chatkit_doctor.checks.store.save_is_not_upsert_fix import replacing_fix
from chatkit_doctor.checks.store.upsert_statement_fix import upsert_fix
from chatkit_doctor.contracts.sdk.sdk_names import SAVE_ATTACHMENT, SAVE_ITEM
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App

_WHAT = {SAVE_ITEM: "item", SAVE_ATTACHMENT: "attachment"}
_ONE = {"item": "an item", "attachment": "an attachment", "thread": "a thread"}
_FACTS = {
    Saving.DOUBLED: ("adds a second {} where one of the same id is stored", "two of one id"),
    Saving.LEFT: ("leaves a stored {} as it was", "the older one stays"),
    Saving.INSERTED: ("inserts the {} also where it is stored already", "a plain insert"),
    Saving.NOTHING: ("does nothing with the {} that it is given", "nothing is kept"),
    Saving.STAMPED: ("keeps of a {} that is stored already nothing but the time", "the older one stays"),
    Saving.UNTITLED: ("does not keep the new title of a stored {}", "the title is dropped"),
}
_REPLACE = "replace the {} that has the same id, and add one only where there is none"
_HELP = {
    Saving.STAMPED: "write its title, status and metadata as well",
    Saving.UNTITLED: "keep the title with the rest, and give it back when the thread is loaded",
}
_SEEN = {Saving.DOUBLED: "doubled"} | dict.fromkeys((Saving.LEFT, Saving.NOTHING, Saving.STAMPED), "stale")


def save_is_not_upsert(app: App) -> Iterator[Finding]:
    """Find saving methods that do not put the newer in the place of the older."""
    for saved in careless_savings(app):
        what = _WHAT.get(saved.method.name, "thread")
        fact, label = _FACTS[saved.outcome]
        line = _SEEN.get(saved.outcome)
        yield Finding(
            "CK209",
            saved.method.module.name_location(saved.method.function),
            f"{saved.method.title} {fact.format(what)}",
            label=label,
            help=_HELP.get(saved.outcome, _REPLACE.format(what)),
            seen_as=SeenAs(line, {"what": _ONE[what]}) if line else None,
            fix=replacing_fix(saved) or upsert_fix(app, saved) or merging_fix(app, saved) or document_fix(saved),
        )
