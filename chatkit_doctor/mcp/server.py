"""The server: its tools as agents see them, and the errors that they get."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import ToolAnnotations
from pydantic import Field

import chatkit_doctor
from chatkit_doctor.mcp import tools
from chatkit_doctor.mcp.tools import CheckAsked, ScanAsked
from chatkit_doctor.reports.edge import printed

_INSTRUCTIONS = """\
Finds, explains and fixes what is wrong in projects built on OpenAI ChatKit (openai-chatkit, @openai/chatkit).
Call scan after you have written or changed code that uses ChatKit; call fix for what has a fix, and look at its diff;
explain a code, or an error message as you see it, before you guess. Paths are relative to the project's folder."""

Paths = Annotated[list[str] | None, Field(description="Files and folders, relative to the project; by default all.")]
RuleNames = Annotated[list[str] | None, Field(description="Run only these rules: codes, starts of codes, or names.")]
NotRuleNames = Annotated[list[str] | None, Field(description="Leave these rules out.")]
_READS = ToolAnnotations(read_only_hint=True, open_world_hint=False)
_WRITES = ToolAnnotations(read_only_hint=False, destructive_hint=True, idempotent_hint=True, open_world_hint=False)
_RUNS = ToolAnnotations(read_only_hint=False, destructive_hint=False, open_world_hint=False)
# One thing at a time: what is read for a scan is not to be written by a fix meanwhile.
_TURN = threading.Lock()


@contextmanager
def _told() -> Iterator[None]:
    """Let an agent read what it has to put right."""
    with _TURN:
        try:
            yield
        except tools.ERRORS as error:
            raise ToolError(printed(str(error))) from None


def server(top: Path) -> MCPServer[Any]:
    """Return the server for the folder of a project, which must be the working directory."""
    made: MCPServer[Any] = MCPServer(
        "chatkit-doctor", instructions=_INSTRUCTIONS, version=chatkit_doctor.__version__, log_level="WARNING"
    )

    def scan(
        paths: Paths = None,
        select: RuleNames = None,
        ignore: NotRuleNames = None,
        min_severity: Annotated[Literal["error", "warning", "info"], Field(description="Leave out what is below.")] = (
            "info"
        ),
        limit: Annotated[int, Field(ge=1, description="How many findings are shown at most.")] = 20,
        format: Annotated[  # noqa: A002 - as the command has it
            Literal["agent", "json"], Field(description="Blocks to read, the worst first; or the whole as a document.")
        ] = "agent",
    ) -> str:
        """Find what is wrong with the project's use of ChatKit: place, fact, reason, and the exact edit as a diff."""
        with _told():
            return tools.scan(_asked(paths, select, ignore), min_severity, limit, as_json=format == "json")

    def fix(
        paths: Paths = None,
        select: RuleNames = None,
        ignore: NotRuleNames = None,
        unsafe: Annotated[bool, Field(description="Use also fixes that change more than the defect.")] = False,
        write: Annotated[bool, Field(description="Write the files; without it the diff is only shown.")] = False,
    ) -> str:
        """Mend what is found. Shows a diff, and writes nothing unless `write` is true."""
        with _told():
            return tools.fix(_asked(paths, select, ignore), unsafe=unsafe, write=write)

    def explain(
        about: Annotated[str, Field(description="A code (CK201), a name, or an error message or traceback as it is.")],
        values: Annotated[bool, Field(description="List all values that are legal where the rule looks.")] = False,
    ) -> str:
        """Explain a rule, or find the rule behind an error message: what it finds, why, and what to write instead."""
        with _told():
            return tools.explain(about, values=values)

    def check(
        subject: Annotated[str, Field(description="MODULE:NAME of a Store or ChatKitServer, or of what makes one.")],
        folder: Annotated[str, Field(description="The folder that MODULE is imported from.")] = ".",
        contexts: Annotated[
            list[dict[str, Any]] | None, Field(max_length=2, description="The context of a user, or of two.")
        ] = None,
        properties: Annotated[list[str] | None, Field(description="Check these alone.")] = None,
        python: Annotated[
            str | None, Field(description="The interpreter of the project's environment; .venv is found by itself.")
        ] = None,
    ) -> str:
        """Run a Store or a ChatKitServer of the project in place: imports the module in a process of its own."""
        with _told():
            asked = CheckAsked(subject, folder, contexts or (), properties or (), python)
            return tools.check(top, asked)

    def _asked(paths: list[str] | None, select: list[str] | None, ignore: list[str] | None) -> ScanAsked:
        return ScanAsked(top, paths or (), select or (), ignore or ())

    offered: list[tuple[Callable[..., str], ToolAnnotations]] = [
        (scan, _READS),
        (explain, _READS),
        (fix, _WRITES),
        (check, _RUNS),
    ]
    for function, about in offered:
        made.add_tool(function, annotations=about, structured_output=False)
    return made
