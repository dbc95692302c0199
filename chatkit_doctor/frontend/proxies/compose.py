"""Services of Docker's compose files: the folder that each is built of, and the ports that it is published at.

From the compose specification: inside of the containers' network a service is a host of its own name, and is asked at
its own ports; `ports` are for the machine outside.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from chatkit_doctor.source import Source

_FILE = regex(r"(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml")
_SERVICES = regex(rb"^services\s*:", re.MULTILINE)
_PORT = regex(r"(?:(?:[\d.]+|\[[\da-f:]+\]):)?(?P<outside>\d+):(?P<inside>\d+)(?:/tcp)?")


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One service.

    path: the file. hosts: what other services call it. folder: what it is built of, None for a ready image.
    ports: each port outside, with the one inside that it leads to. command: what it runs, "" where its image tells.
    dockerfile: what the image is made by.
    """

    name: str
    path: Path
    hosts: frozenset[str]
    folder: Path | None
    ports: dict[int, int]
    command: str
    dockerfile: Path | None


def services(app: App) -> tuple[Service, ...]:
    """Return the services of the compose files that an app can get at."""
    return app.derive(_services)


def _services(app: App) -> tuple[Service, ...]:
    found: list[Service] = []
    for path in app.files:
        source = app.read(path) if _FILE.fullmatch(path.name) and app.mentions_pattern(path, _SERVICES) else None
        if source is not None:
            found += _listed(source)
    return tuple(found)


def _listed(source: Source) -> Iterator[Service]:
    import yaml

    try:
        # Texts alone: YAML 1.1 takes `22:22` for a number.
        config = yaml.load(source.text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # noqa: S506 - texts
    except (yaml.YAMLError, ValueError, RecursionError):
        return
    table = config.get("services") if isinstance(config, dict) else None
    for name, service in table.items() if isinstance(table, dict) else ():
        if isinstance(service, dict):
            yield _service(source.path, str(name), service)


def _service(path: Path, name: str, service: dict[Any, Any]) -> Service:
    build = service.get("build")
    context = build.get("context", ".") if isinstance(build, dict) else build
    dockerfile = build.get("dockerfile") if isinstance(build, dict) else None
    folder = _folder(path.parent, context, dockerfile)
    image = folder / Path(dockerfile if isinstance(dockerfile, str) else "Dockerfile").name if folder else None
    hosts = {name, *(str(service[each]) for each in ("container_name", "hostname") if service.get(each))}
    command = service.get("command", "")
    words = " ".join(map(str, command)) if isinstance(command, list) else str(command)
    return Service(name, path, frozenset(hosts), folder, dict(_ports(service.get("ports"))), words, image)


def _folder(here: Path, context: Any, dockerfile: Any) -> Path | None:
    """Return the folder that a service is built of: that of its Dockerfile, where the context is one above it."""
    if not isinstance(context, str) or "$" in context:
        return None
    inner = Path(dockerfile).parent if isinstance(dockerfile, str) else "."
    return Path(os.path.normpath(here / context / inner))


def _ports(given: Any) -> Iterator[tuple[int, int]]:
    for each in given if isinstance(given, list) else ():
        if isinstance(each, dict):
            outside, inside = str(each.get("published")), str(each.get("target"))
            found = _PORT.fullmatch(f"{outside}:{inside}")
        else:
            found = _PORT.fullmatch(str(each))
        if found is not None:
            yield int(found["outside"]), int(found["inside"])
