"""What is let through while a subject runs: its own folder of scratch, and what was allowed by name.

A store is written to, so that it must be a store for that: paths and hosts that the project's settings name are kept
away unless they are allowed. Watched are Python's own ways out (files, sockets, sqlite); a database driver that
connects by itself, as libpq's do, is refused where it is loaded, unless something is allowed.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

# Settings by which programs find the data of their users.
_DATA = re.compile(
    r"(^|_)(DATABASE|DB|SQLALCHEMY|POSTGRES\w*|PG\w*|MYSQL|REDIS|MONGO\w*|SUPABASE|COSMOS|DYNAMO\w*|DSN|NEON|TURSO)(_|$)"
)
_DRIVERS = ("psycopg", "psycopg2", "pymysql", "MySQLdb", "oracledb", "pyodbc")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class ReachedOutError(Exception):
    """The subject wants to touch something that was not allowed; one line that says what, and how to allow it."""


class Fences:
    """Hold what a run may touch, once they are up; they cannot be taken down again in the same process.

    scratch: the folder that everything may be written to. allowed: paths, and hosts with or without a port.
    refused: what was asked for and not let through. removed: the settings that were taken away.
    """

    def __init__(self, scratch: Path, allowed: tuple[str, ...]) -> None:
        self._folders = [str(scratch.resolve()) + os.sep, os.devnull]
        self._folders += [str(Path(each).resolve()) for each in allowed]
        self._hosts = {each.rpartition(":")[0] or each for each in allowed} | set(allowed)
        self._is_open = bool(allowed)
        self.refused: list[str] = []
        self.removed: list[str] = []

    def put_up(self) -> None:
        """Take away the settings that name data, and watch from now on."""
        if not self._is_open:
            self.removed = [name for name in os.environ if _DATA.search(name)]
            for name in self.removed:
                del os.environ[name]
        sys.addaudithook(self._watch)

    def check_drivers(self) -> None:
        """Raise ReachedOutError where a driver was loaded that cannot be watched."""
        found = next((name for name in _DRIVERS if name in sys.modules), None)
        if found is not None and not self._is_open:
            raise ReachedOutError(
                f"it loads {found}, whose connections cannot be watched; allow the database's host with --allow HOST"
            )

    def _watch(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], (str, bytes)):
            flags = arguments[2] if isinstance(arguments[2], int) else 0
            if flags & _WRITING:
                self._check_path(os.fsdecode(arguments[0]))
        elif event == "sqlite3.connect":
            self._check_database(os.fsdecode(arguments[0]))
        elif event == "socket.connect" and isinstance(arguments[1], tuple):
            self._check_host(str(arguments[1][0]), arguments[1][1])

    def _check_database(self, name: str) -> None:
        if name in {":memory:", ""} or "mode=memory" in name or name.startswith("file::memory:"):
            return
        self._check_path(name.removeprefix("file:").partition("?")[0])

    def _check_path(self, name: str) -> None:
        path = os.path.realpath(name)
        # What Python itself keeps: compiled modules.
        if path.endswith(".pyc") or f"{os.sep}__pycache__" in path:
            return
        if not any(path == each or path.startswith(each) for each in self._folders):
            self._refuse(f"it writes to {path}; allow it with --allow {path}")

    def _check_host(self, host: str, port: object) -> None:
        if host in _LOOPBACK and not _is_database(port):
            return
        if host not in self._hosts and f"{host}:{port}" not in self._hosts:
            self._refuse(f"it connects to {host}:{port}; allow it with --allow {host}:{port}")

    def _refuse(self, reason: str) -> None:
        self.refused.append(reason)
        raise ReachedOutError(reason)


# On the machine itself, what listens there may be the user's database.
_DATABASE_PORTS = frozenset({5432, 5433, 6432, 3306, 6379, 27017, 1433, 1521, 9042, 8000, 8081})


def _is_database(port: object) -> bool:
    return port in _DATABASE_PORTS
