"""Find concrete stores and servers that leave abstract methods out, over their whole hierarchy."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.abstract import Incomplete, declares_abstract_methods, incomplete_classes
from chatkit_doctor.backend.instances import is_instantiated, is_open_generic, is_referenced
from chatkit_doctor.backend.unrelated_stores import UnrelatedStore, unrelated_stores
from chatkit_doctor.checks.store.missing_store_methods_fix import stubs_fix
from chatkit_doctor.checks.store.underived_store_fix import deriving_fix
from chatkit_doctor.contracts.sdk.sdk_names import GENERATE_THREAD_ID, STORE
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined, last_part

# The row tells how many methods there are to define: those of a Store.
_ROW = 6


def missing_store_methods(app: App) -> Iterator[Finding]:
    """Find concrete stores and servers that leave abstract methods out, over their whole hierarchy."""
    for found in incomplete_classes(app):
        if _is_meant_to_be_abstract(app, found):
            continue
        module, node = found.view.own.module, found.view.own.node
        names = [method.name for method in found.missing] or list(found.left_abstract)
        yield Finding(
            "CK201",
            module.name_location(node),
            f"{found.view.name} {_counted(found)}: {', '.join(names)}",
            label="has abstract methods, so it cannot be instantiated",
            help=_help(found, names),
            row=_ROW if found.base == STORE and found.missing and not found.hidden else None,
            seen_as=SeenAs("refused", {"class": found.view.name}),
            fix=stubs_fix(app, found),
        )
    yield from (_unrelated(app, each) for each in unrelated_stores(app))


def _unrelated(app: App, found: UnrelatedStore) -> Finding:
    names = found.missing
    base = last_part(STORE)
    # The first that the server calls, in the first request of a new thread.
    first = GENERATE_THREAD_ID if GENERATE_THREAD_ID in names else names[0]
    lacking = names[0] if len(names) == 1 else f"{len(names)} methods"
    return Finding(
        "CK201",
        found.view.own.module.name_location(found.view.own.node),
        f"{found.view.name} is given to the server for its {base} and lacks what that calls: {', '.join(names)}",
        label=f"does not derive from {base}",
        help=f"derive it from chatkit's {base}, or define {lacking}",
        why="The server calls these of what it is given, whatever that is.",
        seen_as=SeenAs("attribute", {"class": found.view.name, "method": first}),
        fix=deriving_fix(app, found),
    )


def _is_meant_to_be_abstract(app: App, found: Incomplete) -> bool:
    """Return whether nobody is meant to instantiate a class: a base, a test double, a leftover."""
    view = found.view
    if is_instantiated(app, view):
        return False
    if declares_abstract_methods(app, view.own) or not found.missing:
        return True
    if app.hierarchy.subclasses(view) or is_open_generic(app, view):
        return True
    return app.is_test_file(view.own.module.source.path) or _is_left_over(app, found)


def _is_left_over(app: App, found: Incomplete) -> bool:
    """Return whether no code names a class while it does name another of the same kind."""
    if is_referenced(app, found.view):
        return False
    return not app.derive(_referenced_kinds).isdisjoint(found.view.externals)


def _referenced_kinds(app: App) -> frozenset[str]:
    """Return what the classes are of that some code names."""
    return frozenset(name for each in app.hierarchy.views if is_referenced(app, each) for name in each.externals)


def _counted(found: Incomplete) -> str:
    if not found.missing:
        return (
            f"leaves {'a method' if len(found.left_abstract) == 1 else f'{len(found.left_abstract)} methods'} abstract"
        )
    base = last_part(found.base)
    if found.required == 1:
        return f"lacks the method that {base} requires"
    if len(found.missing) > found.required:
        return f"lacks {len(found.missing)} required methods"
    return f"lacks {len(found.missing)} of the {found.required} methods that {base} requires"


def _help(found: Incomplete, names: list[str]) -> str:
    if found.hidden:
        owners = sorted(set(found.hidden.values()))
        return f"name {joined(owners)} before {last_part(found.base)} in the bases"
    return f"define {names[0]}" if len(names) == 1 else f"define the {len(names)} methods"
