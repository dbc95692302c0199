"""The addresses that a set of options may give for ChatKit's server, as far as they are known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatkit_doctor.contracts.web_names import API, URL
from chatkit_doctor.frontend.options.literals import literal_options, objects
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.values import ObjectValue, StringValue, TemplateValue, Value

if TYPE_CHECKING:
    from chatkit_doctor.backend.endpoints.paths import RoutePath

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, eq=False)
class AskedAddress:
    """One address.

    value: where it is written. origin: scheme, host and port; "" for a path of the page's own, None for an unknown one.
    path: its path; of one known in part, its end.
    """

    value: Value
    origin: str | None
    path: str
    is_whole: bool

    @property
    def is_local(self) -> bool:
        """Return whether it is one of the machine that the page is developed on, where nothing stands in between."""
        return bool(self.origin) and (_host(self.origin or "") in _LOCAL)

    def is_of(self, route: RoutePath) -> bool:
        """Return whether a route is what is asked, as far as the path is known."""
        return route.answers(self.path) if self.is_whole else _ends_alike(self.path, route)

    def may_reach(self, route: RoutePath) -> bool:
        """Return whether a route may be what is asked: something that stands in between may change the path."""
        if self.is_whole and route.answers(self.path):
            return True
        return not (self.is_whole and self.is_local and route.is_whole) and _ends_alike(self.path, route)


def addresses(options: ObjectValue) -> Iterator[AskedAddress]:
    """Yield what `api.url` can be, as far as it is known; what is computed or set from outside is left out."""
    for api in objects(options.get(API)):
        entry = api.entries.get(URL)
        for value in entry.value.alternatives if entry is not None else ():
            found = _address(value)
            if found is not None:
                yield found


def surely_asked(app: App) -> Iterator[AskedAddress]:
    """Yield the addresses of an app's own options that are written out whole, and are all that `api.url` can be."""
    for site, options in literal_options(app):
        if app.is_test_or_story(site.document.path):
            continue
        found = list(addresses(options))
        values = [
            value
            for api in objects(options.get(API))
            if (entry := api.entries.get(URL)) is not None
            for value in entry.value.alternatives
        ]
        if len(found) == len(values) == 1 and found[0].is_whole:
            yield found[0]


def _address(value: Value) -> AskedAddress | None:
    if isinstance(value, StringValue):
        try:
            parts = urlsplit(value.text.strip())
        except ValueError:
            return None
        origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""
        return AskedAddress(value, origin, parts.path, is_whole=True) if parts.path.startswith("/") else None
    if isinstance(value, TemplateValue):
        if value.prefix.startswith("/") and "?" in value.prefix:
            return AskedAddress(value, "", value.prefix.partition("?")[0], is_whole=True)
        if value.suffix.startswith("/"):
            return AskedAddress(value, None, value.suffix.partition("?")[0], is_whole=False)
    return None


def _host(origin: str) -> str:
    return urlsplit(origin).hostname or ""


def _ends_alike(path: str, route: RoutePath) -> bool:
    """Return whether one of two paths is the end of the other."""
    asked = tuple(each for each in path.split("/") if each)
    count = min(len(asked), len(route.segments))
    if count == 0:
        return True
    return all(one == other or "{" in one for one, other in zip(route.segments[-count:], asked[-count:], strict=True))
