"""MCP servers that a turn makes: what it does not connect itself, nobody has connected."""

from __future__ import annotations

import sys
import traceback
import weakref
from typing import Any

_AGENTS = "agents.mcp.server"
_MARK = "_chatkit_doctor_noted"


class MadeServers:
    """Notes the servers that are made from now on; whatever was there before, the app's start may have connected."""

    def __init__(self) -> None:
        self._made: weakref.WeakSet[Any] = weakref.WeakSet()

    def watch(self) -> None:
        """Forget what was made until now, and note what is made."""
        self._made.clear()
        module = sys.modules.get(_AGENTS)
        cls = getattr(module, "MCPServer", None)
        if cls is None or hasattr(cls.__init__, _MARK):
            return
        made, init = self._made, cls.__init__

        def noted(server: Any, *arguments: Any, **named: Any) -> None:
            made.add(server)
            init(server, *arguments, **named)

        setattr(noted, _MARK, True)
        cls.__init__ = noted

    def unconnected(self, error: BaseException) -> bool:
        """Return whether an error is that of a server which was made meanwhile and asked before it was connected."""
        if "not initialized" not in str(error):
            return False
        holders = (frame.f_locals.get("self") for frame, _ in traceback.walk_tb(error.__traceback__))
        return any(holder is each for holder in holders for each in self._made)


MADE = MadeServers()
