"""Find agents whose model is named with a prefix that the Agents SDK does not know."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.agents.model_prefixes import UnknownPrefix, unknown_prefixes
from chatkit_doctor.contracts.sdk.agents import AGENTS, known_prefixes, model_prefixes
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.model import Ecosystem
from chatkit_doctor.words import joined


def unknown_model_prefix(app: App) -> Iterator[Finding]:
    """Find agents whose model is named with a prefix that the Agents SDK does not know."""
    litellm = model_prefixes()[0]
    for found in unknown_prefixes(app):
        known = joined([f"{each}/" for each in known_prefixes()])
        yield Finding(
            "CK316",
            found.text.module.location(found.text.expr),
            f"{found.name!r} begins with {found.prefix + '/'!r}, and {AGENTS} knows {known} alone",
            label="an unknown prefix",
            help=f"write {litellm}{found.name}, for which {AGENTS} has the extra litellm, or map it in a MultiProvider",
            seen_as=SeenAs("unknown", {"prefix": found.prefix}),
            fix=_fix(app, found, litellm),
        )


def _fix(app: App, found: UnknownPrefix, litellm: str) -> Fix | None:
    """Return the fix that hands the name to LiteLLM; None where nothing asks for its extra."""
    declared = [each for manifest in app.declared_around(Ecosystem.PYTHON) for each in manifest.requirements]
    if not any(each.package == AGENTS and "litellm" in each.extras for each in declared):
        return None
    at = found.text.module.location(found.text.expr)
    inside = at.text.find(found.name)
    if inside < 0:
        return None
    edit = Edit(found.text.module.source.location(at.start + inside, at.start + inside), litellm)
    return Fix(f"hand it to LiteLLM by {litellm}", Applicability.SAFE, lambda: (edit,))
