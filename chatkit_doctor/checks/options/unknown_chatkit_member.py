"""Find methods, properties, attributes and globals that ChatKit does not have."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.options.words import severity
from chatkit_doctor.contracts.element import (
    control_members,
    hook_members,
    hook_methods,
    method_history,
    mistaken_calls,
    mistaken_methods,
    mistaken_settings,
)
from chatkit_doctor.contracts.published import CHATKIT_REACT
from chatkit_doctor.contracts.web import handlers, methods
from chatkit_doctor.contracts.web_names import HOOK, SET_OPTIONS, TAG
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs, Severity
from chatkit_doctor.frontend.asked import AskedMember, Manner, Owner, asked
from chatkit_doctor.frontend.globals import GlobalUse, global_uses
from chatkit_doctor.frontend.releases import carries_packages, react_release
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined, nearest

# What Vue, Angular and Lit write around the name of what they set.
_BINDING = regex(r"^(?:v-bind)?:|^\[(?:attr\.)?|\]$|^\.|\.(?:prop|attr|camel)$")
_NEVER_LOOKED_AT = (
    "The element has methods and no properties or attributes of its own; it takes what it is told from setOptions."
)


def unknown_chatkit_member(app: App) -> Iterator[Finding]:
    """Find what ChatKit is asked for and does not have, unless the code looks first whether it is there."""
    if carries_packages(app):
        return
    uses = asked(app)
    guarded = {(each.document, each.owner, each.name) for each in uses if each.guarded}
    for each in uses:
        if each.through or (each.document, each.owner, each.name) in guarded:
            continue
        if each.owner is Owner.ELEMENT and each.manner in {Manner.SET, Manner.ATTRIBUTE}:
            yield from _settings(each)
        else:
            yield from _members(app, each)
    for use in global_uses(app):
        yield _global(use)


def _members(app: App, use: AskedMember) -> Iterator[Finding]:
    release = react_release(app, use.document.path)
    known = _known(use.owner, release)
    if use.name in known or (use.owner is Owner.ELEMENT and not _is_meant_for_chatkit(use.name)):
        return
    meant = _meant(use, known)
    yield Finding(
        "CK418",
        use.document.location(use.node),
        _message(use, release),
        label="not there",
        help=_help(use, meant, known, release),
        seen_as=_called_as(use),
        severity=severity(app, use.document.path),
        fix=_fix(use, meant) if meant is not None and use.owner is not Owner.CONTROL else None,
    )


def _meant(use: AskedMember, known: frozenset[str]) -> str | None:
    """Return the member that is surely meant, and that takes what is given."""
    if use.name in mistaken_calls():
        return None
    candidates = known & methods().keys() if use.call is not None else known
    meant = mistaken_methods().get(use.name) or nearest(use.name, candidates)
    return meant if meant in known else None


def _known(owner: Owner, release: str | None) -> frozenset[str]:
    match owner:
        case Owner.RESULT:
            return hook_members(release)
        case Owner.CONTROL:
            return control_members(release)
    return frozenset(methods())


def _is_meant_for_chatkit(name: str) -> bool:
    """Return whether a method of the element is one of ChatKit's by mistake, and not one of every element."""
    return name in mistaken_methods() or name in mistaken_calls() or _near_method(name)


def _near_method(name: str) -> bool:
    near = nearest(name, methods())
    # Long enough, so that a method of every element is never one that is nearly ChatKit's.
    return near is not None and len(name) >= len("setOption")


def _message(use: AskedMember, release: str | None) -> str:
    match use.owner:
        case Owner.RESULT:
            since = method_history(use.name)
            if since is not None:
                return f"{HOOK} returns {use.name} from {CHATKIT_REACT} {since.first} on, and here it is {release}"
            return f"{HOOK} returns no {use.name}"
        case Owner.CONTROL:
            return f"the control of {HOOK} has no {use.name}"
    return f"the element of ChatKit has no method {use.name}"


def _help(use: AskedMember, meant: str | None, known: frozenset[str], release: str | None) -> str:
    since = method_history(use.name)
    if use.owner is Owner.RESULT and since is not None and release is not None:
        return f"use {CHATKIT_REACT} {since.first} or newer"
    if meant is not None:
        return f"use {meant}"
    if (other := mistaken_calls().get(use.name)) in known:
        return f"use {other}, which takes other arguments"
    if use.owner is Owner.CONTROL:
        return f"pass control on as it is; what {HOOK} returns has {joined(sorted(hook_methods(release)))}"
    return f"use one of its members: {joined(sorted(known))}"


def _called_as(use: AskedMember) -> SeenAs | None:
    if use.manner is not Manner.CALLED:
        return None
    return SeenAs("method", {"method": " ".join(use.document.text(use.chain).split())})


def _fix(use: AskedMember, meant: str) -> Fix | None:
    """Return the fix that writes the right name; a name that a pattern gives stays."""
    document, node = use.document, use.node
    at, text = document.location(node), meant
    if use.manner is Manner.PATTERN:
        if node.type == "shorthand_property_identifier_pattern":
            text = f"{meant}: {at.text}"
        elif node.type == "pair_pattern" and (key := node.child_by_field_name("key")) is not None:
            at = document.location(key)
        else:
            return None
    return Fix(f"use {meant}", Applicability.SAFE, lambda: [Edit(at, text)])


def _settings(use: AskedMember) -> Iterator[Finding]:
    name = _BINDING.sub("", use.name)
    plain = name.lower().replace("-", "").replace("_", "")
    kind = "attribute" if use.manner is Manner.ATTRIBUTE else "property"
    event = handlers().get(use.name) if use.manner is Manner.SET else None
    if plain not in mistaken_settings() and event is None:
        return
    yield Finding(
        "CK418",
        use.document.location(use.node),
        f"{name} is no {kind} of ChatKit's element, so what is set there does not reach ChatKit",
        label=f"no {kind} of <{TAG}>",
        help=f"listen to {event!r}" if event else f"call {SET_OPTIONS} with all options once the element is defined",
        severity=Severity.WARNING,
        why=_NEVER_LOOKED_AT,
    )


def _global(use: GlobalUse) -> Finding:
    text = use.document.text(use.node)
    if use.called:
        seen = SeenAs("member", {"name": use.called}) if use.window else SeenAs("global", {"name": text})
    else:
        seen = SeenAs("constructor", {"name": text}) if use.window else SeenAs("global", {"name": text})
    return Finding(
        "CK418",
        use.document.location(use.node),
        f"{text} is no global that ChatKit's script makes",
        label="never defined",
        help=f"put <{TAG}> on the page, and call its {SET_OPTIONS} once customElements.whenDefined('{TAG}') is there",
        seen_as=seen,
        why="The script defines the element and nothing else.",
    )
