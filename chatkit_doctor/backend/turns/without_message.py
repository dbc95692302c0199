"""Turns that begin without a message, and code of theirs that reads the message before it has asked for one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import Enum

from chatkit_doctor.backend.agents.client_tools import client_tool_calls
from chatkit_doctor.backend.models.names import sdk_name
from chatkit_doctor.backend.runs.frames import CallFrame, turns
from chatkit_doctor.backend.servers import Responder, responders
from chatkit_doctor.backend.turns.unasked import UnaskedUse, unasked_use
from chatkit_doctor.contracts.sdk.sdk_names import DONE, FORM_ITEM, RESPOND, TOOL_CALL_ITEM
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module, is_none, walk
from chatkit_doctor.records import dataclass
from chatkit_doctor.words import last_part


class Beginning(Enum):
    """What a turn begins with, where it is no message."""

    CLIENT_TOOL = "after the output of a tool that the browser ran"
    FORM = "after the answers to a form"
    OWN_CALL = "where this server calls respond() itself"


@dataclass(frozen=True, slots=True)
class MissedMessage:
    """A use of the message that fails where a turn begins without one."""

    responder: Responder
    use: UnaskedUse
    beginning: Beginning


def missed_messages(app: App) -> Iterator[MissedMessage]:
    """Yield, for each `respond`, the first use of its message that fails where the app begins turns without one."""
    for responder in responders(app):
        beginning = _beginning(app, responder)
        if beginning is None or app.is_test_file(responder.module.source.path):
            continue
        use = unasked_use(app, CallFrame(responder.module, responder.function), responder.message)
        if use is not None:
            yield MissedMessage(responder, use, beginning)


def _beginning(app: App, responder: Responder) -> Beginning | None:
    """Return what a server's turns may begin with but a message; None where nothing of the kind is seen."""
    if any(_calls_respond(app, each.module, call) for each in responder.view.classes for call in _calls(each.node)):
        return Beginning.OWN_CALL
    return app.derive(_beginning_of_app)


def _beginning_of_app(app: App) -> Beginning | None:
    """Return what the turns of any server of an app may begin with but a message."""
    if client_tool_calls(app) or _emits(app, TOOL_CALL_ITEM):
        return Beginning.CLIENT_TOOL
    return Beginning.FORM if _emits(app, FORM_ITEM) else None


def _calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in walk(node) if isinstance(each, ast.Call))


def _calls_respond(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether a server calls its own `respond` without a message."""
    match call:
        case ast.Call(func=ast.Attribute(value=ast.Name(id="self"), attr=name), args=[_, message, *_]):
            return name == RESPOND and is_none(message) and not app.is_test_file(module.source.path)
    return False


def _emits(app: App, item: str) -> bool:
    """Return whether the app shows an item of a class: made in a turn, or for the event that stores it."""
    name = last_part(item)
    answering = {frame.function for frame in turns(app)}
    for module in app.modules():
        if name not in module.source.text or app.is_test_file(module.source.path):
            continue
        for call in module.nodes(ast.Call):
            if not call.keywords or any(each.arg is None for each in call.keywords):
                continue
            if sdk_name(app, module, call.func) != item:
                continue
            if module.enclosing_function(call) in answering or _is_for_event(app, module, call):
                return True
    return False


def _is_for_event(app: App, module: Module, call: ast.Call) -> bool:
    """Return whether an item is made for the event that stores it."""
    outer = module.parents[module.parents[call]]
    return isinstance(outer, ast.Call) and sdk_name(app, module, outer.func) == DONE
