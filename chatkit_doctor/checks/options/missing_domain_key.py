"""Find an `api` with a `url` of one's own server and no `domainKey`, each literal once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.checks.options.missing_domain_key_fix import domain_key_fix
from chatkit_doctor.contracts.web_names import API, DOMAIN_KEY, SECRET, URL
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.options.literals import is_never_handed_over, literal_options, objects, surely
from chatkit_doctor.frontend.options.readers import for_addition
from chatkit_doctor.project.app import App

if TYPE_CHECKING:
    from chatkit_doctor.web.document import Document


def missing_domain_key(app: App) -> Iterator[Finding]:
    """Find an `api` with a `url` of one's own server and no `domainKey`, each literal once."""
    seen: set[tuple[Document, int]] = set()
    for site, options in literal_options(app):
        entry = surely(options, API)
        if entry is None or is_never_handed_over(site):
            continue
        for api in objects(entry.value):
            place = (api.document, api.node.start_byte)
            if place in seen or not api.complete or surely(api, URL) is None:
                continue
            if api.entries.keys() & {DOMAIN_KEY, SECRET}:
                continue
            seen.add(place)
            yield Finding(
                "CK401",
                entry.key_location,
                "api has a url and no domainKey, so ChatKit refuses the options and draws nothing",
                label="lacks domainKey",
                help="add domainKey: any text will do on localhost, the key of your allowlisted domain in production",
                row=9,
                seen_as=SeenAs(API),
                fix=for_addition(app, api.document, api.node, domain_key_fix(api)),
            )
