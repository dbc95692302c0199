"""Find overrides that the calls of the SDK do not reach, or reach in another order."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.instances import is_idle_double
from chatkit_doctor.backend.overrides import overrides
from chatkit_doctor.backend.signatures import call_text, mismatch, mismatch_help, mismatch_message
from chatkit_doctor.checks.absence import severity_of_absence
from chatkit_doctor.checks.store.incompatible_store_signature_fix import signature_fix
from chatkit_doctor.checks.store.words import mismatch_seen_as
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.finding import Finding
from chatkit_doctor.project.app import App


def incompatible_store_signature(app: App) -> Iterator[Finding]:
    """Find overrides that the calls of the SDK do not reach, or reach in another order."""
    for override in overrides(app):
        found = mismatch(override)
        if found is None or override.only_raises or is_idle_double(app, override.view):
            continue
        module, function = override.module, override.function
        yield Finding(
            "CK202",
            module.parameter_location(found.span) if found.span else module.name_location(function),
            mismatch_message(override, found),
            label=f"ChatKit calls {call_text(override, found.call)}",
            help=mismatch_help(override),
            seen_as=mismatch_seen_as(override, found),
            severity=severity_of_absence(app, module.source.path, CHATKIT),
            fix=signature_fix(app, override, found),
        )
