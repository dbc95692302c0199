"""What a page's HTML says of scripts and policies.

A tokenizer as browsers have one, for start tags alone, and not the scan's reader or the standard library's: what comes
from a server may be of any size and shape, and both of them take quadratic time for some of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_letters, ascii_lowercase, ascii_uppercase

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.formats.references import unescaped

# Elements whose inside is text, whatever it looks like. That of noscript is, where scripts run.
_RAW = frozenset({"script", "style", "textarea", "title", "noscript", "iframe", "noembed", "noframes", "xmp"})
# `str.lower` makes two characters of some, and places would no longer be the same.
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)
_NAME = re.compile(r"[^\s/>]+")
_ATTRIBUTE = re.compile(r"""[\s/]*([^\s/>=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]*)))?""")


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag. attributes: by their names in lower case. text: for an element that holds text, its inside."""

    name: str
    attributes: dict[str, str]
    text: str = ""

    def get(self, name: str) -> str:
        """Return an attribute without blanks around it, "" where there is none."""
        return self.attributes.get(name, "").strip()


@dataclass(frozen=True, slots=True)
class Markup:
    """The tags of a page that decide what it loads.

    base: what relative addresses are relative to, "" for the page itself.
    """

    tags: tuple[Tag, ...]
    base: str = ""

    @property
    def scripts(self) -> list[Tag]:
        """Return the scripts."""
        return [tag for tag in self.tags if tag.name == "script"]

    @property
    def running(self) -> list[Tag]:
        """Return the scripts that a browser runs: others hold data, or wait for a consent."""
        return [tag for tag in self.scripts if _is_run(tag.get("type").lower())]

    @property
    def preloaded(self) -> list[str]:
        """Return the addresses of modules that are fetched early."""
        links = (tag for tag in self.tags if tag.name == "link")
        return [tag.get("href") for tag in links if "modulepreload" in tag.get("rel").lower().split()]

    @property
    def policies(self) -> list[str]:
        """Return the Content-Security-Policies that stand in the page."""
        metas = (tag for tag in self.tags if tag.name == "meta")
        return [tag.get("content") for tag in metas if tag.get("http-equiv").lower() == "content-security-policy"]


def _is_run(kind: str) -> bool:
    return kind in {"", "module"} or "javascript" in kind or "ecmascript" in kind


def read_markup(text: str) -> Markup:
    """Read a page, however broken it is."""
    wanted = {"script", "link", "meta", "base"}
    tags = tuple(tag for tag in _tags(text) if tag.name in wanted)
    return Markup(tags, next((tag.get("href") for tag in tags if tag.name == "base" and tag.get("href")), ""))


def _tags(text: str) -> Iterator[Tag]:
    """Yield the start tags; what has no end swallows the rest, as it does in a browser."""
    lower = text.translate(_LOWER)
    place = text.find("<")
    while place >= 0:
        after = text[place + 1 : place + 2]
        if text.startswith("<!--", place):
            place = _behind(text, "-->", place + 2)
        elif after in {"/", "!", "?"}:
            place = _behind(text, ">", place)
        elif after and after in ascii_letters:
            tag, place = _start_tag(text, lower, place + 1)
            if tag is not None:
                yield tag
        else:
            place += 1
        place = text.find("<", place) if place >= 0 else place


def _start_tag(text: str, lower: str, place: int) -> tuple[Tag | None, int]:
    """Return the tag whose name starts at a place, and where to read on: -1 where the text ends inside it."""
    name = _NAME.match(lower, place)
    assert name is not None
    place = name.end()
    attributes: dict[str, str] = {}
    while found := _ATTRIBUTE.match(text, place):
        key = found[1].translate(_LOWER)
        attributes.setdefault(key, unescaped(next((value for value in found.groups()[1:] if value), "")))
        place = found.end()
    place = _behind(text, ">", place)
    if place < 0:
        return None, -1
    if name[0] not in _RAW:
        return Tag(name[0], attributes), place
    end = lower.find(f"</{name[0]}", place)
    return Tag(name[0], attributes, text[place:end] if end >= 0 else text[place:]), end


def _behind(text: str, mark: str, place: int) -> int:
    """Return where to read on behind a mark, or -1 where it does not come."""
    found = text.find(mark, place)
    return found + len(mark) if found >= 0 else -1
