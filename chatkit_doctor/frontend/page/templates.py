"""The page that a template of Jinja's or Django's is a part of: what it extends, what that includes.

What cannot be told (a name that is computed, a tag of another library, a part that is not in the project) makes the
whole page unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from chatkit_doctor.frontend.page.hosts import is_templated
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.web.document import Document
from chatkit_doctor.web.languages import TEMPLATE_SUFFIXES
from chatkit_doctor.web.markup import elements, first_element

_TAG = regex(r"\{%[-+]?+\s*+(\w++)\s*+([^%]{0,500}+)")
_NAMED = regex(r"[\"']([^\"']+)[\"']\s*(?:(?:with|without|only|ignore|import)\b.*)?[-+]?$")
_HOLE = regex(r"\{\{[-+]?+\s*+([^{}]{0,500}+)\}\}")
# Filters and names by which markup comes into a page as it is.
_RAW = regex(
    r"\bsafe\b|\bscripts?\b|\bmedia\b|\brender|\binclude|\bassets?\b|\bhead\b|\byield\b|\bbody\b|\bcontent\b|\|\s*raw"
)
_OTHER_LANGUAGE = regex(r"<%|<\?|\{\{[-~]?[{>#/^!]|\{\{-?\s*(?:template|define|block|range|end|partial)\b|<!--#")
_PATH = regex(r"(?<![\w./-])[\w./-]++")
_EXTENDS, _TAKEN_IN = "extends", frozenset({"include", "import", "from"})
# Tags that print nothing but texts, or decide what of the template is printed.
_KNOWN = frozenset(
    {
        *("block", "endblock", "if", "elif", "else", "endif", "for", "endfor", "empty", "with", "endwith"),
        *("set", "endset", "load", "csrf_token", "url", "static", "trans", "translate", "endtrans"),
        *("blocktrans", "blocktranslate", "endblocktrans", "endblocktranslate", "plural", "pluralize"),
        *("comment", "endcomment", "autoescape", "endautoescape", "spaceless", "endspaceless", "filter"),
        *("endfilter", "get_current_language", "get_static_prefix", "now", "cycle", "firstof", "ifchanged"),
        *("endifchanged", "language", "endlanguage", "macro", "endmacro", "verbatim", "endverbatim", "raw"),
        *("endraw", "get_flashed_messages", "cache", "endcache", "debug"),
    }
)


# Of one page, of which people write a dozen.
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True, eq=False)
class TemplatePage:
    """A page made of templates. top: the one with the head. parts: all, the top and the one asked for among them."""

    top: Document
    parts: tuple[Document, ...]


def is_template(document: Document) -> bool:
    """Return whether others complete a page that is in a file of markup."""
    return document.path.suffix.lower() in TEMPLATE_SUFFIXES and is_templated(document)


def page_of(app: App, document: Document) -> TemplatePage | None:
    """Return the one page that a template is shown on; None where that cannot be told, or there are several tops."""
    pages = [_assembled(app, each) for each in _leaves(app, document)]
    known = [each for each in pages if each is not None]
    if not known or len(known) < len(pages) or len({each.top.path for each in known}) > 1:
        return None
    parts = {part.path: part for page in known for part in page.parts} | {document.path: document}
    return TemplatePage(known[0].top, tuple(parts.values()))


def own_scripts(document: Document) -> Iterator[str | None]:
    """Yield the file names of the scripts that a template takes from its own server; None for one that is not known."""
    for element in elements(document, "script"):
        source = element.text("src")
        if source and not source.startswith(("http://", "https://", "//")):
            paths = (found[0] for found in _PATH.finditer(source))
            yield next((PurePosixPath(each).name for each in paths if each.endswith((".js", ".mjs"))), None)


def _leaves(app: App, document: Document) -> list[Document]:
    """Return the templates that a request may be answered with: this one, or those that include it."""
    if _is_top(document) or _names(document, frozenset({_EXTENDS})):
        return [document]
    name = document.path.name
    users = [path for path in app.web_paths() if path != document.path and app.mentions(path, (name.encode(),))]
    including = [user for path in users if (user := app.document(path)) is not None and _includes(user, name)]
    return including if len(including) == len(users) else []


def _includes(user: Document, name: str) -> bool:
    named = _names(user, _TAKEN_IN) or []
    return is_template(user) and any(each is not None and PurePosixPath(each).name == name for each in named)


def _assembled(app: App, document: Document) -> TemplatePage | None:
    parts: dict[Path, Document] = {}
    top = None
    pending = [document]
    while pending:
        part = pending.pop()
        if part.path in parts:
            continue
        parts[part.path] = part
        if len(parts) > _MOST_PARTS:
            return None
        named = _names(part, _TAKEN_IN | {_EXTENDS})
        if named is None:
            return None
        if _is_top(part):
            top = part if top is None else None
        for name in named:
            found = _named(app, name) if name is not None else None
            if found is None:
                return None
            pending.append(found)
    return TemplatePage(top, tuple(parts.values())) if top is not None else None


def _is_top(document: Document) -> bool:
    return first_element(document, "html", "head") is not None


@remembered
def _names(document: Document, tags: frozenset[str]) -> list[str | None] | None:
    """Return the names that some tags of a template name; None where the template may print what it does not hold."""
    text = document.source.text
    if _OTHER_LANGUAGE.search(text) or any(_RAW.search(_unquoted(hole[1])) for hole in _HOLE.finditer(text)):
        return None
    found: list[str | None] = []
    for tag in _TAG.finditer(text):
        if tag[1] in tags:
            named = _NAMED.match(tag[2].strip())
            found.append(named[1] if named is not None else None)
        elif tag[1] not in _KNOWN | _TAKEN_IN | {_EXTENDS}:
            return None
    return found


def _unquoted(code: str) -> str:
    return _TEXT.sub("", code)


_TEXT = regex(r"'[^']*'|\"[^\"]*\"")


def _templates_by_name(app: App) -> dict[str, list[Path]]:
    found: dict[str, list[Path]] = {}
    for path in app.web_paths():
        if path.suffix:
            found.setdefault(path.name, []).append(path)
    return found


def _named(app: App, name: str) -> Document | None:
    """Return the one template that a name means: a path from one of the folders for templates."""
    wanted = PurePosixPath(name).parts
    named_so = app.derive(_templates_by_name).get(wanted[-1], ()) if wanted else ()
    found = [path for path in named_so if path.parts[-len(wanted) :] == wanted]
    return app.document(found[0]) if len(found) == 1 else None
