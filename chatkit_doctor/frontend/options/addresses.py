"""Addresses among the options: whether one says where the server is, from whatever page it is asked."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from chatkit_doctor.contracts.web_names import API, URL
from chatkit_doctor.frontend.options.literals import objects, surely
from chatkit_doctor.frontend.options.problems import checked_options
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.values import Entry, StringValue, TemplateValue, Value

_SCHEME = regex(r"[A-Za-z][A-Za-z0-9+.-]*:(?!\d)|//")
_LOCAL = regex(r"(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?(?:/|$)")
# A name with a domain, an address of four numbers, or a name with a port.
_HOST = regex(
    r"(?:[A-Za-z0-9-]++\.)++[A-Za-z]{2,}+(?::\d++)?(?:/|$)|\d{1,3}(?:\.\d{1,3}){3}(?::\d++)?(?:/|$)|[\w-]++:\d++(?:/|$)"
)
_RELATIVE = regex(r"\.{0,2}/?[A-Za-z][\w-]*+(?:/[\w-]*+)*+")
# Files have such endings as well as hosts.
_FILE = regex(r"[\w-]+\.(?:php|py|js|ts|json|html?|aspx?|cgi)(?:/|\?|$)")


class AddressFault(StrEnum):
    """What an address lacks."""

    LOCAL = "the scheme of a server on this machine"
    HOST = "the scheme of a server"
    RELATIVE = "a slash at its start"


@dataclass(frozen=True, slots=True, eq=False)
class ServerAddress:
    """An address that is neither whole nor a path from the root of the page's server."""

    entry: Entry
    value: StringValue | TemplateValue
    text: str
    fault: AddressFault


def faulty_addresses(app: App) -> Iterator[ServerAddress]:
    """Yield the addresses of one's own server that begin with neither a scheme nor a slash, each place once."""
    seen: set[Value] = set()
    for site, options in checked_options(app):
        entry = surely(options, API)
        if entry is None or app.is_test_or_story(site.document.path):
            continue
        for api in objects(entry.value):
            url = surely(api, URL)
            value = url.value if url is not None else None
            if url is None or not isinstance(value, StringValue | TemplateValue) or value in seen:
                continue
            seen.add(value)
            text = value.text if isinstance(value, StringValue) else value.prefix
            fault = _fault(text, is_whole=isinstance(value, StringValue))
            if fault is not None:
                yield ServerAddress(url, value, text, fault)


def _fault(text: str, *, is_whole: bool) -> AddressFault | None:
    if not text or text.startswith("/") or _SCHEME.match(text):
        return None
    if _LOCAL.match(text):
        return AddressFault.LOCAL
    if _HOST.match(text) and not _FILE.match(text):
        return AddressFault.HOST
    # The start of a text that goes on may be the start of a scheme.
    return AddressFault.RELATIVE if is_whole and _RELATIVE.fullmatch(text) else None
