"""What http-proxy-middleware is told: by Create React App's `setupProxy.js`, and by `devServer.proxy` of webpack.

Checked against http-proxy-middleware 2.0 and 3.0 under express 4 that were asked: a text in front of the rule is what
the path has to begin with; `pathRewrite` replaces what it finds first. `app.use('/api', …)` takes `/api` off the path
in 3.0, and leaves it there before. webpack-dev-server 4.15 and 5.2 were asked as well, with a table and with a list.
What Vue's command line makes of its table was read in @vue/cli-service 5.0.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Step, unclear
from chatkit_doctor.frontend.proxies.path_patterns import beginning, below, regular
from chatkit_doctor.frontend.proxies.rewriters import steps_of_function, steps_of_table
from chatkit_doctor.frontend.proxies.targets import target
from chatkit_doctor.patterns import regex
from chatkit_doctor.web.evaluation.calls import call_arguments
from chatkit_doctor.web.evaluation.values import ArrayValue, Entry, FunctionValue, ObjectValue, StringValue, Value
from chatkit_doctor.web.formats.configs import exported_object, member_value
from chatkit_doctor.web.tree import field

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tree_sitter import Node

    from chatkit_doctor.project.app import App
    from chatkit_doctor.source import Location
    from chatkit_doctor.web.document import Document

SETUP = "setupProxy.js"
WEBPACK = regex(r"(?:webpack|vue|craco)\.config\.(?:[cm]?[jt]s)")
_VUE = regex(r"vue\.config\.\w+")
_PACKAGE = "http-proxy-middleware"
_MAKERS = regex(r"createProxyMiddleware|legacyCreateProxyMiddleware|proxy|createProxy")
# Settings of a rule that may send a request elsewhere, or answer it.
_ELSEWHERE = ("router", "bypass", "ignorePath", "prependPath", "forward", "selfHandleResponse", "filter")
_PATTERN = regex(r"[*?{}\[\]!()]")
_GLOBSTAR = regex(r"/\*\*$")
_FIRST_WITHOUT_PREFIX = 3
_NUMBER = regex(r"\d+")


def setup_proxy(app: App, document: Document) -> ProxyServer:
    """Return what `src/setupProxy.js` makes the dev server of Create React App hand on."""
    strips = _strips_prefix(app, document)
    forwards: list[Forward] = []
    for call in document.find("call_expression"):
        function = field(call, "function")
        method = field(function, "property") if function is not None else None
        if method is not None and document.text(method) == "use":
            forwards += _used(app, document, call, strips=strips)
    return ProxyServer("setupProxy.js", document.path, document.path.parent.parent, tuple(forwards), is_dev=True)


def _strips_prefix(app: App, document: Document) -> bool | None:
    """Return whether the release takes off what `app.use` is given; None where that is not known."""
    for package in app.packages.above(document.path):
        for table in ("dependencies", "devDependencies"):
            declared = package.manifest.get(table)
            asked = declared.get(_PACKAGE) if isinstance(declared, dict) else None
            first = _NUMBER.search(asked) if isinstance(asked, str) else None
            if first is not None:
                return int(first[0]) >= _FIRST_WITHOUT_PREFIX
    return None


def _used(app: App, document: Document, call: Node, *, strips: bool | None) -> Iterator[Forward]:
    at, given = document.location(call), call_arguments(call)
    evaluate = app.evaluator.evaluate
    mounted = evaluate(document, given[0]) if len(given) == 2 else None
    maker = given[-1] if given else None
    function = field(maker, "function") if maker is not None and maker.type == "call_expression" else None
    if maker is None or function is None or not _MAKERS.fullmatch(document.text(function)):
        return
    inner = [evaluate(document, each) for each in call_arguments(maker)]
    rule = inner[-1] if inner else None
    context = inner[0] if len(inner) == 2 else mounted
    if not isinstance(rule, ObjectValue) or (len(inner) == 2 and mounted is not None) or strips is None:
        yield unclear(at)
        return
    if context is None:
        context = rule.get("pathFilter")
    for prefix in _prefixes(context):
        yield _forward(app, prefix, rule, at, is_mounted=mounted is not None, strips=strips)


def _prefixes(context: Value | None) -> Sequence[str | None]:
    """Return the beginnings that a rule is for, None for one that is not plain; that of all paths without a context."""
    if context is None:
        return [""]
    values = context.items if isinstance(context, ArrayValue) and context.complete else [context]
    texts = [each.text if isinstance(each, StringValue) else "*" for each in values]
    if len({"*" in each for each in texts}) > 1:
        # The middleware refuses to start.
        return [None]
    plain = [_GLOBSTAR.sub("", each) for each in texts]
    return [None if _PATTERN.search(each) else each for each in plain]


def _forward(
    app: App, prefix: str | None, rule: ObjectValue, at: Location, *, is_mounted: bool = False, strips: bool = False
) -> Forward:
    if prefix is None:
        return unclear(at)
    takes = below(prefix) if is_mounted else beginning(prefix)
    steps = _steps(rule)
    if steps is None:
        return unclear(at, prefix, takes)
    before: tuple[Step, ...] = ((re.compile(f"^{re.escape(prefix)}"), ""),) if is_mounted and strips else ()
    return Forward(prefix, takes, (*before, *steps), target(app, rule.get("target")), at)


def _steps(rule: ObjectValue) -> tuple[Step, ...] | None:
    if not rule.complete or any(name in rule.entries for name in _ELSEWHERE):
        return None
    rewrite = rule.entries.get("pathRewrite")
    if rewrite is None:
        return ()
    if isinstance(rewrite.value, FunctionValue):
        return steps_of_function(rewrite.value)
    return steps_of_table(rewrite.value)


def webpack_proxy(app: App, document: Document) -> ProxyServer:
    """Return what `devServer.proxy` of webpack, Vue's command line or Craco makes the dev server hand on."""
    node: Node | None = exported_object(document)
    for name in ("devServer", "proxy"):
        node = member_value(document, node, name) if node is not None and node.type == "object" else None
    if node is None:
        is_said = "proxy" in document.source.text
        forwards = (unclear(document.source.location(0, 0)),) if is_said else ()
        return ProxyServer("webpack's proxy", document.path, document.path.parent, forwards)
    rules = tuple(_of_webpack(app, app.evaluator.evaluate(document, node)))
    return ProxyServer("webpack's proxy", document.path, document.path.parent, rules, is_dev=True)


