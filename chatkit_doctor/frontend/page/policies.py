"""The headers and metas of an app by which its pages keep scripts and frames out, wherever they are written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from chatkit_doctor.frontend.page.express_policies import express_headers
from chatkit_doctor.frontend.page.mounts import is_mounted
from chatkit_doctor.frontend.page.served_policies import served_headers
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.source import Location, Source
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.evaluate import Evaluator
from chatkit_doctor.web.evaluation.values import ArrayValue, StringValue
from chatkit_doctor.web.formats.jsonc import parse_jsonc
from chatkit_doctor.web.literals import string_text
from chatkit_doctor.web.markup import elements
from chatkit_doctor.web.tree import ancestors, field

if TYPE_CHECKING:
    from tree_sitter import Node

CSP, COEP = "content-security-policy", "cross-origin-embedder-policy"
_HEADERS = frozenset({CSP, COEP})
_NEXT_CONFIGS = tuple(f"next.config.{suffix}" for suffix in ("js", "mjs", "ts", "cjs"))
# Patterns of routes that every page is of.
_EVERY = regex(r"/\*|/\(\.\*\)|/:\w+\*|/:\w+\(\.\*\)|/:\w+\(\.\+\)|/\(\.\*\)\*?")
_NGINX = regex(r"add_header\s+(?P<name>[\w-]+)\s+(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')")
# Of nginx, under whatever name, be it filled in when a container starts.
_NGINX_FILES = (".conf", ".conf.template")
_PIECE = regex(r"[^{};#]+|[{};]|#[^\n]*")
_TEMPLATED = regex(r"\$\{|\{\{|\{%|<[?%]|\$\w")


@dataclass(frozen=True, slots=True, eq=False)
class PagePolicy:
    """One header that pages of an app have. name: in lower case. at: where its value is written."""

    name: str
    value: str
    at: Location


def page_policies(app: App) -> Iterator[PagePolicy]:
    """Yield the policies that every page of an app has, or a page that mounts ChatKit; what is computed is left out."""
    if not is_mounted(app):
        return
    for found in _all(app):
        if not _TEMPLATED.search(found.value) and found.value.strip():
            yield found


def _all(app: App) -> Iterator[PagePolicy]:
    for document in app.documents():
        if not app.is_test_or_story(document.path):
            yield from _metas(document)
    for name, value, at in (*served_headers(app), *express_headers(app)):
        if name in _HEADERS:
            yield PagePolicy(name, value, at)
    for path in app.files:
        if not app.owns(path):
            continue
        if path.name in _NEXT_CONFIGS:
            config = app.document(path)
            if config is not None:
                yield from _configured(app.evaluator, config)
            continue
        read = _of_nginx if path.name.endswith(_NGINX_FILES) else _READERS.get(path.name)
        source = app.read(path) if read is not None else None
        if read is not None and source is not None:
            yield from read(source)


def _metas(document: Document) -> Iterator[PagePolicy]:
    for element in elements(document, "meta"):
        name = element.text("http-equiv") or element.text("httpEquiv") or ""
        content = element.attributes.get("content")
        if name.lower() == CSP and content is not None and content.text:
            yield PagePolicy(CSP, content.text, document.location(content.node))


def _configured(evaluator: Evaluator, document: Document) -> Iterator[PagePolicy]:
    """Yield the headers that a configuration of Next's gives to every page."""
    for pair in document.find("pair"):
        key, value = field(pair, "key"), field(pair, "value")
        name = string_text(document, value) if value is not None else None
        if key is None or document.text(key) != "key" or name is None or name.lower() not in _HEADERS:
            continue
        written = _beside(document, pair, "value")
        if written is None or not _is_for_every_page(document, pair):
            continue
        text = _text(evaluator, document, written)
        if text is not None:
            yield PagePolicy(name.lower(), text, document.location(written))


def _beside(document: Document, pair: Node, name: str) -> Node | None:
    """Return the value of another entry of the object that an entry stands in."""
    return _entries(document, pair.parent).get(name) if pair.parent is not None else None


@remembered
def _entries(document: Document, holder: Node) -> dict[str, Node | None]:
    """Return the values of an object's entries by their names, of those with one name the first."""
    found: dict[str, Node | None] = {}
    for each in holder.named_children:
        key = field(each, "key") if each.type == "pair" else None
        if key is not None:
            found.setdefault(document.text(key), field(each, "value"))
    return found


def _is_for_every_page(document: Document, pair: Node) -> bool:
    """Return whether the routes around a header are all; no where they are not written beside it."""
    for around in ancestors(pair):
        if around.type != "pair":
            continue
        source = _beside(document, around, "source")
        text = string_text(document, source) if source is not None else None
        if text is not None:
            return _EVERY.fullmatch(text) is not None
    return False


