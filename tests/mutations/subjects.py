"""What `check` is given of a copy of the reference app, as a project would name it: its stores, and its server."""

from __future__ import annotations

from importlib import import_module
from typing import Any


def memory() -> Any:
    return import_module("app.stores").MemoryStore()


def sqlite() -> Any:
    return import_module("app.stores").SqliteStore("chat.db")


def notes() -> Any:
    return import_module("app.notes").Notes()


def server() -> Any:
    return _server_on(sqlite())


def server_in_memory() -> Any:
    return _server_on(memory())


def _server_on(store: Any) -> Any:
    app = import_module("app.main")
    attachments = import_module("app.attachments").Attachments(store, app.tokens, app.settings.public_url)
    agent = import_module("app.agent").build_agent(app.settings)
    return type(app.server)(store, attachments, agent, app.settings.history_limit)
