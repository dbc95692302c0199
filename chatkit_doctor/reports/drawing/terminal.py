"""What the output can take: colour, a width, characters beyond ASCII."""

from __future__ import annotations

import os
import sys
from typing import TextIO

from chatkit_doctor.records import dataclass

_NARROWEST = 40
_DEFAULT_WIDTH = 120
# ENABLE_VIRTUAL_TERMINAL_PROCESSING
_READS_ESCAPES = 4
_BOX_CHARACTERS = "│╭╰─…·"


@dataclass(frozen=True, slots=True)
class Terminal:
    """Where a report is shown. width: in cells. unicode: box-drawing characters can be written."""

    color: bool = False
    width: int = _DEFAULT_WIDTH
    unicode: bool = True
    encoding: str = "utf-8"

    @classmethod
    def of(cls, stream: TextIO, color: str = "auto") -> Terminal:
        """Return what a stream can take; `color` is auto, always or never."""
        width = _width_of_terminal() if stream.isatty() else _width_by_environment()
        encoding = stream.encoding or "ascii"
        return cls(_wants_color(stream, color), max(width, _NARROWEST), _can_encode(encoding), encoding)

    def writable(self, text: str) -> str:
        """Return text with escapes for the characters that the encoding lacks."""
        return text.encode(self.encoding, "backslashreplace").decode(self.encoding)


def _wants_color(stream: TextIO, color: str) -> bool:
    """Return whether there is colour: by the flag, NO_COLOR, FORCE_COLOR, CI and what the stream is, in this order."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    # Many runners give their jobs a terminal whose log shows escape sequences as they are.
    in_ci = os.environ.get("CI", "").lower() not in {"", "0", "false"}
    return stream.isatty() and os.environ.get("TERM") != "dumb" and not in_ci and _takes_colour(stream)


def _takes_colour(stream: TextIO) -> bool:
    """Return whether a terminal reads escape sequences. Consoles of Windows do so when asked, or never."""
    if sys.platform != "win32":
        return True
    import ctypes
    import msvcrt

    console = ctypes.c_void_p(msvcrt.get_osfhandle(stream.fileno()))
    mode = ctypes.c_ulong()
    if not ctypes.windll.kernel32.GetConsoleMode(console, ctypes.byref(mode)):
        return False
    return bool(ctypes.windll.kernel32.SetConsoleMode(console, mode.value | _READS_ESCAPES))


def _width_of_terminal() -> int:
    import shutil

    return shutil.get_terminal_size((_DEFAULT_WIDTH, 40)).columns


def _width_by_environment() -> int:
    columns = os.environ.get("COLUMNS", "")
    return int(columns) if columns.isdecimal() else _DEFAULT_WIDTH


def _can_encode(encoding: str) -> bool:
    try:
        _BOX_CHARACTERS.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