def _text(evaluator: Evaluator, document: Document, node: Node) -> str | None:
    """Return a text as a configuration makes it: written, with its ends of lines replaced, or joined of parts."""
    if node.type == "call_expression":
        function = field(node, "function")
        owner, method = (
            (field(function, "object"), field(function, "property")) if function is not None else (None, None)
        )
        if owner is None or method is None:
            return None
        if document.text(method) in {"replace", "replaceAll", "trim"}:
            return _text(evaluator, document, owner)
        parts = evaluator.evaluate(document, owner)
        is_list = document.text(method) == "join" and isinstance(parts, ArrayValue) and parts.complete
        glue = [string_text(document, each) for each in call_arguments(node)]
        if not is_list or not isinstance(parts, ArrayValue) or len(glue) != 1 or glue[0] is None:
            return None
        texts = [each.text for each in parts.items if isinstance(each, StringValue)]
        return glue[0].join(texts) if len(texts) == len(parts.items) else None
    value = evaluator.evaluate(document, node)
    return value.text if isinstance(value, StringValue) else None


def _of_vercel(source: Source) -> Iterator[PagePolicy]:
    config = parse_jsonc(source.text)
    for rule in _listed(config, "headers"):
        if _EVERY.fullmatch(str(rule.get("source"))):
            for header in _listed(rule, "headers"):
                yield from _header(source, header.get("key"), header.get("value"))


def _of_netlify(source: Source) -> Iterator[PagePolicy]:
    import tomllib

    try:
        config = tomllib.loads(source.text)
    except tomllib.TOMLDecodeError:
        return
    for rule in _listed(config, "headers"):
        values = rule.get("values")
        if rule.get("for") == "/*" and isinstance(values, dict):
            for name, value in values.items():
                yield from _header(source, name, value)


def _of_static_web_app(source: Source) -> Iterator[PagePolicy]:
    headers = parse_jsonc(source.text)
    found = headers.get("globalHeaders") if isinstance(headers, dict) else None
    for name, value in found.items() if isinstance(found, dict) else ():
        yield from _header(source, name, value)


def _of_firebase(source: Source) -> Iterator[PagePolicy]:
    config = parse_jsonc(source.text)
    hosting = config.get("hosting") if isinstance(config, dict) else None
    for site in hosting if isinstance(hosting, list) else [hosting]:
        for rule in _listed(site, "headers"):
            if rule.get("source") in {"**", "/**"}:
                for header in _listed(rule, "headers"):
                    yield from _header(source, header.get("key"), header.get("value"))


def _of_headers_file(source: Source) -> Iterator[PagePolicy]:
    route = ""
    for line in source.text.splitlines():
        if line[:1] not in {" ", "\t", ""}:
            route = line.strip()
        elif route == "/*" and ":" in line:
            name, _, value = line.strip().partition(":")
            yield from _header(source, name, value.strip())


def _of_nginx(source: Source) -> Iterator[PagePolicy]:
    found = list(_NGINX.finditer(source.text))
    for match, blocks in zip(found, _blocks_at(source.text, [each.start() for each in found]), strict=True):
        if all(block in {"", "/"} for block in blocks) and match["name"].lower() in _HEADERS:
            group = "double" if match["double"] is not None else "single"
            yield PagePolicy(match["name"].lower(), match[group], source.location(match.start(group), match.end(group)))


def _blocks_at(text: str, offsets: Sequence[int]) -> Iterator[Sequence[str]]:
    """Yield the paths of the locations around places of nginx's configuration, "" for a block that is none."""
    around: list[str] = []
    head: list[str] = []
    waiting = iter((*offsets, None))
    offset = next(waiting)
    for match in _PIECE.finditer(text):
        while offset is not None and offset <= match.start():
            yield around
            offset = next(waiting)
        if offset is None:
            return
        if match[0] == "{":
            around.append(head[-1] if head[:1] == ["location"] else "")
        elif match[0] == "}" and around:
            around.pop()
        if not match[0].startswith("#"):
            head = match[0].split()
    if offset is not None:
        yield around
        yield from (around for each in waiting if each is not None)


def _header(source: Source, name: object, value: object) -> Iterator[PagePolicy]:
    if not isinstance(name, str) or not isinstance(value, str) or name.lower() not in _HEADERS:
        return
    # As JSON and TOML write it, or as it is.
    for written in (json.dumps(value, ensure_ascii=False)[1:-1], value):
        start = source.text.find(written)
        if start >= 0:
            yield PagePolicy(name.lower(), value, source.location(start, start + len(written)))
            return


def _listed(owner: object, name: str) -> Iterable[dict[str, Any]]:
    found = owner.get(name) if isinstance(owner, dict) else None
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else ()


_READERS = {
    "vercel.json": _of_vercel,
    "netlify.toml": _of_netlify,
    "_headers": _of_headers_file,
    "staticwebapp.config.json": _of_static_web_app,
    "firebase.json": _of_firebase,
}
