"""The ChatKitServer subclasses of a project and their methods that answer a message."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.contracts.sdk.sdk_names import RESPOND, SERVER
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.module import FunctionNode, Module
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class Responder:
    """A server class and its own `respond`.

    receiver: the name of its first parameter, `self` by habit.
    thread, message, context: the names of the parameters after it; the server passes them by position.
    """

    view: ClassView
    module: Module
    function: FunctionNode
    receiver: str
    thread: str
    message: str
    context: str


# Of what a rule may do in an app: most of them look at all that a server does, and people have a few.
_STEPS_OF_A_SERVER = 200


def servers(app: App) -> Iterator[ClassView]:
    """Yield the classes that inherit from ChatKitServer, at any depth, in the files that matter."""
    for view in app.derive(_servers):
        app.last_looked_at = view.own.module.source.path
        app.budget.spend(_STEPS_OF_A_SERVER)
        yield view


def _servers(app: App) -> tuple[ClassView, ...]:
    return tuple(view for view in app.hierarchy.views if view.own.node.bases and _is_server(app, view))


def _is_server(app: App, view: ClassView) -> bool:
    contract = contract_for(app, view.own.module.source.path)
    return any(contract.canonical(each) == SERVER for each in view.externals)


def responders(app: App) -> Iterator[Responder]:
    """Yield each `respond` written in the project once, with the class that defines it."""
    seen: set[ast.AST] = set()
    for view in servers(app):
        found = view.method(RESPOND)
        if found is None or found[1] in seen:
            continue
        owner, function = found
        seen.add(function)
        names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
        if len(names) == 4:
            yield Responder(view, owner.module, function, *names)
