"""Return the fix that runs the agent on the thread's newest items."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.history.converters import CONVERTS_ITEMS
from chatkit_doctor.backend.history.history import MemorylessRun
from chatkit_doctor.backend.history.origin import Analysis
from chatkit_doctor.backend.history.plain_input import converted_message, is_message_alone
from chatkit_doctor.backend.imports.handed_on import is_handed_on
from chatkit_doctor.backend.runs.apis import Api, api_of
from chatkit_doctor.backend.servers import Responder
from chatkit_doctor.checks.respond.history_converter import history_converter
from chatkit_doctor.contracts.sdk import sdk_names
from chatkit_doctor.finding import Applicability, Edit, Fix
from chatkit_doctor.project.app import App
from chatkit_doctor.python.flow import PlacedExpr
from chatkit_doctor.python.hierarchy import ClassId, ClassView
from chatkit_doctor.python.inserted_names import free_name, imported
from chatkit_doctor.python.module import Module, walk
from chatkit_doctor.words import last_part

_CONVERT = last_part(sdk_names.CONVERT)
_LOAD = """\
# The newest items, oldest first; the store holds the new message already.
{page} = await {store}.load_thread_items({thread}.id, after=None, limit=50, order="desc", context={context})
{name} = await {convert}(list(reversed({page}.data)))"""


def history_fix(app: App, responder: Responder, found: MemorylessRun) -> Fix | None:
    """Return the fix that runs the agent on the thread's newest items.

    None where the run is not in respond() itself, where more than the message goes into it, or where the statement to
    put the lines at has another before it on its line.
    """
    direct = found.function is responder.function and isinstance(found.function, ast.AsyncFunctionDef)
    # What is unpacked into the call was written down before it.
    direct = direct and found.input in walk(found.run.call)
    if not direct or found.run.agent is None:
        return None
    made = converted_message(found.function, responder.message) or _only_assignment(found)
    names = app.names(found.module)
    replaced = made.value if made else found.input
    if not is_message_alone(names, found.function, Analysis(app), replaced) or _indent(found, made).strip():
        return None

    def build() -> Iterator[Edit]:
        if own := _own_converter(app, found.module, replaced):
            yield from _run_edits(responder, found, made, own)
            return
        api, _ = api_of(app, found.run)
        if api is Api.RESPONSES:
            brought = imported(names, {sdk_names.AGENTS: [_CONVERT]})
            yield from _run_edits(responder, found, made, brought.local[_CONVERT])
            yield from brought.edits
            return
        yield from _with_converter(app, responder, found, made, replaced)

    return Fix("run the agent on the newest items of the thread", Applicability.UNSAFE, lambda: tuple(build()))


def _with_converter(
    app: App, responder: Responder, found: MemorylessRun, made: ast.Assign | None, replaced: ast.expr
) -> Iterator[Edit]:
    """Run on history as a converter writes it that every model accepts; it is made where the file has none."""
    module = found.module
    left = set() if is_handed_on(app, module, _CONVERT) else _left_unused(found, replaced)
    name, written = history_converter(app, module, found.run.call, left)
    yield from written
    yield from _run_edits(responder, found, made, f"{name}().to_agent_input")


def _own_converter(app: App, module: Module, replaced: ast.expr) -> str | None:
    """Return what converts the message now, where that is a converter of the project's that any model understands."""
    for node in walk(replaced):
        if isinstance(node, ast.Attribute) and node.attr in CONVERTS_ITEMS:
            made = list(app.flow.sources(module, node.value))
            if made and all(_writes_assistant_messages(app, each) for each in made):
                return module.location(node).text
    return None


def _writes_assistant_messages(app: App, made: PlacedExpr) -> bool:
    """Return whether an object is of a class of the project that converts the assistant's messages in its own way."""
    found = app.symbols.definition(made.module, made.expr.func) if isinstance(made.expr, ast.Call) else None
    if found is None or found.module is None or found.class_node is None:
        return False
    return ClassView(app.symbols, ClassId(found.module, found.class_node)).defines(sdk_names.CONVERT_ANSWER)


def _run_edits(responder: Responder, found: MemorylessRun, made: ast.Assign | None, convert: str) -> Iterator[Edit]:
    """Load the history where the run's input was made, or right before the run, and run on it."""
    module, source = found.module, found.module.source
    # A name that says what it holds is kept: of model input, not of a text.
    target = made.targets[0] if made and _is_model_input(made.value) else None
    name = target.id if isinstance(target, ast.Name) else _free_name(found, "history")
    code = _LOAD.format(
        page=_free_name(found, "page"),
        store=f"{responder.receiver}.store",
        thread=responder.thread,
        context=responder.context,
        name=name,
        convert=convert,
    )
    indent = _indent(found, made)
    text = code.replace("\n", f"\n{indent}")
    if made:
        yield Edit(module.location(made), text)
    else:
        line = source.line_start(_statement_around(module, found.run.call).lineno)
        yield Edit(source.location(line, line), f"{indent}{text}\n")
    if target is None:
        yield Edit(module.location(found.input), name)


def _indent(found: MemorylessRun, made: ast.Assign | None) -> str:
    """Return what stands on its line before the statement that the history is loaded at."""
    module = found.module
    statement = made or _statement_around(module, found.run.call)
    return module.source.text[module.source.line_start(statement.lineno) : module.location(statement).start]


def _is_model_input(expr: ast.expr) -> bool:
    names = {node.attr for node in walk(expr) if isinstance(node, ast.Attribute)}
    return not CONVERTS_ITEMS.isdisjoint(names.union(node.id for node in walk(expr) if isinstance(node, ast.Name)))


def _left_unused(found: MemorylessRun, replaced: ast.expr) -> set[str]:
    """Return the SDK's own converter where what is replaced was made with it and nothing else uses it."""
    gone = set(walk(replaced))
    uses = [node for node in found.module.nodes(ast.Name) if node.id == _CONVERT]
    return {_CONVERT} if uses and all(node in gone for node in uses) else set()


def _only_assignment(found: MemorylessRun) -> ast.Assign | None:
    """Return the one plain assignment that makes the input, when the run alone uses what it makes."""
    if not isinstance(found.input, ast.Name):
        return None
    name = found.input.id
    nodes = (node for node in walk(found.function) if isinstance(node, ast.Name) and node.id == name)
    others = [node for node in nodes if node is not found.input]
    if len(others) != 1:
        return None
    made = found.module.parents[others[0]]
    simple = (
        isinstance(made, ast.Assign)
        and found.module.parents[made] is found.module.parents[_statement_around(found.module, found.run.call)]
    )
    return made if simple and isinstance(made, ast.Assign) and len(made.targets) == 1 else None


def _free_name(found: MemorylessRun, wanted: str) -> str:
    taken = {node.id for node in walk(found.function) if isinstance(node, ast.Name)}
    taken |= {node.arg for node in walk(found.function) if isinstance(node, ast.arg)}
    free = (name for name in (wanted, f"thread_{wanted}") if name not in taken)
    return next(free, None) or free_name(found.module, wanted)


def _statement_around(module: Module, node: ast.AST) -> ast.stmt:
    return next(each for each in module.ancestors(node) if isinstance(each, ast.stmt))
