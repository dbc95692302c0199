"""Find options that are handed to the element while the script that defines it is still on its way."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.web_names import SET_OPTIONS, TAG
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.page.early import EarlyCall, early_calls
from chatkit_doctor.project.app import App
from chatkit_doctor.web.tree import field
from chatkit_doctor.web.writing.literals import quoted


def options_before_definition(app: App) -> Iterator[Finding]:
    """Find a call of `setOptions` that comes, or can come, before the element has one."""
    for early in early_calls(app):
        document = early.document
        function = field(early.call, "function")
        at = document.location(function) if function is not None else document.location(early.call)
        when = "runs before" if early.sure else "can run before"
        yield Finding(
            "CK416",
            at,
            f"{' '.join(at.text.split())} {when} the script that defines <{TAG}>, which loads beside the page",
            label=f"{SET_OPTIONS} may not be there yet" if not early.sure else f"{SET_OPTIONS} is not there yet",
            help=f"wait for customElements.whenDefined('{TAG}')",
            seen_as=SeenAs("method", {"method": " ".join(at.text.split())}),
            fix=_waiting_fix(early),
        )


def _waiting_fix(early: EarlyCall) -> Fix | None:
    """Return the fix that calls once the element is defined; None where something is done with what the call gives."""
    call, document = early.call, early.document
    if call.parent is None or call.parent.type != "expression_statement":
        return None
    at = document.location(call)
    source = at.source
    before = f"customElements.whenDefined({quoted(document, TAG)}).then(() => "
    edits = [Edit(source.location(at.start, at.start), before), Edit(source.location(at.end, at.end), ")")]
    return Fix("wait until the element is defined", Applicability.UNSAFE, lambda: edits)
