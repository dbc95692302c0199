from __future__ import annotations

import ctypes
import io
import sys
import types

import pytest

from chatkit_doctor.reports.drawing.terminal import Terminal


class Stream(io.StringIO):
    def __init__(self, *, tty: bool, encoding: str = "utf-8") -> None:
        super().__init__()
        self._tty = tty
        self._encoding = encoding

    def isatty(self) -> bool:
        return self._tty

    @property
    def encoding(self) -> str:  # type: ignore[override]
        return self._encoding


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("tty", "environment", "flag", "expected"),
    [
        (True, {}, "auto", True),
        (False, {}, "auto", False),
        (True, {"TERM": "dumb"}, "auto", False),
        (True, {"NO_COLOR": "1"}, "auto", False),
        (True, {"NO_COLOR": ""}, "auto", True),
        (False, {"FORCE_COLOR": "1"}, "auto", True),
        (False, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, "auto", False),
        (False, {"NO_COLOR": "1"}, "always", True),
        (True, {"CI": "true"}, "auto", False),
        (True, {"CI": "false"}, "auto", True),
        (True, {"CI": "1", "FORCE_COLOR": "1"}, "auto", True),
        (True, {"FORCE_COLOR": "1"}, "never", False),
    ],
)
def test_colour(
    monkeypatch: pytest.MonkeyPatch, tty: bool, environment: dict[str, str], flag: str, expected: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert Terminal.of(Stream(tty=tty), flag).color is expected


@pytest.mark.parametrize(("columns", "expected"), [("80", 80), ("10", 40), ("", 120), ("wide", 120)])
def test_width_of_a_pipe_is_fixed_or_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, columns: str, expected: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)

    assert Terminal.of(Stream(tty=False)).width == expected


@pytest.mark.parametrize(
    ("encoding", "expected"), [("utf-8", True), ("ascii", False), ("cp1252", False), ("cp437", False)]
)
def test_box_characters_need_an_encoding_that_has_them(encoding: str, expected: bool) -> None:
    assert Terminal.of(Stream(tty=True, encoding=encoding)).unicode is expected


def test_what_cannot_be_encoded_is_escaped() -> None:
    assert Terminal(encoding="ascii").writable("a→b") == "a\\u2192b"
    assert Terminal().writable("a\udcff") == "a\\udcff"


class _Console:
    """The part of Windows' kernel32 that consoles are asked by. takes: whether this one reads escape sequences."""

    def __init__(self, *, is_console: bool, takes: bool) -> None:
        self.GetConsoleMode = lambda _, __: is_console
        self.SetConsoleMode = lambda _, mode: takes and mode & 4


@pytest.mark.parametrize(
    ("is_console", "takes", "expected"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_a_console_of_windows_is_asked_first(
    monkeypatch: pytest.MonkeyPatch, is_console: bool, takes: bool, expected: bool
) -> None:
    kernel = types.SimpleNamespace(kernel32=_Console(is_console=is_console, takes=takes))
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(ctypes, "windll", kernel, raising=False)
    monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(get_osfhandle=lambda number: number))
    stream = Stream(tty=True)
    monkeypatch.setattr(stream, "fileno", lambda: 1)

    assert Terminal.of(stream).color is expected
    assert Terminal.of(stream, "always").color is True
