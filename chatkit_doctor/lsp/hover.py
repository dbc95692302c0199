"""What is said of a finding under the pointer: why it is bad, what to do, where to read on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatkit_doctor.lsp.texts.standing import EditorFinding
from chatkit_doctor.pages.catalogue import page
from chatkit_doctor.reports.drawing.cells import visible
from chatkit_doctor.reports.model import Reported
from chatkit_doctor.reports.sentences import sentence

_BETWEEN = "\n\n---\n\n"


def hover_text(told: Sequence[EditorFinding], *, is_markdown: bool) -> str:
    """Return what is said of findings at one place, as Markdown or as plain text."""
    if is_markdown:
        return _BETWEEN.join("\n\n".join(_markdown(each)) for each in told)
    return "\n\n".join("\n".join(map(visible, _plain(each))) for each in told)


def _markdown(told: EditorFinding) -> Iterator[str]:
    reported = _reported(told)
    rule, finding = reported.page, told.finding
    yield f"**{finding.code} {rule.name}** ({told.severity}): {_escaped(finding.message)}"
    yield _escaped(reported.why)
    if finding.help:
        yield f"**Help:** {_escaped(sentence(finding.help))}"
    if reported.seen_as:
        yield f"**Seen as:** {_escaped(reported.seen_as)}"
    if finding.fix is not None and told.is_mendable:
        yield f"**Fix** ({finding.fix.applicability}): {_escaped(finding.fix.title)}"
    yield f"[{rule.path.stem}]({rule.url})"


def _plain(told: EditorFinding) -> Iterator[str]:
    reported = _reported(told)
    yield f"{told.finding.code} {reported.page.name} ({told.severity}): {told.finding.message}"
    yield reported.why
    if told.finding.help:
        yield f"Help: {sentence(told.finding.help)}"
    if reported.seen_as:
        yield f"Seen as: {reported.seen_as}"
    yield reported.page.url


def _reported(told: EditorFinding) -> Reported:
    return Reported(told.finding, page(told.finding.code), told.severity)


def _escaped(text: str) -> str:
    """Return a text in which nothing is Markdown, and nothing hidden: names of a project may hold any character."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]<>#|~!" else each for each in visible(text))
