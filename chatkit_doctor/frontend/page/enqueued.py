"""The scripts that PHP has WordPress load: `wp_enqueue_script` and `wp_register_script`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location, Source

# An argument of a call goes to the next comma or to the end of the call; texts in it are skipped as a whole.
_CALL = regex(
    r"\bwp_(?:enqueue|register)_script\s*+\(\s*+(?P<handle>[^,()'\"]++|'[^'\n]*+'|\"[^\"\n]*+\")\s*+(?P<next>[,)])"
)
_TEXT = regex(r"\s*+(?P<quote>['\"])(?P<text>[^'\"\n]*+)(?P=quote)\s*+[,)]")
_SOURCE = regex(r"[^;\n]{0,300}")
_FILE = regex(r"(?<![\w./-])[\w./-]++")
_COMMENT = regex(r"/\*(?:[^*]|\*(?!/))*+\*/|^[ \t]*+(?://|#)[^\n]*+", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Enqueued:
    """One script. url: where it is written out. file: the name of the file that is meant, where that is known."""

    handle: str
    at: Location
    url: str | None
    file: str | None


def enqueued_scripts(source: Source) -> Iterator[Enqueued]:
    """Yield the scripts that calls in a PHP file name with their address; those by their handle alone are not."""
    text = _COMMENT.sub(lambda found: " " * len(found[0]), source.text)
    for call in _CALL.finditer(text):
        handle = call["handle"].strip("'\"")
        if call["next"] != ",":
            continue
        written = _TEXT.match(text, call.end())
        if written is not None:
            at = source.location(written.start("text"), written.end("text"))
            yield Enqueued(handle, at, written["text"], PurePosixPath(written["text"]).name)
            continue
        rest = _SOURCE.match(text, call.end())
        names = [found[0] for found in _FILE.finditer(rest[0] if rest is not None else "")]
        file = next((PurePosixPath(each).name for each in names if each.endswith((".js", ".mjs"))), None)
        yield Enqueued(handle, source.location(call.start(), call.end()), None, file)


def takes_unknown_script(app: App) -> bool:
    """Return whether PHP of an app has a script loaded that is not known: computed, registered or kept elsewhere."""
    names = {path.name for path in app.web_paths()}
    for path in app.web_paths():
        if path.suffix != ".php" or not app.mentions(path, (b"wp_enqueue_script", b"wp_register_script")):
            continue
        source = app.read(path)
        for each in enqueued_scripts(source) if source is not None else ():
            is_elsewhere = each.url is not None and each.url.startswith(("http:", "https:", "//"))
            if not is_elsewhere and each.file not in names:
                return True
    return False
