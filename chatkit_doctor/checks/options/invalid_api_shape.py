"""What is wrong with the shape of `api` (CK403): keys of two kinds of server, of none, or in another place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.checks.options.missing_domain_key_fix import domain_key_fix
from chatkit_doctor.checks.options.words import refused, unknown_key_seen_as, written
from chatkit_doctor.contracts.dates import hosted_workflows_end
from chatkit_doctor.contracts.web_names import API, DOMAIN_KEY, SECRET, URL
from chatkit_doctor.finding import Applicability, Edit, Finding, Fix, SeenAs
from chatkit_doctor.frontend.hosted.apps import hosted_app
from chatkit_doctor.frontend.options.api import api_shapes, keys_outside, meant_key, stand_ins
from chatkit_doctor.frontend.options.problems import is_inside, place_of, problems_of
from chatkit_doctor.frontend.options.readers import for_change
from chatkit_doctor.frontend.options.schema import Fault, OptionProblem, written_path
from chatkit_doctor.project.app import App
from chatkit_doctor.records import replace
from chatkit_doctor.source import Location
from chatkit_doctor.web.evaluation.values import Entry, EntryKind, FunctionValue, ObjectValue
from chatkit_doctor.web.writing.literals import insert_property, remove_member, rename_key
from chatkit_doctor.words import joined

_CODE = "CK403"
_EITHER = f"{URL} and {DOMAIN_KEY} of a server of one's own, or {SECRET}"


def invalid_api_shape(app: App) -> Iterator[Finding]:
    """Find an `api` with keys of two kinds of server, of none, or with its keys in another place."""
    for _, options, problem in problems_of(app, _CODE):
        if problem.path[0] != API or (problem.fault is Fault.UNKNOWN and problem.name not in stand_ins_of(problem)):
            yield _key_outside(app, options, problem)
        elif problem.fault is Fault.MIXED and isinstance(problem.value, ObjectValue):
            yield from _mixed(problem, problem.value)
        elif isinstance(problem.value, ObjectValue) and (names := stand_ins_of(problem)):
            yield from _stand_ins(app, problem, problem.value, names)
        else:
            yield _shapeless(problem)


def stand_ins_of(problem: OptionProblem) -> dict[str, str]:
    """Return the names in a problem's `api` that stand for keys it lacks."""
    if not isinstance(problem.value, ObjectValue):
        return {}
    found = stand_ins(problem.value)
    return {problem.name: found[problem.name]} if problem.name in found else found


def _mixed(problem: OptionProblem, api: ObjectValue) -> Iterator[Finding]:
    """Yield the `getClientSecret` beside a `url`; without one the chat is hosted, which is CK606's to say."""
    if URL not in api.entries:
        return
    yield Finding(
        _CODE,
        _key_place(problem, api.entries[SECRET]),
        f"api has {SECRET} beside {URL}, and ChatKit takes {_EITHER}, {refused(problem)}",
        label=f"not beside {URL}",
        help=f"keep {URL} and {DOMAIN_KEY}: {_end()}",
        seen_as=SeenAs(API),
    )


def _end() -> str:
    """Return what makes `getClientSecret` no way to go."""
    return f"the hosted workflows that {SECRET} is for end on {hosted_workflows_end().isoformat()}"


def _key_place(problem: OptionProblem, entry: Entry) -> Location:
    """Return a key where the `api` itself writes it, maybe in a spread under a condition; else the place of `api`."""
    is_here = is_inside(entry.key_location, problem.value.location) and problem.shared is None
    return entry.key_location if is_here else place_of(problem)


def _stand_ins(app: App, problem: OptionProblem, api: ObjectValue, names: dict[str, str]) -> Iterator[Finding]:
    for name, right in names.items():
        if right == SECRET and hosted_app(app) is not None:
            continue
        entry = api.entries[name]
        yield Finding(
            _CODE,
            _key_place(problem, entry),
            f"api has {name} and no {right}, {refused(problem)}",
            label=f"{name} for {right}",
            help=_instead(name, right, entry),
            seen_as=SeenAs(API),
            fix=for_change(app, entry.document, entry.node, _renaming(app, api, entry, right)),
        )


def _instead(name: str, right: str, entry: Entry) -> str:
    if right == SECRET:
        return f"write {URL} and {DOMAIN_KEY} of a server of your own: {_end()}"
    return right if isinstance(entry.value, FunctionValue) else f"write {right} for {name}"


