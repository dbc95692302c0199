"""Find what an agent is given as a tool and is none."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.agents.no_tools import Misplaced, NoTool, misplaced_tools
from chatkit_doctor.backend.runs.apis import Api
from chatkit_doctor.checks.respond.not_a_tool_fix import tool_fix
from chatkit_doctor.contracts.sdk.agents import mcp, tool_decorator_name
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import shortened


def not_a_tool(app: App) -> Iterator[Finding]:
    """Find what an agent is given as a tool and is none."""
    for found in misplaced_tools(app):
        at = found.element.module.location(found.element.expr)
        fact, help_ = _words(found, shortened(at.text))
        yield Finding(
            "CK318",
            at,
            fact,
            label="not a tool",
            help=help_,
            seen_as=_seen(found),
            fix=tool_fix(app, found),
        )


def _words(found: Misplaced, written: str) -> tuple[str, str]:
    decorator = tool_decorator_name()
    if found.kind is NoTool.LISTED:
        known = mcp()
        return (
            f"{written} gives descriptions of tools, which the agent cannot call",
            f"give the agent the server itself, by {known.parameter}=[…]",
        )
    if found.kind is NoTool.AGENT:
        return f"{written} is an agent, and it stands among the tools", "give its as_tool(…), or name it in handoffs"
    if found.kind in {NoTool.FUNCTION, NoTool.METHOD}:
        return f"{written} is a plain function, and it stands among the tools", f"make a tool of it with {decorator}"
    return (
        f"{written} is a {found.kind.value}, and it stands among the tools",
        f"give the agent functions that {decorator} made tools of",
    )


def _seen(found: Misplaced) -> SeenAs | None:
    if found.kind is NoTool.LISTED:
        return None
    if found.api is Api.RESPONSES:
        return SeenAs("unknown", {"kind": found.kind.value})
    return SeenAs("hosted", {"kind": found.kind.value}) if found.api is Api.CHAT_COMPLETIONS else None
