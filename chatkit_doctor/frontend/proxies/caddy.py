"""`reverse_proxy` of a Caddyfile, as Caddy 2.6 was seen to ask when it was run with such files.

Of the blocks `handle` and `handle_path` one takes a request, the one with the longest path first; they come before
`reverse_proxy` beside them, whatever the order in the file. A path ends with `*`, or is the whole path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Step, Upstream, unclear
from chatkit_doctor.frontend.proxies.path_patterns import beginning, exactly
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from chatkit_doctor.source import Location, Source

CADDY = "Caddy"
FILE = "Caddyfile"
_PROXY = "reverse_proxy"
_BLOCKS = frozenset({"handle", "handle_path"})
# What answers by itself, or changes a path, or brings in what stands elsewhere.
_ELSEWHERE = frozenset(
    {
        "rewrite",
        "uri",
        "redir",
        "respond",
        "route",
        "import",
        "php_fastcgi",
        "forward_auth",
        "invoke",
        "method",
        "try_files",
    }
)
_TOKEN = regex(r'"(?:[^"\\]|\\.)*"|`[^`]*`|[^\s"`]\S*')
_UPSTREAM = regex(r"(?:(?P<scheme>https?)://)?(?P<host>[\w.-]+)(?::(?P<port>\d+))?")
_PATH = regex(r"/[\w./~%@-]*\*?")
_EVERYTHING = regex(r"^")
_MOST_LINES = 2_000
_MOST_DEPTH = 10


@dataclass(frozen=True, slots=True, eq=False)
class _Directive:
    """One directive: its words, where they stand, and what is in its braces."""

    words: tuple[str, ...]
    at: Location
    block: list[_Directive] = field(default_factory=list)


def caddy_proxies(source: Source) -> Iterator[ProxyServer]:
    """Yield what each site of a Caddyfile hands on."""
    top = _directives(source)
    sites = [each.block for each in top if each.block and each.words and not each.words[0].startswith("(")]
    # The address of a lone site may stand without braces, its directives below it.
    is_lone = any(each.words[:1] and each.words[0] in {_PROXY, *_BLOCKS} for each in top)
    for site in [top] if is_lone else sites:
        forwards = tuple(_forwards(site))
        if forwards:
            yield ProxyServer(CADDY, source.path, None, forwards)


def _directives(source: Source) -> list[_Directive]:
    top: list[_Directive] = []
    around = [top]
    start = 0
    for line in source.text.splitlines(keepends=True)[:_MOST_LINES]:
        written = _without_comment(line)
        words = [found[0].strip('"`') for found in _TOKEN.finditer(written)]
        indent = len(written) - len(written.lstrip())
        at = source.location(start + indent, start + len(written.rstrip()))
        start += len(line)
        if words == ["}"]:
            if len(around) > 1:
                around.pop()
            continue
        opens = words[-1:] == ["{"]
        if words:
            made = _Directive(tuple(words[:-1] if opens else words), at)
            around[-1].append(made)
            if opens:
                around.append(made.block)
    return top


def _without_comment(line: str) -> str:
    for found in _TOKEN.finditer(line):
        if found[0].startswith("#"):
            return line[: found.start()]
    return line


def _forwards(site: Sequence[_Directive]) -> Iterator[Forward]:
    """Yield the rules of a site in the order in which Caddy takes them."""
    if not any(each.words[:1] == (_PROXY,) for each in _all(site)):
        return
    for each in site:
        if each.words and each.words[0] in _ELSEWHERE:
            yield unclear(each.at)
    for names in (_BLOCKS, frozenset({_PROXY})):
        found = [each for each in site if each.words and each.words[0] in names]
        # The sort is stable, and what has no path comes last.
        for each in sorted(found, key=lambda one: -len(_matcher(one).rstrip("*"))):
            yield _block(each) if each.words[0] in _BLOCKS else _proxy(each, _matcher(each), ())


def _all(found: Sequence[_Directive], depth: int = 0) -> Iterator[_Directive]:
    for each in found:
        yield each
        if depth < _MOST_DEPTH:
            yield from _all(each.block, depth + 1)


def _matcher(directive: _Directive) -> str:
    """Return the path that a directive is for, "" for all, and the name of any other condition."""
    first = directive.words[1] if len(directive.words) > 1 else ""
    return first if first.startswith(("/", "@")) else ""


def _block(directive: _Directive) -> Forward:
    """Return the rule of `handle` or `handle_path`."""
    path = _matcher(directive)
    takes = _takes(path)
    inner = [each for each in directive.block if each.words]
    proxies = [each for each in inner if each.words[0] == _PROXY]
    is_plain = not any(each.words[0] in _ELSEWHERE | _BLOCKS for each in inner)
    if takes is None or len(proxies) != 1 or not is_plain or _matcher(proxies[0]):
        return unclear(directive.at, path, takes)
    is_cut = directive.words[0] == "handle_path" and path.rstrip("*") != ""
    steps: tuple[Step, ...] = ((beginning(path.rstrip("*").rstrip("/")), ""),) if is_cut else ()
    return _proxy(proxies[0], path, steps)


def _proxy(directive: _Directive, path: str, steps: tuple[Step, ...]) -> Forward:
    takes = _takes(path)
    given = [each for each in directive.words[1:] if each not in {path, "*"}]
    changed = any(each.words[:1] in {("rewrite",), ("to",), ("method",), ("dynamic",)} for each in directive.block)
    target = _upstream(given[0]) if len(given) == 1 else None
    if takes is None or changed or target is None:
        return unclear(directive.at, path, takes)
    return Forward(path.rstrip("*"), takes, steps, target, directive.at)


def _takes(path: str) -> re.Pattern[str] | None:
    """Return what a path of Caddy's matches; letters may be capitals. None for a condition of another kind."""
    if not path:
        return _EVERYTHING
    if _PATH.fullmatch(path) is None:
        return None
    return beginning(path[:-1]) if path.endswith("*") else exactly(path)


def _upstream(given: str) -> Upstream | None:
    found = _UPSTREAM.fullmatch(given)
    if found is None:
        return None
    scheme = found["scheme"] or "http"
    return Upstream(f"{scheme}://{found['host']}" + (f":{found['port']}" if found["port"] else ""), "")
