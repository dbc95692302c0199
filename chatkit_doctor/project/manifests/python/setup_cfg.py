"""Reads the requirements of setup.cfg: `install_requires` and `[options.extras_require]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.manifests.model import Item, ManifestError, Purpose
from chatkit_doctor.project.manifests.python.pep508 import read_requirement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.source import Location, Source


def read_setup_cfg(source: Source) -> Iterator[Item]:
    """Yield the requirements of a setup.cfg. Raises ManifestError."""
    import configparser

    try:
        configparser.RawConfigParser(strict=False).read_string(source.text)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next((number for number, _ in getattr(error, "errors", [])), 1)
        raise ManifestError(source.path, line, "it is not a valid configuration file") from None
    for section, option, at in _values(source):
        if section == "options" and option == "install_requires":
            yield read_requirement(at.text, at, Purpose.MAIN)
        elif section == "options.extras_require":
            yield read_requirement(at.text, at, Purpose.OPTIONAL)


def _values(source: Source) -> Iterator[tuple[str, str, Location]]:
    """Yield each line of each option's value with its section and option, comments and references left out."""
    section = option = ""
    for number in range(1, source.line_count + 1):
        line = source.line(number)
        header = _SECTION.match(line)
        if header:
            section, option = header[1].strip(), ""
            continue
        start = 0
        if not line[:1].isspace():
            named = _OPTION.match(line)
            option, start = (named[1].strip().lower(), named.end()) if named else ("", len(line))
        text = _COMMENT.sub("", line[start:])
        # `file:` and `%(…)s` name requirements that stand elsewhere.
        if text.strip() and not text.strip().startswith(("file:", "%")):
            lead = source.line_start(number) + start + len(text) - len(text.lstrip())
            yield section, option, source.location(lead, lead + len(text.strip()))


_SECTION = regex(r"\[([^\]]+)\]")
_OPTION = regex(r"([^=:#;\s][^=:]*)[=:]")
_COMMENT = regex(r"(?:^|\s)[#].*$|^\s*;.*$")
