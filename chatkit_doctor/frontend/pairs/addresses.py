"""The addresses that a set of options may give for ChatKit's server, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatkit_doctor.contracts.web_names import API, URL
from chatkit_doctor.frontend.options.literals import literal_options, objects
from chatkit_doctor.frontend.set_addresses import are_plain_origins
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.texts import texts, texts_with_blanks
from chatkit_doctor.web.evaluation.values import ObjectValue, StringValue, TemplateValue, Value

if TYPE_CHECKING:
    from chatkit_doctor.backend.endpoints.paths import RoutePath

_OWN_ORIGIN = regex(r"\$\{\s*(?:(?:window|globalThis|self)\??\.)?location\.origin\s*\}")
BLANK = "…"
"""What stands in a path for a segment that is not known."""
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
"""What people call the machine that they develop on."""


@dataclass(frozen=True, slots=True, eq=False)
class AskedAddress:
    """One address.

    value: where it is written. origin: scheme, host and port; "" for a path of the page's own, None for an unknown one.
    path: its path; of one known in part, its end.
    end: the end that it has whatever a variable of the environment holds; None where none decides.
    """

    value: Value
    origin: str | None
    path: str
    is_whole: bool
    end: str | None = None

    @property
    def is_local(self) -> bool:
        """Return whether it is one of the machine that the page is developed on, where nothing stands in between."""
        return bool(self.origin) and (_host(self.origin or "") in LOCAL)

    @property
    def port(self) -> int | None:
        """Return the port that it names, None for none."""
        try:
            return urlsplit(self.origin or "").port
        except ValueError:
            return None

    def is_of(self, route: RoutePath) -> bool:
        """Return whether a route is what is asked, as far as the path is known."""
        if self.is_whole and route.answers(self.path):
            return True
        end = self.end if self.is_whole else self.path
        return end is not None and _ends_alike(end, route)

    @property
    def text(self) -> str:
        """Return the address as a message says it."""
        if isinstance(self.value, StringValue):
            return self.value.text
        return f"{self.origin}{self.path}" if self.is_whole and self.origin is not None else f"…{self.path}"

    def may_reach(self, route: RoutePath) -> bool:
        """Return whether a route may be what is asked: something that stands in between may change the path."""
        if self.is_whole and route.answers(self.path):
            return True
        return not (self.is_whole and self.is_local and route.is_whole) and _ends_alike(self.path, route)


def addresses(app: App, options: ObjectValue) -> Iterator[AskedAddress]:
    """Yield what `api.url` can be, as far as it is known; what is computed or set from outside is left out.

    Of a variable of the environment with a fallback it is the fallback.
    """
    for api in objects(options.get(API)):
        entry = api.entries.get(URL)
        for value in entry.value.alternatives if entry is not None else ():
            yield from _addresses(app, value)


def addresses_with_blanks(app: App, options: ObjectValue) -> Iterator[AskedAddress]:
    """Yield what `api.url` can be where whole segments of its path are computed, such as the id of a user."""
    for api in objects(options.get(API)):
        entry = api.entries.get(URL)
        for value in entry.value.alternatives if entry is not None else ():
            for each in texts_with_blanks(app.evaluator, value, BLANK) if isinstance(value, TemplateValue) else ():
                found = _written(value, each.text, None) if are_plain_origins(app, each.variables) else None
                segments = found.path.split("/") if found is not None else []
                if (
                    found is not None
                    and BLANK in segments
                    and all(one == BLANK or BLANK not in one for one in segments)
                ):
                    yield found


def surely_asked(app: App) -> tuple[AskedAddress, ...]:
    """Return the addresses of an app's own options that are written out whole, and are all that `api.url` can be."""
    # Each policy of a page is asked about all of them.
    return app.derive(_surely_asked)


def _surely_asked(app: App) -> tuple[AskedAddress, ...]:
    return tuple(_each_surely_asked(app))


def _each_surely_asked(app: App) -> Iterator[AskedAddress]:
    for site, options in literal_options(app):
        if app.is_test_or_story(site.document.path):
            continue
        found = list(addresses(app, options))
        values = [
            value
            for api in objects(options.get(API))
            if (entry := api.entries.get(URL)) is not None
            for value in entry.value.alternatives
        ]
        if len(found) == len(values) == 1 and found[0].is_whole and found[0].end is None:
            yield found[0]


def _addresses(app: App, value: Value) -> Iterator[AskedAddress]:
    if isinstance(value, StringValue):
        found = _written(value, value.text, None)
        if found is not None:
            yield found
    elif isinstance(value, TemplateValue):
        end = value.suffix.partition("?")[0] if value.suffix.startswith("/") else None
        known = [
            found
            for each in texts(app.evaluator, value)
            if are_plain_origins(app, each.variables)
            and (found := _written(value, each.text, end if each.is_fallback else None))
        ]
        found = _in_part(value)
        yield from known or ([found] if found is not None else [])


def _written(value: Value, text: str, end: str | None) -> AskedAddress | None:
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        return None
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
    return AskedAddress(value, origin, parts.path, is_whole=True, end=end) if parts.path.startswith("/") else None


def _in_part(value: TemplateValue) -> AskedAddress | None:
    if value.prefix.startswith("/") and "?" in value.prefix:
        return AskedAddress(value, "", value.prefix.partition("?")[0], is_whole=True)
    if value.suffix.startswith("/") and _begins_with_own_origin(value):
        return AskedAddress(value, "", value.suffix.partition("?")[0], is_whole=True)
    if value.suffix.startswith("/"):
        return AskedAddress(value, None, value.suffix.partition("?")[0], is_whole=False)
    return None


def _begins_with_own_origin(value: TemplateValue) -> bool:
    """Return whether a template is `${window.location.origin}` and a path."""
    parts = value.node.named_children
    return len(parts) == 2 and _OWN_ORIGIN.fullmatch(value.document.text(parts[0])) is not None


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _ends_alike(path: str, route: RoutePath) -> bool:
    """Return whether one of two paths is the end of the other."""
    asked = tuple(each for each in path.split("/") if each)
    count = min(len(asked), len(route.segments))
    if count == 0:
        return True
    return all(one == other or "{" in one for one, other in zip(route.segments[-count:], asked[-count:], strict=True))
