"""`location` and `proxy_pass` of nginx.

Checked against nginx 1.22 that was asked: `=` before all, then the longest beginning, which `^~` keeps from regular
expressions; without a path (not even `/`) behind the server's name in `proxy_pass` the path goes on as it came, with
one it takes the place of the location's. A server in a variable is asked for the path as it came.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Upstream, unclear
from chatkit_doctor.frontend.proxies.path_patterns import beginning, exactly
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass, field

if TYPE_CHECKING:
    from chatkit_doctor.source import Location, Source

# A word of a directive, or the end of one, or the beginning or the end of a block.
_TOKEN = regex(r"""#[^\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[{};](?!\w)|(?:\$\{\w+\}|\\.|[^\s{};"'#\\])+""")
_PASS = regex(r"(?P<scheme>https?)://(?P<host>[^/$]+)(?P<path>/[^$]*)?(?P<rest>\$request_uri|\$uri)?")
_VARIABLE = regex(r"(?P<scheme>https?://)?\$(?P<name>\w+)(?P<port>:\d+)?(?P<rest>\$request_uri)?")
# Put in when the container starts: `${BACKEND_URL}`.
_FILLED_IN = regex(r"(?P<scheme>https?://)?\$\{\w+\}(?P<port>:\d+|:\$\{\w+\})?(?P<path>/[\w./-]*)?")
# What else may answer, or send a request elsewhere.
_ELSEWHERE = frozenset({"rewrite", "return", "if", "try_files", "alias", "root", "fastcgi_pass", "uwsgi_pass"})
NGINX = "nginx"
_MOST_DEPTH = 10


@dataclass(frozen=True, slots=True, eq=False)
class NginxDirective:
    """One directive. words: its name and arguments. start, end: where its words stand. block: what is in its braces."""

    words: tuple[str, ...]
    start: int
    end: int
    block: list[NginxDirective] = field(default_factory=list)


def nginx_proxies(source: Source) -> Iterator[ProxyServer]:
    """Yield what each server of a configuration of nginx's hands on."""
    everything = list(_all(directives(source.text)))
    upstreams = {each.words[1]: each for each in everything if each.words[0] == "upstream" and len(each.words) > 1}
    servers = [each for each in everything if each.words[0] == "server" and each.block]
    # A file that is included may hold locations alone.
    for block in [each.block for each in servers] or [directives(source.text)]:
        forwards = tuple(_forwards(source, block, upstreams))
        if forwards:
            yield ProxyServer(NGINX, source.path, None, forwards)


def directives(text: str) -> list[NginxDirective]:
    """Return the directives of a configuration, as far as it is one."""
    top: list[NginxDirective] = []
    around = [top]
    words: list[tuple[str, int, int]] = []
    for found in _TOKEN.finditer(text):
        piece = found[0]
        if piece.startswith("#"):
            continue
        if piece not in {"{", "}", ";"}:
            words.append((piece.strip("\"'"), found.start(), found.end()))
            continue
        if words:
            made = NginxDirective(tuple(each[0] for each in words), words[0][1], words[-1][2])
            around[-1].append(made)
            if piece == "{":
                around.append(made.block)
        elif piece == "{":
            around.append([])
        words = []
        if piece == "}" and len(around) > 1:
            around.pop()
    return top


def _all(found: Sequence[NginxDirective], depth: int = 0) -> Iterator[NginxDirective]:
    for each in found:
        yield each
        if depth < _MOST_DEPTH:
            yield from _all(each.block, depth + 1)


