"""A baseline from its file. Whatever else the file holds is an error of one line."""

from __future__ import annotations

import json
import os
import posixpath
import re
from collections import Counter
from pathlib import Path
from typing import Any, NoReturn

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files import FileProblem, read_bytes
from chatkit_doctor.project.files.inside import top_above
from chatkit_doctor.scanning.baseline.fingerprint import DIGITS
from chatkit_doctor.scanning.baseline.model import Baseline, BaselineError, KnownFinding, folder_of

VERSION = 1
MAX_BYTES = 50_000_000

_CODE = regex(r"CK\d{3}")
_FINGERPRINT = regex(rf"[0-9a-f]{{{DIGITS}}}")
# As much of a wrong value as a message shows, in characters.
_SHOWN = 40


def read_baseline(path: Path) -> Baseline:
    """Read a baseline. Raises BaselineError."""
    if not os.path.lexists(path):
        raise BaselineError(path, "there is no such file; `chatkit-doctor baseline` writes one")
    try:
        place = Path(os.path.normpath(Path.cwd() / path))
        entries = _entries(_parse(read_bytes(place, MAX_BYTES, top_above(str(place.parent)))))
    except FileProblem as problem:
        raise BaselineError(path, problem.reason) from None
    except _InvalidError as error:
        raise BaselineError(path, str(error)) from None
    return Baseline(path, folder_of(path), entries)


class _InvalidError(Exception):
    """The contents are not those of a baseline; the text is why, in one clause."""


def _parse(data: bytes) -> Any:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _InvalidError(f"byte {error.start} is not valid UTF-8") from None
    try:
        return json.loads(text, object_pairs_hook=_without_twins, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        reason = re.sub(r"( starting)? at$", "", error.msg.lower())
        raise _InvalidError(f"line {error.lineno} is not JSON: {reason}") from None
    except RecursionError:
        raise _InvalidError("it is nested too deeply") from None
    except ValueError as error:  # a number of more digits than Python reads
        raise _InvalidError(f"it is not JSON: {str(error).partition(';')[0].lower()}") from None


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's keys and values. Of two equal keys, as a merge may leave them, one would be lost."""
    made = dict(pairs)
    if len(made) < len(pairs):
        twin = Counter(key for key, _ in pairs).most_common(1)[0][0]
        raise _InvalidError(f"the key {_short(twin)} is there twice")
    return made


def _refuse_constant(name: str) -> NoReturn:
    raise _InvalidError(f"it is not JSON: {name} is no number")


def _entries(content: Any) -> tuple[KnownFinding, ...]:
    if not isinstance(content, dict) or "version" not in content or "findings" not in content:
        raise _InvalidError("it is not a baseline: an object with 'version' and 'findings' is needed")
    version, findings = content["version"], content["findings"]
    if type(version) is not int or version < 1:
        raise _InvalidError(f"'version' is {_short(version)}, and a baseline's is {VERSION}")
    if version > VERSION:
        raise _InvalidError(
            f"it has version {_short(version)}, written by a newer chatkit-doctor; this one reads {VERSION}"
        )
    if not isinstance(findings, list):
        raise _InvalidError(f"'findings' is {_short(findings)}, not a list")
    return tuple(_entry(number, each) for number, each in enumerate(findings, 1))


def _entry(number: int, given: Any) -> KnownFinding:
    if not isinstance(given, dict):
        raise _InvalidError(f"finding {number} is {_short(given)}, not an object")
    for key in ("path", "code", "fingerprint"):
        if key not in given:
            raise _InvalidError(f"finding {number} has no {key!r}")
    path, code, fingerprint = given["path"], given["code"], given["fingerprint"]
    if not isinstance(path, str) or not path or "\0" in path:
        raise _InvalidError(f"finding {number}: 'path' is {_short(path)}, not the path of a file")
    if path.startswith("/") or Path(path).is_absolute():
        raise _InvalidError(f"finding {number}: 'path' is {_short(path)}, not relative to the baseline's folder")
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise _InvalidError(f"finding {number}: 'code' is {_short(code)}, not a rule's code")
    if not isinstance(fingerprint, str) or not _FINGERPRINT.fullmatch(fingerprint):
        reason = f"'fingerprint' is {_short(fingerprint)}, not {DIGITS} hexadecimal digits"
        raise _InvalidError(f"finding {number}: {reason}")
    return KnownFinding(posixpath.normpath(path), code, fingerprint)


def _short(value: Any) -> str:
    """Return a value as JSON has it, the end of a long one left out; of a list or an object what it is."""
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    text = json.dumps(value[:_SHOWN] if isinstance(value, str) else value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
