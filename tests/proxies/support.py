"""What the files of a project make of the requests of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chatkit_doctor.frontend.proxies.table import proxies
from tests.projects import project_of

UNCLEAR = "?"
_PAGE = "import { useChatKit } from '@openai/chatkit-react'\nuseChatKit({ api: { url: '/chatkit', domainKey: 'k' } })\n"
_PACKAGE = '{ "dependencies": { "@openai/chatkit-react": "^1.6.0" } }'


def handed(root: Path, files: Mapping[str, str], paths: list[str]) -> dict[str, str | None]:
    """Return what each path becomes: an address, its end behind `…`, UNCLEAR, or None where nothing hands it on."""
    project = project_of(root, {"package.json": _PACKAGE, "src/Chat.tsx": _PAGE, **files})
    known = [each for app in project.apps for each in proxies(app)]
    found: dict[str, str | None] = {}
    for path in paths:
        taken = [each for proxy in known if (each := proxy.hands_on(path)) is not None]
        found[path] = None
        for each in taken[:1]:
            origin = each.forward.target.origin if each.is_whole else "…"
            found[path] = UNCLEAR if each.path is None else f"{origin or '//'}{each.path}"
    return found