def _forwards(
    source: Source, block: Sequence[NginxDirective], upstreams: Mapping[str, NginxDirective]
) -> Iterator[Forward]:
    """Yield the rules of a server, in the order in which nginx takes them."""
    locations = [each for each in block if each.words[0] == "location" and len(each.words) in {2, 3}]
    if not any(each.words[0] == "proxy_pass" for location in locations for each in _all(location.block)):
        return
    names = {each.words[1]: each.words[2] for each in _all(block) if each.words[0] == "set" and len(each.words) == 3}
    if any(each.words[0] in {"rewrite", "if"} for each in block):
        yield unclear(source.location(block[0].start, block[0].start))
    plain = [each for each in locations if len(each.words) == 2 or each.words[1] in {"=", "^~"}]
    patterns = [each for each in locations if each not in plain]
    plain.sort(key=lambda each: (each.words[1] == "=", len(each.words[-1])), reverse=True)
    for location in plain:
        if location.words[1] != "=" and location.words[1] != "^~":
            # A regular expression comes before a plain beginning.
            for pattern in patterns:
                yield unclear(_at(source, pattern), pattern.words[-1], _narrowed(pattern))
            patterns = []
        yield _forward(source, location, names, upstreams)


def _narrowed(location: NginxDirective) -> re.Pattern[str] | None:
    """Return what a location by the ends of files may take, None for one that may take any path."""
    found = _FILES.fullmatch(location.words[-1])
    return re.compile(rf"\.(?:{found['ends']})$", re.IGNORECASE) if found is not None else None


_FILES = regex(r"(?:\^?\.[*+])?\\\.\((?:\?:)?(?P<ends>[\w|]+)\)\$")


def _at(source: Source, found: NginxDirective) -> Location:
    return source.location(found.start, found.end)


def _forward(
    source: Source, location: NginxDirective, names: Mapping[str, str], upstreams: Mapping[str, NginxDirective]
) -> Forward:
    prefix = location.words[-1]
    takes = exactly(prefix) if location.words[1] == "=" else beginning(prefix)
    passed = [each for each in location.block if each.words[0] == "proxy_pass" and len(each.words) == 2]
    nested = any(each.words[0] in {"location", *_ELSEWHERE} for each in location.block)
    at = source.location(location.start, location.end)
    if len(passed) != 1 or nested or prefix.startswith("@"):
        return unclear(at, prefix, takes)
    found = _passed(passed[0].words[1], names)
    if found is None:
        return unclear(at, prefix, takes)
    target, path = found
    place = source.location(passed[0].start, passed[0].end)
    steps = () if path is None else ((takes if location.words[1] != "=" else _ALL, path.replace("\\", r"\\")),)
    return Forward(prefix, takes, steps, _resolved(target, upstreams), place)


_ALL = regex(r"^.*$")


def _passed(given: str, names: Mapping[str, str]) -> tuple[Upstream, str | None] | None:
    """Return the server that `proxy_pass` names, and the path that takes the place of the location's; None for none."""
    found = _PASS.fullmatch(given)
    if found is not None:
        if found["rest"]:
            return (Upstream(f"{found['scheme']}://{found['host']}", ""), None) if not found["path"] else None
        return Upstream(f"{found['scheme']}://{found['host']}", ""), found["path"]
    found = _FILLED_IN.fullmatch(given)
    if found is not None:
        # Without a scheme before it, what is put in may have a path.
        return Upstream(None, "" if found["scheme"] else None), found["path"]
    found = _VARIABLE.fullmatch(given)
    value = names.get(f"${found['name']}") if found is not None else None
    if found is None or value is None or "$" in value:
        return None
    target = Upstream.of(f"{found['scheme'] or ''}{value}{found['port'] or ''}")
    return (Upstream(target.origin, ""), None) if target is not None and not target.base else None


def _resolved(target: Upstream, upstreams: Mapping[str, NginxDirective]) -> Upstream:
    """Return the server behind a name of `upstream`, where it is one."""
    scheme, _, host = (target.origin or "").partition("://")
    upstream = upstreams.get(host)
    if upstream is None:
        return target
    servers = {each.words[1] for each in upstream.block if each.words[0] == "server" and len(each.words) > 1}
    only = next(iter(servers)) if len(servers) == 1 else None
    return Upstream(f"{scheme}://{only}" if only and not only.startswith("unix:") else None, target.base)
