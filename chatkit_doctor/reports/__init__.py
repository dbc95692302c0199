"""The output formats, by the name that `--format` knows them by; a format's module is imported when it is used.

A new format is a module with `render(report) -> str` and a line here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chatkit_doctor.reports.model import Report


def _render(name: str, report: Report) -> str:
    rendered: str = importlib.import_module(f"chatkit_doctor.reports.{name}").render(report)
    return report.terminal.writable(rendered)


def _render_statistics(report: Report) -> str:
    from chatkit_doctor.reports import statistics

    return report.terminal.writable(statistics.render(report))


def _render_statistics_as_json(report: Report) -> str:
    from chatkit_doctor.reports import statistics

    return statistics.render_json(report)


_NAMES = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown")

FORMATS: Mapping[str, Callable[[Report], str]] = MappingProxyType({name: partial(_render, name) for name in _NAMES})

# What `--statistics` makes of the formats that it goes with.
STATISTICS: Mapping[str, Callable[[Report], str]] = MappingProxyType(
    {"text": _render_statistics, "json": _render_statistics_as_json}
)
