"""The ports that the files of a backend name for its server, as far as they do."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.backend.endpoints.process import endpoints
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location

USUAL_PORTS = frozenset({8000, 5000})
"""Where uvicorn, Django, Flask and Quart listen where nothing else is said."""

_PYTHON = regex(
    r"""\bport\s*(?::\s*int\s*)?=\s*(\d{2,5})\b|["'](?:\w+_)?PORT["']\s*,\s*["']?(\d{2,5})\b""", re.IGNORECASE
)
_STARTED = regex(r"(?:uvicorn|gunicorn|hypercorn|fastapi|flask|daphne|granian|runserver|manage\.py)\b.*")
_GIVEN = regex(r"(?:--port|-p|--bind|-b|runserver)\W{1,5}(?:[\w.]*:)?(\d{2,5})\b|\$\{PORT:-(\d+)\}")
_STARTS = regex(rb"uvicorn|gunicorn|hypercorn|fastapi|flask|daphne|granian|runserver|_PORT|PORT\b|port\s*=")
_SETTINGS = regex(
    r"^[ \t]*(?:export[ \t]+|ENV[ \t]+|-[ \t]+)?(?:\w+_)?PORT(?:[ \t]*[=:][ \t]*|[ \t]+)[\"']?(\d{2,5})\b",
    re.MULTILINE,
)
_FILES = regex(
    r"Dockerfile.*|Procfile|package\.json|.*\.ya?ml|.*\.toml|\.env.*|[Mm]akefile|[Jj]ustfile|.*\.(?:sh|ps1|bat|cmd)"
)


def named_ports(app: App) -> frozenset[int]:
    """Return the ports that an app's own code, and what starts it, name for a server; none where nothing does."""
    return app.derive(_named_ports)


def _named_ports(app: App) -> frozenset[int]:
    return frozenset(int(each) for each in _written(app) if each)


def _written(app: App) -> Iterator[str]:
    for path in app.files:
        is_code = path.suffix == ".py" and path.is_relative_to(app.folder)
        is_start = _FILES.fullmatch(path.name) and app.folder.is_relative_to(path.parent)
        source = app.read(path) if (is_code or is_start) and app.mentions_pattern(path, _STARTS) else None
        if source is None:
            continue
        if is_code:
            yield from (each for found in _PYTHON.finditer(source.text) for each in found.groups())
            continue
        yield from (found[1] for found in _SETTINGS.finditer(source.text))
        for started in _STARTED.finditer(source.text):
            yield from (each for found in _GIVEN.finditer(started[0]) for each in found.groups())


@dataclass(frozen=True, slots=True)
class Start:
    """A command or a call that starts the server of a backend.

    port: None where it is not written out. is_call: whether it is a call in Python, beside which people use commands.
    """

    port: int | None
    at: Location
    is_call: bool = False


def starts(app: App) -> tuple[Start, ...]:
    """Return what starts an app's server: calls of `uvicorn.run`, and commands in scripts, a Procfile, a Makefile.

    What starts another server beside it, one of tools say, is left out.
    """
    return app.derive(_starts)


def _starts(app: App) -> tuple[Start, ...]:
    return (
        *_called(app),
        *(each for path in app.files if _COMMANDS.fullmatch(path.name) for each in _commanded(app, path)),
    )


def _called(app: App) -> Iterator[Start]:
    for path in app.files:
        if path.suffix != ".py" or not app.owns(path) or not app.mentions_pattern(path, _RUN_WORD):
            continue
        module = app.module(path) if not app.is_test_file(path) else None
        for call in module.nodes(ast.Call) if module is not None else ():
            if module is not None and app.names(module).qualified(call.func) == _RUN:
                started = _started_module(app, module, call)
                if started is None or _has_endpoint(app, started):
                    yield Start(_given_port(call) if started else None, module.location(call.func), is_call=True)


def _started_module(app: App, module: Module, call: ast.Call) -> Path | None:
    """Return the file whose server a call of `uvicorn.run` starts; None where that cannot be told."""
    given = call.args[0] if call.args else next((each.value for each in call.keywords if each.arg == "app"), None)
    if not isinstance(given, ast.Constant):
        return module.source.path if given is not None else None
    return app.layout.resolve(module.source.path, str(given.value).partition(":")[0])


def _has_endpoint(app: App, start: Path) -> bool:
    """Return whether a file has a route of ChatKit's server, or imports one that has, and so on."""
    wanted = {each.process.module.source.path for each in endpoints(app)}
    found, waiting = {start}, [start]
    while waiting and len(found) < _MOST_FILES:
        path = waiting.pop()
        if path in wanted:
            return True
        module = app.module(path)
        for each in app.names(module).imports() if module is not None else ():
            dotted = each.dotted or ""
            for name in (dotted, dotted.rpartition(".")[0]):
                other = app.layout.resolve(path, name) if name else None
                if other is not None and other not in found:
                    found.add(other)
                    waiting.append(other)
    return False


def _given_port(call: ast.Call) -> int | None:
    """Return the port that a call of `uvicorn.run` gives, its own where it gives none; None where it is computed."""
    if any(each.arg is None for each in call.keywords):
        return None
    given = next((each.value for each in call.keywords if each.arg == "port"), ast.Constant(_OF_UVICORN))
    return given.value if isinstance(given, ast.Constant) and isinstance(given.value, int) else None


def _commanded(app: App, path: Path) -> Iterator[Start]:
    source = app.read(path) if app.mentions_pattern(path, _STARTS) else None
    if source is None:
        return
    for found in _COMMAND.finditer(source.text):
        ports = [each for given in _GIVEN.finditer(found[0]) for each in given.groups() if each]
        port = int(ports[0]) if len(ports) == 1 and "$" not in found[0] else None
        named = _MODULE.search(found[0])
        if named is None or any(_has_endpoint(app, each) for each in _files_of(app, named[1])):
            yield Start(port, source.location(found.start(), found.start() + len(found[1])))


def _files_of(app: App, dotted: str) -> Iterator[Path]:
    """Yield the files that a module may be which a command names, from whatever folder that is given."""
    tail = dotted.split(".")
    for path in app.files:
        parts = path.parts[:-1] if path.name == "__init__.py" else path.with_suffix("").parts
        if path.suffix == ".py" and list(parts[-len(tail) :]) == tail:
            yield path


_RUN = "uvicorn.run"
_RUN_WORD = regex(rb"\buvicorn\b")
_OF_UVICORN = 8000
_COMMANDS = regex(r"Procfile|package\.json|[Mm]akefile|[Jj]ustfile|.*\.(?:sh|ps1|bat|cmd)")
_MODULE = regex(r"(?<![\w.:/-])([A-Za-z_][\w.]*):[A-Za-z_]\w*")
_MOST_FILES = 200
# Up to the next command of the line, or the end of the text.
_COMMAND = regex(r"\b(uvicorn|gunicorn|hypercorn|fastapi (?:run|dev)|daphne|granian)\s[^\n\"&|;]*")
