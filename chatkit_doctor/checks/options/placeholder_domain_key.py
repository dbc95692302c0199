"""Find a `domainKey` that is no key: an empty text, or a placeholder in an app that is made to be deployed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.domain_keys import is_placeholder_key
from chatkit_doctor.contracts.web_names import API, DOMAIN_KEY, SECRET
from chatkit_doctor.finding import Finding, SeenAs, Severity
from chatkit_doctor.frontend.deployment import deployed_by
from chatkit_doctor.frontend.options.literals import literal_options, objects, surely
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path
from chatkit_doctor.web.evaluation.values import Entry, StringValue

if TYPE_CHECKING:
    from chatkit_doctor.source import Location

_HELP = "add the site to the domain allowlist of your OpenAI organization, and write the key that it gives"
_FROM_ENVIRONMENT = "or read it from the environment that the page is built with"


def placeholder_domain_key(app: App) -> Iterator[Finding]:
    """Find a `domainKey` that is empty, and one that only localhost takes in an app that is deployed."""
    seen: set[Location] = set()
    for site, options in literal_options(app):
        entry = surely(options, API)
        if entry is None or app.is_test_or_story(site.document.path):
            continue
        for api in objects(entry.value):
            key = surely(api, DOMAIN_KEY)
            texts = _texts(key) if key is not None and SECRET not in api.entries else []
            at = _place(app, key, texts) if key is not None and texts else None
            if at is None or at in seen:
                continue
            seen.add(at)
            yield from _finding(app, at, texts)


def _texts(key: Entry) -> list[StringValue]:
    """Return what the key can be, where all of it is text that is known; [] where something else may be the key."""
    found = key.value.alternatives
    texts = [each for each in found if isinstance(each, StringValue)]
    return texts if len(texts) == len(found) else []


def _place(app: App, key: Entry, texts: list[StringValue]) -> Location:
    written = texts[0].location
    return written if len(texts) == 1 and app.owns(written.path) else key.value_location


def _finding(app: App, at: Location, texts: list[StringValue]) -> Iterator[Finding]:
    if not any(each.text.strip() for each in texts):
        yield Finding(
            "CK402",
            at,
            "domainKey is empty, which is the key of no domain",
            label="no key",
            help=f"{_HELP}; on localhost any other text will do",
            seen_as=SeenAs("refused"),
            severity=Severity.ERROR,
            why="OpenAI looks the key up for every page that is not on localhost, and there is none to look up.",
        )
        return
    deployment = deployed_by(app, texts[0].document.path)
    if deployment is None or not all(is_placeholder_key(each.text) for each in texts):
        return
    by = relative_path(deployment, app.base)
    yield Finding(
        "CK402",
        at,
        f"domainKey is the placeholder {texts[-1].text!r} in an app that is made to be deployed ({by})",
        label="a key that works on localhost alone",
        help=f"{_HELP}, {_FROM_ENVIRONMENT}",
        seen_as=SeenAs("refused"),
    )
