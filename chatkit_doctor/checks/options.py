"""CK4: the options that a web page hands to ChatKit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.checks._api_shape import wrong_shapes
from chatkit_doctor.checks._clearing import uncleared_ids
from chatkit_doctor.checks._control import missing_controls
from chatkit_doctor.checks._domain_key import domain_key_fix
from chatkit_doctor.checks._option_findings import missing_keys, unknown_keys, wrong_values
from chatkit_doctor.checks._option_handlers import unknown_events, unknown_handlers
from chatkit_doctor.checks._options import is_never_handed_over, items, literal_options, objects, surely
from chatkit_doctor.checks._persistence import forgotten_threads
from chatkit_doctor.checks._prompt_icons import bad_icon
from chatkit_doctor.checks._prompts import bad_key, prompt_missing
from chatkit_doctor.checks._web_imports import failing_imports
from chatkit_doctor.checks.registry import CHATKIT, rule
from chatkit_doctor.finding import Finding
from chatkit_doctor.project import Project
from chatkit_doctor.web.values import ObjectValue

if TYPE_CHECKING:
    from chatkit_doctor.web.document import Document


@rule("CK401", web=CHATKIT)
def missing_domain_key(project: Project) -> Iterator[Finding]:
    """Find an `api` with a `url` of one's own server and no `domainKey`, each literal once."""
    seen: set[tuple[Document, int]] = set()
    for site, options in literal_options(project):
        entry = surely(options, "api")
        if entry is None or is_never_handed_over(site):
            continue
        for api in objects(entry.value):
            place = (api.document, api.node.start_byte)
            if place in seen or not api.complete or surely(api, "url") is None:
                continue
            if api.entries.keys() & {"domainKey", "getClientSecret"}:
                continue
            seen.add(place)
            yield Finding(
                "CK401",
                entry.key_location,
                "api has a url and no domainKey, so ChatKit refuses the options and draws nothing",
                label="lacks domainKey",
                help="add domainKey: any text will do on localhost, the key of your allowlisted domain in production",
                fix=domain_key_fix(api),
            )


@rule("CK403", web=CHATKIT)
def invalid_api_shape(project: Project) -> Iterator[Finding]:
    """Find an `api` with keys of two kinds of server, of none, or with its keys in another place."""
    yield from wrong_shapes(project)


@rule("CK404", web=CHATKIT)
def invalid_prompt_key(project: Project) -> Iterator[Finding]:
    """Find a start-screen prompt with another key for its label, or without its prompt."""
    for prompt in _prompts(project):
        yield from bad_key(prompt)
        yield from prompt_missing(prompt)


@rule("CK405", web=CHATKIT)
def invalid_prompt_icon(project: Project) -> Iterator[Finding]:
    """Find a start-screen prompt whose icon ChatKit does not have."""
    for prompt in _prompts(project):
        yield from bad_icon(project, prompt)


@rule("CK406", web=CHATKIT)
def unknown_option(project: Project) -> Iterator[Finding]:
    """Find a key that no release of ChatKit accepts at its place."""
    yield from unknown_keys(project)


@rule("CK407", web=CHATKIT)
def invalid_option_value(project: Project) -> Iterator[Finding]:
    """Find a value outside its option's type."""
    yield from wrong_values(project)


@rule("CK408", web=CHATKIT)
def missing_option(project: Project) -> Iterator[Finding]:
    """Find an object without a key that ChatKit requires in it."""
    yield from missing_keys(project)


@rule("CK409", web=CHATKIT)
def thread_not_persisted(project: Project) -> Iterator[Finding]:
    """Find an app on its own server whose open thread is lost with a reload."""
    yield from forgotten_threads(project)


@rule("CK410", web=CHATKIT)
def new_chat_not_cleared(project: Project) -> Iterator[Finding]:
    """Find a saved thread id that stays saved when a new chat begins."""
    yield from uncleared_ids(project)


@rule("CK411", web=CHATKIT)
def unknown_handler(project: Project) -> Iterator[Finding]:
    """Find a handler that is never called, and a listener for an event that never comes."""
    yield from unknown_handlers(project)
    yield from unknown_events(project)


@rule("CK413", web=CHATKIT)
def types_only_import(project: Project) -> Iterator[Finding]:
    """Find an import that fails, of the package of types or of a name that ChatKit's packages do not have."""
    yield from failing_imports(project)


@rule("CK414", web=CHATKIT)
def missing_chatkit_control(project: Project) -> Iterator[Finding]:
    """Find a `<ChatKit>` that does not get the control of its hook."""
    yield from missing_controls(project)


def _prompts(project: Project) -> Iterator[ObjectValue]:
    """Yield the prompts of all start screens, each literal once."""
    seen: set[tuple[Document, int]] = set()
    for _, options in literal_options(project):
        for screen in objects(options.get("startScreen")):
            for item in items(screen.get("prompts")):
                key = (item.document, item.node.start_byte)
                if isinstance(item, ObjectValue) and key not in seen:
                    seen.add(key)
                    yield item