def _renaming(app: App, api: ObjectValue, entry: Entry, right: str) -> Fix | None:
    if entry.spread or not api.complete or right == SECRET or isinstance(entry.value, FunctionValue):
        return None
    if entry.kind not in {EntryKind.PAIR, EntryKind.SHORTHAND}:
        return None

    def build() -> Sequence[Edit]:
        keyed = None
        if DOMAIN_KEY not in api.entries:
            keyed = domain_key_fix(app, replace(api, entries={**api.entries, right: entry}))
        return [*rename_key(entry, right), *(keyed.edits if keyed is not None else ())]

    return Fix(f"rename {entry.name} to {right}", Applicability.SAFE, build)


def _shapeless(problem: OptionProblem) -> Finding:
    if problem.fault is Fault.MISSING:
        fact = f"api has no {problem.name}"
    elif isinstance(problem.value, ObjectValue):
        fact = f"api has neither {URL} nor {SECRET}"
    else:
        fact = f"api is {written(problem.value)}, no object"
    own = next(shape for shape in api_shapes() if URL in shape.keys)
    return Finding(
        _CODE,
        place_of(problem),
        f"{fact}, {refused(problem)}",
        label="not a shape of api",
        help=f"write {{ {', '.join(own.required)} }}, for a server of your own",
        seen_as=SeenAs(API),
    )


def _key_outside(app: App, options: ObjectValue, problem: OptionProblem) -> Finding:
    above = written_path(problem.path[:-1])
    right = problem.name if any(problem.name in shape.keys for shape in api_shapes()) else meant_key(problem.name)
    return Finding(
        _CODE,
        place_of(problem),
        f"{problem.name} stands {f'in {above}' if above else 'beside the options'} and not in api, {refused(problem)}",
        label="belongs in api",
        help=f"write it in api, as {right}" if right != problem.name else "move it into api",
        seen_as=unknown_key_seen_as(problem),
        why="ChatKit refuses options with a key that it does not know at its place, and then draws nothing.",
        fix=for_change(app, options.document, options.node, _move(options, problem) or _wrapping(options, problem)),
    )


def _move(options: ObjectValue, problem: OptionProblem) -> Fix | None:
    """Return the fix that moves a key into the `api` of a server of one's own that is there and lacks it."""
    entry, holder = problem.entry, options.entries.get(API)
    api = holder.value if holder is not None else None
    if entry is None or not isinstance(api, ObjectValue) or not api.is_literal or not api.entries:
        return None
    shape = next((shape for shape in api_shapes() if URL in shape.keys), None)
    is_meant = shape is not None and problem.name in shape.keys and URL in api.entries and SECRET not in api.entries
    if not is_meant or not api.complete or problem.name in api.entries or entry.document is not api.document:
        return None
    if entry.spread or entry.kind not in {EntryKind.PAIR, EntryKind.SHORTHAND}:
        return None

    def build() -> Sequence[Edit]:
        removed = remove_member(entry.document, entry.node, is_moved=True)
        return [*removed, *insert_property(api.document, api.node, entry.name, entry.value_location.text)]

    return Fix(f"move {entry.name} into api", Applicability.SAFE, build)


def _wrapping(options: ObjectValue, problem: OptionProblem) -> Fix | None:
    """Return the fix that writes `api: { … }` around keys that make a whole one and stand together."""
    names = keys_outside(options)
    entries = [options.entries[name] for name in names]
    if len(problem.path) > 1 or problem.name != names[0] or API in options.entries or not options.is_literal:
        return None
    if not any(set(shape.required) <= set(names) <= shape.keys.keys() for shape in api_shapes()):
        return None
    members = [child for child in options.node.named_children if child.type != "comment"]
    nodes = sorted((entry.node for entry in entries), key=lambda node: node.start_byte)
    if any(entry.spread for entry in entries) or not _stand_together(nodes, members):
        return None
    source = options.document.source
    start, end = options.document.location(nodes[0]).start, options.document.location(nodes[-1]).end
    edits = [Edit(source.location(start, start), f"{API}: {{ "), Edit(source.location(end, end), " }")]
    return Fix(f"put {joined(names)} into api", Applicability.SAFE, lambda: edits)


def _stand_together(nodes: Sequence[object], members: Sequence[object]) -> bool:
    first = members.index(nodes[0]) if nodes[0] in members else -1
    return first >= 0 and list(members[first : first + len(nodes)]) == list(nodes)
