"""Find an `api` with a `url` of one's own server and no `domainKey`, each literal once."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.options.missing_domain_key_fix import domain_key_fix
from chatkit_doctor.checks.options.words import help_of, label_of, refused
from chatkit_doctor.contracts.web_names import API
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.options.problems import problems_of
from chatkit_doctor.frontend.options.readers import for_addition
from chatkit_doctor.project.app import App
from chatkit_doctor.web.evaluation.values import ObjectValue

_HELP = "add domainKey: any text will do on localhost, the key of your allowlisted domain in production"


def missing_domain_key(app: App) -> Iterator[Finding]:
    """Find an `api` with a `url` of one's own server and no `domainKey`, each literal once."""
    for _, _, problem in problems_of(app, "CK401"):
        api, entry = problem.value, problem.entry
        if entry is None or not isinstance(api, ObjectValue):
            continue
        yield Finding(
            "CK401",
            entry.key_location if problem.shared is None else problem.shared.at,
            f"api has a url and no domainKey, {refused(problem)}",
            label=label_of(problem, "lacks domainKey"),
            help=help_of(problem, _HELP),
            row=9,
            seen_as=SeenAs(API),
            fix=for_addition(app, api.document, api.node, domain_key_fix(app, api)),
        )
