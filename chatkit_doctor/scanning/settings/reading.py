"""One settings file from bytes to settings; what each key may hold is in `values`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from chatkit_doctor.project.files import FileProblem, read_bytes
from chatkit_doctor.project.files.mention import speaks_to_us
from chatkit_doctor.scanning.settings.model import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from chatkit_doctor.project.manifests.spans import PlacedValues

OWN_NAME = "chatkit-doctor.toml"
SHARED_NAME = "pyproject.toml"
TABLE = "chatkit-doctor"
_MISSPELT_TABLE = "chatkit_doctor"


def read_settings(path: Path, folder: Path | None = None, top: str | None = None) -> Settings | None:
    """Return what a settings file says, None for a pyproject.toml without the table. Raises SettingsError.

    folder: what its patterns are relative to; the file's own by default. top: what it may not be a link out of.
    """
    is_shared = path.name == SHARED_NAME
    try:
        data = read_bytes(path, top=top)
    except FileProblem as problem:
        # A pyproject.toml may well be somebody else's and say nothing to us.
        if is_shared and problem.leads_out:
            return None
        raise SettingsError(path, problem.reason) from None
    if is_shared and not speaks_to_us(data):
        return None
    document = _parse(path, data)
    keys = _shared_table(document) if is_shared else ()
    if keys is None:
        return None
    from chatkit_doctor.scanning.settings.values import settings_of

    return settings_of(document, keys, folder or path.parent)


def _parse(path: Path, data: bytes) -> PlacedValues:
    from chatkit_doctor.project.manifests.model import ManifestError
    from chatkit_doctor.project.manifests.toml_files import read_toml
    from chatkit_doctor.source import Source, UnreadableSourceError

    try:
        source = Source.from_bytes(path, data)
        if source.encoding != "utf-8":
            raise SettingsError(path, f"it is encoded as {source.encoding}, and TOML is UTF-8")
        return read_toml(source)
    except UnreadableSourceError as error:
        raise SettingsError(path, error.reason, error.line) from None
    except ManifestError as error:
        raise SettingsError(path, _plain(error.reason), error.line) from None
    except RecursionError:
        raise SettingsError(path, "it is nested too deeply") from None


def _plain(reason: str) -> str:
    """Return the parser's words in ours."""
    reason = reason.replace("illegal", "invalid")
    return re.sub(r"cannot (?:overwrite a value|declare .* twice)", "a key or a table is there twice", reason)


def _shared_table(document: PlacedValues) -> tuple[str, ...] | None:
    """Return the path of the table in a pyproject.toml, None where there is none."""
    tool: Any = document.values.get("tool")
    if not isinstance(tool, dict):
        return None
    if _MISSPELT_TABLE in tool:
        reason = f"the table [tool.{_MISSPELT_TABLE}] is not known; the nearest is [tool.{TABLE}]"
        raise SettingsError(document.source.path, reason, document.key_at(("tool", _MISSPELT_TABLE)).first.line)
    return ("tool", TABLE) if TABLE in tool else None
