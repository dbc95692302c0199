"""Files that answer a path of the page's own server by asking another server: route handlers with one `fetch`.

Where each framework looks for them is what Next 14 to 16, SvelteKit 2.70, Astro 5.18 and nitropack 2.13, on which Nuxt
stands, were seen to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.model import Forward, Upstream, unclear
from chatkit_doctor.frontend.proxies.path_patterns import route
from chatkit_doctor.frontend.proxies.targets import destination
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.values import StringValue
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.scopes import lookup
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.project.app import App
    from chatkit_doctor.web.document import Document

_SCRIPT = regex(r"(?P<name>.+?)(?:\.(?P<method>get|post|put|patch|delete|head|options))?\.(?:[cm]?[jt]s|[jt]sx)")
_POST = "post"
_GROUP = regex(r"\(.*\)|@.*")
_PARAMETER = regex(r"\[(?P<optional>\[)?(?P<rest>\.\.\.)?(?P<name>\w+)\]\]?")
_FETCHES = frozenset({"fetch", "$fetch"})
_WITH_BODY = 2
# Of h3, on which Nuxt stands: the path of the request is not looked at.
_HANDS_ON = frozenset({"proxyRequest", "sendProxy"})
_ANY = regex(r"^.*$")


@dataclass(frozen=True, slots=True, eq=False)
class AnsweringFile:
    """A file that answers a path. is_dynamic: whether the path has a parameter."""

    path: Path
    forward: Forward
    is_dynamic: bool


PathOf = Callable[[Path], "str | None"]
"""Which path a file answers, as a pattern, by its place below the app's folder; None for one that answers none."""


def answering_files(app: App, folder: Path, path_of: PathOf) -> Iterator[AnsweringFile]:
    """Yield the files that answer paths for the app in a folder, those without a parameter first."""
    found = []
    for path in app.files:
        written = path_of(path.relative_to(folder)) if path.is_relative_to(folder) and app.owns(path) else None
        document = app.document(path) if written is not None else None
        if written is not None and document is not None:
            found.append(AnsweringFile(path, _forward(app, document, written), ":" in written))
    yield from sorted(found, key=lambda each: (each.forward.prefix.count(":"), each.forward.prefix))


def path_in_next(inside: Path) -> str | None:
    """Return the path of `app/…/route.ts` and of `pages/api/….ts`, be they in `src` or not."""
    parts = list(inside.parts)
    if parts[:1] == ["src"]:
        parts = parts[1:]
    if parts[:1] == ["app"]:
        return _pattern(parts[1:-1], rest="+") if _script(inside) == "route" else None
    return _named(parts[1:], _script(inside), rest="+") if parts[:2] == ["pages", "api"] else None


def path_in_svelte(inside: Path) -> str | None:
    """Return the path of `src/routes/…/+server.ts`."""
    is_route = inside.parts[:2] == ("src", "routes") and _script(inside) == "+server"
    return _pattern(inside.parts[2:-1]) if is_route else None


def path_in_astro(inside: Path) -> str | None:
    """Return the path of `src/pages/….ts`."""
    return _named(inside.parts[2:], _script(inside)) if inside.parts[:2] == ("src", "pages") else None


def path_in_nuxt(inside: Path) -> str | None:
    """Return the path of `server/api/….ts` and of `server/routes/….ts`, of which a name may say another method."""
    name = _script(inside)
    if inside.parts[:2] == ("server", "routes"):
        return _named(inside.parts[2:], name)
    return _named(inside.parts[1:], name) if inside.parts[:2] == ("server", "api") else None


def _script(path: Path) -> str | None:
    """Return the name of a script without its ending, None for what is none, or is not asked with POST."""
    found = _SCRIPT.fullmatch(path.name)
    is_asked = found is not None and found["method"] in {None, _POST} and not found["name"].endswith(".d")
    return found["name"] if found is not None and is_asked else None


def _named(parts: Sequence[str], name: str | None, *, rest: str = "*") -> str | None:
    """Return the path of a file whose name is the last part of it, unless it is called index."""
    return _pattern([*parts[:-1], *([name] if name != "index" else [])], rest=rest) if name is not None else None


def _pattern(parts: Iterable[str], *, rest: str = "*") -> str:
    """Return the pattern of some folders. rest: whether `[...x]` stands for one part at least (+), or for none (*)."""
    made = []
    for part in parts:
        found = _PARAMETER.fullmatch(part)
        if found is not None:
            made.append(f":{found['name']}{'*' if found['optional'] else rest if found['rest'] else ''}")
        elif not _GROUP.fullmatch(part):
            made.append(part)
    return "/" + "/".join(made)


def _forward(app: App, document: Document, written: str) -> Forward:
    """Return what a file does with requests for its path: what its only `fetch` with a body asks."""
    calls = [each for each in document.find("call_expression") if _sends_body(document, each)]
    takes = route(written)
    url = _url(document, calls[0]) if len(calls) == 1 else None
    found = _asked(app, document, url) if url is not None else None
    if url is None or found is None or takes is None:
        start = document.location(document.scripts[0].root).start
        return unclear(document.source.location(start, start), written, takes)
    target, path = found
    return Forward(written, takes, ((_ANY, path.replace("\\", r"\\")),), target, document.location(url))


def _sends_body(document: Document, call: Node) -> bool:
    """Return whether a call is one of `fetch` that sends a body, or may send one, or one that hands a request on."""
    function, given = field(call, "function"), call_arguments(call)
    name = document.text(function) if function is not None else ""
    if name in _HANDS_ON:
        return True
    if name not in _FETCHES or len(given) != _WITH_BODY:
        return False
    if given[1].type != "object":
        return True
    names = {document.text(field(each, "key") or each) for each in given[1].named_children}
    return "body" in names or any(each.type == "spread_element" for each in given[1].named_children)


def _url(document: Document, call: Node) -> Node | None:
    """Return the address that a call asks: its first argument, or the one behind Nuxt's event."""
    function, given = field(call, "function"), call_arguments(call)
    place = 1 if function is not None and document.text(function) in _HANDS_ON else 0
    return given[place] if len(given) > place else None


def _asked(app: App, document: Document, url: Node) -> tuple[Upstream, str] | None:
    """Return what a handler asks for: a text, or `new URL(path, base)`, whose path takes the place of the base's."""
    if url.type == "identifier":
        binding = lookup(document, url)
        made = field(binding.declaration, "value") if binding is not None and not binding.writes else None
        url = made if made is not None and made.type == "new_expression" else url
    if url.type != "new_expression":
        return destination(app, app.evaluator.evaluate(document, url))
    maker, arguments = field(url, "constructor"), field(url, "arguments")
    given = arguments.named_children if arguments is not None else []
    path = string_text(document, given[0]) if len(given) == 2 else None
    if maker is None or document.text(maker) != "URL" or path is None or not path.startswith("/"):
        return None
    base = app.evaluator.evaluate(document, given[1])
    known = [found for each in base.alternatives if isinstance(each, StringValue) and (found := Upstream.of(each.text))]
    return Upstream(known[0].origin if len(known) == 1 else None, ""), path.partition("?")[0]
