"""Find servers that do not answer what people do in their widgets."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.capabilities import surely_lacks
from chatkit_doctor.backend.contract import contract_for
from chatkit_doctor.backend.widgets.actions import ServerAction, server_actions
from chatkit_doctor.checks.respond.unhandled_widget_action_fix import answering_fix
from chatkit_doctor.contracts.sdk.sdk_names import ACTION, SERVER, SYNC_ACTION
from chatkit_doctor.contracts.web_names import SEND_ACTION
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.asked import Manner, asked
from chatkit_doctor.frontend.pairs.partners import fitting_partners
from chatkit_doctor.project.app import App


def unhandled_widget_action(app: App) -> Iterator[Finding]:
    """Find servers that do not answer what people do in their widgets."""
    for method, is_streamed in ((ACTION, True), (SYNC_ACTION, False)):
        server = surely_lacks(app, method)
        if server is None or not app.owns(server.own.module.source.path) or not _is_known(app, method):
            continue
        sent = _sent(app, is_streamed=is_streamed)
        if sent is not None:
            yield Finding(
                "CK312",
                server.own.module.name_location(server.own.node),
                f"{server.name} has no {method}(), and {sent}",
                label=f"no {method}",
                help=f"override {method} in {server.name}",
                seen_as=SeenAs("streamed" if is_streamed else "at-once"),
                fix=answering_fix(app, server) if is_streamed else None,
            )


def _is_known(app: App, method: str) -> bool:
    """Return whether the release that the app has calls a method."""
    contract = contract_for(app, app.folder / "app.py")
    class_ = contract.class_(SERVER)
    return class_ is not None and method in class_.methods


def _sent(app: App, *, is_streamed: bool) -> str | None:
    """Return the clause that says what sends the server actions of a kind; None where nothing is seen to."""
    actions = [each for each in server_actions(app) if each.is_streamed is is_streamed]
    if actions:
        return _clause(actions)
    if not is_streamed:
        return None
    for pair in app.fronts():
        if any(each.backend is app for each in fitting_partners(pair.frontend)):
            for member in asked(pair.frontend):
                if member.name == SEND_ACTION and member.manner is Manner.CALLED:
                    at = member.document.location(member.node)
                    return f"{at.path.name}:{at.first.line} sends it an action"
    return None


def _clause(actions: list[ServerAction]) -> str:
    first, *others = actions
    names = {each.type for each in others} - {first.type}
    more = f", as do {len(names)} more" if len(names) > 1 else ", as does one more" if names else ""
    return f"the action {first.type!r} of {first.where} goes to it{more}"
