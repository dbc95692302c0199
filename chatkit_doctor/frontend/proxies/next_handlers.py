"""Files of Next that answer a path by asking another server: route handlers and API routes with one `fetch`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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

_ROUTE = regex(r"route\.(?:[jt]s|tsx)")
_API = regex(r"(?P<name>.+)\.(?:[jt]sx?)")
_GROUP = regex(r"\(.*\)|@.*")
_PARAMETER = regex(r"\[(?P<optional>\[)?(?P<rest>\.\.\.)?(?P<name>\w+)\]\]?")
_ANY = regex(r"^.*$")


@dataclass(frozen=True, slots=True, eq=False)
class AnsweringFile:
    """A file that answers a path. is_dynamic: whether the path has a parameter."""

    path: Path
    forward: Forward
    is_dynamic: bool


def handlers(app: App, folder: Path) -> Iterator[AnsweringFile]:
    """Yield the files that answer paths for the app in a folder, those without a parameter first."""
    found = []
    for path in app.files:
        written = _written(path.relative_to(folder)) if path.is_relative_to(folder) and app.owns(path) else None
        document = app.document(path) if written is not None else None
        if written is not None and document is not None:
            found.append(AnsweringFile(path, _forward(app, document, written), ":" in written))
    yield from sorted(found, key=lambda each: (each.forward.prefix.count(":"), each.forward.prefix))


def _written(inside: Path) -> str | None:
    """Return the path that a file answers, as a pattern; None for one that answers none."""
    parts = list(inside.parts)
    if parts[:1] == ["src"]:
        parts = parts[1:]
    if parts[:1] == ["app"] and _ROUTE.fullmatch(inside.name):
        return _pattern(parts[1:-1])
    found = _API.fullmatch(inside.name) if parts[:2] == ["pages", "api"] else None
    if found is None or found["name"].endswith(".d"):
        return None
    return _pattern([*parts[1:-1], *([found["name"]] if found["name"] != "index" else [])])


def _pattern(parts: Iterable[str]) -> str:
    made = []
    for part in parts:
        found = _PARAMETER.fullmatch(part)
        if found is not None:
            made.append(f":{found['name']}{'*' if found['optional'] else '+' if found['rest'] else ''}")
        elif not _GROUP.fullmatch(part):
            made.append(part)
    return "/" + "/".join(made)


def _forward(app: App, document: Document, written: str) -> Forward:
    """Return what a file does with requests for its path: what its only `fetch` with a body asks."""
    calls = [each for each in document.find("call_expression") if _sends_body(document, each)]
    takes = route(written)
    given = call_arguments(calls[0]) if len(calls) == 1 else []
    found = _asked(app, document, given[0]) if given else None
    if found is None or takes is None:
        start = document.location(document.scripts[0].root).start
        return unclear(document.source.location(start, start), written, takes)
    target, path = found
    return Forward(written, takes, ((_ANY, path.replace("\\", r"\\")),), target, document.location(given[0]))


def _sends_body(document: Document, call: Node) -> bool:
    """Return whether a call is one of `fetch` that sends a body, or may send one."""
    function, given = field(call, "function"), call_arguments(call)
    if function is None or document.text(function) != "fetch" or len(given) != 2:
        return False
    if given[1].type != "object":
        return True
    names = {document.text(field(each, "key") or each) for each in given[1].named_children}
    return "body" in names or any(each.type == "spread_element" for each in given[1].named_children)


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
