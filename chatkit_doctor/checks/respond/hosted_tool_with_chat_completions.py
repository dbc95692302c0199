"""Find tools that OpenAI runs on agents whose model is asked through Chat Completions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.agents.hosted_tools import misplaced_hosted_tools
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def hosted_tool_with_chat_completions(app: App) -> Iterator[Finding]:
    """Find tools that OpenAI runs on agents whose model is asked through Chat Completions."""
    for found in misplaced_hosted_tools(app):
        assert isinstance(found.call.expr, ast.Call)
        module = found.call.module
        written = found.model.module.location(found.model.expr)
        where = "" if found.model.module is module else f" of {written.path.name}"
        yield Finding(
            "CK319",
            module.location(found.call.expr.func),
            f"the {written.text.split('(')[0].strip()}{where} has no {found.name}, which is OpenAI's to run",
            label="a hosted tool",
            help="give the agent a function tool that does it, or a model that speaks the Responses API",
            seen_as=SeenAs("refused"),
        )
