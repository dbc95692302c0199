"""Find a page that takes files, and nobody who takes them from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.capabilities import (
    has_attachment_store,
    lacks_attachment_hook,
    only_raises,
    unmade_attachments,
    used_stores,
)
from chatkit_doctor.backend.endpoints.process import Endpoint
from chatkit_doctor.checks.pairs.switches import switch_off, switched_on
from chatkit_doctor.contracts.sdk.sdk_names import (
    CONVERT_ATTACHMENT,
    CREATE_ATTACHMENT,
    LOAD_ATTACHMENT,
    SAVE_ATTACHMENT,
)
from chatkit_doctor.contracts.web_names import API, ATTACHMENTS, SECRET, UPLOAD_STRATEGY, URL
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.options.literals import literal_options, surely
from chatkit_doctor.frontend.pairs.partners import Partner, fitting_partners
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.values import ObjectValue, StringValue
from chatkit_doctor.words import joined

_DIRECT, _TWO_PHASE = "direct", "two_phase"


@dataclass(frozen=True, slots=True)
class _Lack:
    """One part that is not there. line: how it is seen, a line of the page; "" for none. remedy: what to do.

    owner: the class that the line names.
    """

    what: str
    remedy: str
    line: str = ""
    owner: str = ""


def half_configured_attachments(app: App) -> Iterator[Finding]:
    """Find a page that takes files, and nobody who takes them from it."""
    known = {id(each.options): each for each in fitting_partners(app)}
    for site, options in literal_options(app):
        entry = switched_on(options, ATTACHMENTS)
        if entry is None or not app.owns(site.document.path) or app.is_test_or_story(site.document.path):
            continue
        lacks = list(_lacks(options, known.get(id(options))))
        if lacks:
            seen = next((each for each in lacks if each.line), None)
            yield Finding(
                "CK801",
                entry.location,
                f"attachments are on, and {joined([each.what for each in lacks])}",
                label="files are offered",
                help=f"{joined([each.remedy for each in lacks])}, or switch attachments off",
                seen_as=SeenAs(seen.line, {"class": seen.owner} if seen.owner else {}) if seen else None,
                fix=switch_off(app, entry, "attachments"),
            )


def _lacks(options: ObjectValue, partner: Partner | None) -> Iterator[_Lack]:
    entry = surely(options, API)
    api = entry.value if entry is not None else None
    # An api of both shapes has to become one first.
    if not isinstance(api, ObjectValue) or URL not in api.entries or SECRET in api.entries:
        return
    if api.complete and UPLOAD_STRATEGY not in api.entries and not _is_elsewhere(options):
        yield _Lack("api has no uploadStrategy", "set api.uploadStrategy")
    if partner is not None:
        strategy = api.get(UPLOAD_STRATEGY, "type")
        told = strategy.text if isinstance(strategy, StringValue) else ""
        yield from _of_backend(partner.backend, partner.asked, told)


def _is_elsewhere(options: ObjectValue) -> bool:
    """Return whether the strategy stands in another place than api, which is a mistake of its own."""
    pending = [entry.value for name, entry in options.entries.items() if name != API]
    while pending:
        value = pending.pop()
        if isinstance(value, ObjectValue):
            if UPLOAD_STRATEGY in value.entries:
                return True
            pending += [entry.value for entry in value.entries.values()]
    return UPLOAD_STRATEGY in options.entries


def _of_backend(backend: App, asked: Sequence[Endpoint], strategy: str) -> Iterator[_Lack]:
    # Files that go straight to another route never ask the server for a place.
    if strategy != _DIRECT and has_attachment_store(backend, asked) is False:
        yield _Lack("the server has no attachment store", "give the server an AttachmentStore", "store")
    for view in unmade_attachments(backend, asked) if strategy == _TWO_PHASE else ():
        is_silent = view.defines(CREATE_ATTACHMENT)
        what = f"{view.name} {'only raises in' if is_silent else 'has no'} {CREATE_ATTACHMENT}"
        remedy = f"write {CREATE_ATTACHMENT} of {view.name}"
        yield _Lack(what, remedy) if is_silent else _Lack(what, remedy, "phases", view.name)
    for view in used_stores(backend, asked):
        raising = [each for each in (SAVE_ATTACHMENT, LOAD_ATTACHMENT) if only_raises(view, each)]
        if raising:
            named = joined(raising)
            yield _Lack(f"{view.name} only raises in {named}", f"write {named} of {view.name}")
    if lacks_attachment_hook(backend):
        what = f"no converter has {CONVERT_ATTACHMENT}"
        yield _Lack(what, f"override {CONVERT_ATTACHMENT}", "converter")
