"""The port on which the program of a container listens, as its command says.

The ports that nobody writes are those of uvicorn 0.35 and of `fastapi run` 0.115: 8000.
"""

from __future__ import annotations

from chatkit_doctor.frontend.proxies.compose import Service
from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

_USUAL = 8000
_COMMAND = regex(r"(?im)^\s*(?:CMD|ENTRYPOINT)\s+((?:[^\n\\\\]|\\\\\r?\n|\\\\.)*)")
_NOISE = regex(r"[\[\],\"'\\\\\s]+")
_SERVER = regex(r"\b(?:uvicorn|fastapi run|fastapi dev|hypercorn|gunicorn)\b")
_PORT = regex(r"(?:--port|-p)[= ](\d+)\b|(?:--bind|-b)[= ]\S*:(\d+)\b")
_GIVEN = regex(r"(?:--port|--bind|--uds|--fd|-p|-b|-c|--config)\b")


def listens_on(app: App, service: Service) -> int | None:
    """Return the port on which a service listens inside of the network, None where its command does not tell."""
    command = service.command or _of_image(app, service)
    words = _NOISE.sub(" ", command)
    if "$" in words or len(_SERVER.findall(words)) != 1:
        return None
    ports = [each for found in _PORT.finditer(words) for each in found.groups() if each]
    if len(ports) == 1:
        return int(ports[0])
    return None if ports or _GIVEN.search(words) else _USUAL


def _of_image(app: App, service: Service) -> str:
    """Return what the Dockerfile of a service runs: the last command of it, where there is no entry point as well."""
    path = service.dockerfile
    source = app.read(path) if path is not None and app.exists(path) else None
    found = list(_COMMAND.finditer(source.text)) if source is not None else []
    return found[-1][1] if found and len({each[0].split()[0].upper() for each in found}) == 1 else ""
