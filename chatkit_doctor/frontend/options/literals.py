"""Questions that several option checks ask of a set of options."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.contracts.web_names import API, URL
from chatkit_doctor.frontend.options.sites import OptionsSite, SiteKind, app_options
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location
from chatkit_doctor.web.evaluation.values import ArrayValue, Entry, ObjectValue, Value


def literal_options(app: App) -> Iterator[tuple[OptionsSite, ObjectValue]]:
    """Yield the sets of options that are known as objects, with the object."""
    for site in app_options(app):
        app.last_looked_at = site.document.path
        if isinstance(site.value, ObjectValue):
            yield site, site.value


def own_server_options(app: App) -> Iterator[tuple[OptionsSite, ObjectValue]]:
    """Yield the sets of options in the app's own files, tests and stories left out, that name a server by its url."""
    for site, options in literal_options(app):
        is_own = app.owns(site.document.path) and not app.is_test_or_story(site.document.path)
        if is_own and options.get(API, URL) is not None:
            yield site, options


def objects(value: Value | None) -> Iterator[ObjectValue]:
    """Yield the objects that a value can be."""
    for each in value.alternatives if value is not None else ():
        if isinstance(each, ObjectValue):
            yield each


def items(value: Value | None) -> Iterator[Value]:
    """Yield the items, each in all it can be, of the arrays that a value can be."""
    for each in value.alternatives if value is not None else ():
        if isinstance(each, ArrayValue):
            for item in each.items:
                yield from item.alternatives


def surely(options: ObjectValue, name: str) -> Entry | None:
    """Return an entry that the object has in any case, with the value written there.

    None where it is there only under a condition, or where a spread behind it that cannot be resolved may
    put another value in its place.
    """
    entry = options.entries.get(name)
    if entry is None or entry.optional or _may_be_replaced(options, entry):
        return None
    return entry


def is_only_cast(site: OptionsSite) -> bool:
    """Return whether options are only said to be of the type, and no call takes them."""
    cast = site.node.parent if site.kind is SiteKind.SATISFIES else None
    # JSDoc casts what stands in parentheses.
    return cast is not None and cast.type in {"as_expression", "parenthesized_expression"}


def is_inside(inner: Location, outer: Location) -> bool:
    """Return whether a place lies within another."""
    return inner.source is outer.source and outer.start <= inner.start and inner.end <= outer.end


def _may_be_replaced(options: ObjectValue, entry: Entry) -> bool:
    if options.complete or not options.is_literal:
        return False
    spreads = [child for child in options.node.named_children if child.type == "spread_element"]
    return entry.spread or any(spread.start_byte > entry.node.start_byte for spread in spreads)
