"""The output formats, by the name that `--format` knows them by; a format's module is imported when it is used.

A new format is a module with `render(report) -> str` and a line here.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from chatkit_doctor.reports.model import ScanReport


def _renderer(name: str) -> Callable[[ScanReport], str]:
    def render(report: ScanReport) -> str:
        import importlib

        rendered: str = importlib.import_module(f"chatkit_doctor.reports.{name}").render(report)
        return report.terminal.writable(rendered)

    return render


def _render_statistics(report: ScanReport) -> str:
    from chatkit_doctor.reports import statistics

    return report.terminal.writable(statistics.render(report))


def _render_statistics_as_json(report: ScanReport) -> str:
    from chatkit_doctor.reports import statistics

    return statistics.render_json(report)


_NAMES = ("text", "concise", "json", "jsonl", "sarif", "github", "gitlab", "junit", "markdown", "agent")

FORMATS: dict[str, Callable[[ScanReport], str]] = {name: _renderer(name) for name in _NAMES}

# What `--statistics` makes of the formats that it goes with.
STATISTICS: dict[str, Callable[[ScanReport], str]] = {"text": _render_statistics, "json": _render_statistics_as_json}
