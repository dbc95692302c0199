"""`chatkit-doctor mcp`: what must be there to serve, and the serving, until the agent goes away."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from chatkit_doctor.mcp.folder import FolderError, enter

_NO_SDK = "mcp needs the official SDK, the extra `mcp` of chatkit-doctor: pip install 'mcp>=2,<3'"


class McpError(Exception):
    """A server that cannot be started; the text says why in one line."""


def serve(folder: Path) -> None:
    """Serve a project's folder over standard input and output. Raises McpError."""
    if importlib.util.find_spec("mcp") is None:
        raise McpError(_NO_SDK)
    try:
        top = enter(folder)
    except FolderError as error:
        raise McpError(str(error)) from None
    # Version 1 of the SDK has no such module. To look for it imports the SDK, which takes a second.
    if importlib.util.find_spec("mcp.server.mcpserver") is None:
        raise McpError(_NO_SDK)
    from chatkit_doctor.mcp.server import server

    server(top).run("stdio")