def _of_webpack(app: App, table: Value) -> Iterator[Forward]:
    """Yield the rules of a table by beginnings, of a list with contexts, or of one target for all paths."""
    if isinstance(table, StringValue):
        yield Forward("", beginning(""), (), target(app, table), table.location)
        return
    if isinstance(table, ArrayValue):
        for rule in table.items:
            context = rule.get("context") if isinstance(rule, ObjectValue) else None
            for prefix in _prefixes(context) if isinstance(rule, ObjectValue) else ():
                yield _of_list(app, prefix, rule)
    elif isinstance(table, ObjectValue):
        for entry in table.entries.values():
            yield _of_table(app, entry)
    if not isinstance(table, ArrayValue | ObjectValue) or not table.complete:
        yield unclear(table.location)


def _of_list(app: App, prefix: str | None, rule: Value) -> Forward:
    return _forward(app, prefix, rule, rule.location) if isinstance(rule, ObjectValue) else unclear(rule.location)


def _of_table(app: App, entry: Entry) -> Forward:
    if _VUE.fullmatch(entry.document.path.name):
        return _of_vue(app, entry)
    prefix = _GLOBSTAR.sub("", entry.name)
    if entry.optional or _PATTERN.search(prefix) or prefix.startswith("^"):
        return unclear(entry.location)
    if isinstance(entry.value, ObjectValue):
        return _forward(app, prefix, entry.value, entry.location)
    return Forward(prefix, beginning(prefix), (), target(app, entry.value), entry.location)


def _of_vue(app: App, entry: Entry) -> Forward:
    """Return a rule of Vue's command line, to which the key is a regular expression, be there a `^` or not."""
    takes = regular(entry.name)
    rule = entry.value
    steps = _steps(rule) if isinstance(rule, ObjectValue) else ()
    if takes is None or entry.optional or steps is None:
        return unclear(entry.location, entry.name, takes)
    given = rule.get("target") if isinstance(rule, ObjectValue) else rule
    return Forward(entry.name.lstrip("^"), takes, steps, target(app, given), entry.location)
