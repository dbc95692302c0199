"""What `explain` and `rules` say: which pages a query means, a page on the terminal, the table of rules."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache

from chatkit_doctor.pages.catalogue import Page, pages
from chatkit_doctor.pages.markers import readable
from chatkit_doctor.pages.symptoms import Symptoms
from chatkit_doctor.pages.templates import readable as readable_template
from chatkit_doctor.records import dataclass
from chatkit_doctor.reports.drawing.terminal import Terminal

# Of a longer paste the end is looked at: it is where programs say what went wrong.
_MOST_PASTED = 50_000
# What the last column of the table of rules takes at least, in characters.
_NARROWEST_COLUMN = 40


class UnknownRuleError(Exception):
    """A query that no rule answers; the text is one line and names the nearest."""


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """The rules that a query means, the best first; `are_candidates` where it was a message that fits several."""

    pages: tuple[Page, ...]
    are_candidates: bool = False


def search(query: str) -> RuleAnswer:
    """Return the rules that a code, the start of one, a name or an error message means.

    Raises UnknownRuleError where there is none.
    """
    wanted = query.strip()
    if found := _by_code_or_name(wanted):
        return RuleAnswer(tuple(found))
    found = _symptoms().matching(_first_cell(wanted[-_MOST_PASTED:]))
    if not found:
        raise UnknownRuleError(_refusal(wanted))
    return RuleAnswer(tuple(found), are_candidates=len(found) > 1)


def render(answer: RuleAnswer, color: str = "auto") -> str:
    """Return the page as it is read, with where to read on; of more than two candidates a line each."""
    terminal = Terminal.of(sys.stdout, color)
    text = "\n".join(_lines(answer))
    if not terminal.color:
        return terminal.writable(text)
    from chatkit_doctor.reports.drawing.markdown_page import painted

    return terminal.writable(painted(text, terminal))


def rules_as_text() -> str:
    """Return the table of rules: a line for each, whose last column a terminal that is too narrow has in several."""
    rows = [(page.code, page.name, page.severity.value, _fix(page), page.summary.replace("`", "")) for page in _all()]
    widths = [max(map(len, column)) for column in list(zip(*rows, strict=True))[:-1]]
    terminal = Terminal.of(sys.stdout)
    room = terminal.width - sum(width + 2 for width in widths) if sys.stdout.isatty() else None
    lines = (line for row in rows for line in _row(row, widths, room))
    return terminal.writable("".join(f"{line}\n" for line in lines))


def _row(row: Sequence[str], widths: Sequence[int], room: int | None) -> Iterator[str]:
    """Yield the lines of a row; `room` is what the last column may take, None for as much as it likes."""
    *cells, summary = row
    start = "  ".join([*map(str.ljust, cells, widths), ""])
    if room is None:
        yield f"{start}{summary}"
        return
    import textwrap

    if room >= _NARROWEST_COLUMN:
        first, *rest = textwrap.wrap(summary, room, break_on_hyphens=False)
        yield f"{start}{first}"
        yield from (" " * len(start) + line for line in rest)
        return
    # A column of a few letters cannot be read: the summary then stands below, over the whole width.
    yield start.rstrip()
    indent = " " * (widths[0] + 2)
    yield from textwrap.wrap(
        summary, room + len(start), initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False
    )


def rules_as_json() -> str:
    """Return the table of rules as a JSON array of objects."""
    return json.dumps([_as_object(page) for page in _all()], indent=2) + "\n"


def _by_code_or_name(wanted: str) -> list[Page]:
    code, name = wanted.upper(), wanted.lower().replace(" ", "-")
    if not wanted:
        return []
    if code.startswith("CK") and code[2:].isdecimal():
        return [page for page in _all() if page.code.startswith(code)]
    return [page for page in _all() if page.name == name]


def _first_cell(text: str) -> str:
    """Return the first cell of a row of a Markdown table, such as the error reference; other texts as they are."""
    is_row = text.startswith("|") and text.endswith("|") and "\n" not in text
    return text.split("|")[1] if is_row else text


@cache
def _symptoms() -> Symptoms:
    """Return what each page is known by: its symptoms and its rows of the error reference."""
    from chatkit_doctor.commands.kinds import KINDS
    from chatkit_doctor.contracts import error_reference

    return Symptoms.of(_all(), {page: [error_reference(row).error for row in page.rows] for page in _all()}, KINDS)


def _symptoms_of(page: Page) -> list[str]:
    return [readable_template(each) for each in (*page.seen_as.values(), *page.symptoms, *page.complaints)]


def _refusal(wanted: str) -> str:
    """Return one line that says that no rule explains a query."""
    import difflib

    close = difflib.get_close_matches(wanted.lower(), [page.name for page in _all()], 3)
    nearest = [page for page in _all() if page.name in close]
    hint = "; the nearest are " + ", ".join(f"{page.code} {page.name}" for page in nearest) if nearest else ""
    shown = " ".join(wanted.split())
    shown = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"no rule explains {shown!r}{hint}; `chatkit-doctor rules` lists them all"


def _all() -> list[Page]:
    return list(pages().values())


def _fix(page: Page) -> str:
    return ", ".join(page.fixes) or "-"


def _as_object(page: Page) -> dict[str, object]:
    return {
        "code": page.code,
        "name": page.name,
        "area": page.meta["area"],
        "severity": page.severity.value,
        "fix": list(page.fixes),
        "summary": page.summary,
        "error_reference": list(page.rows),
        "url": page.url,
    }


def _lines(answer: RuleAnswer) -> Iterator[str]:
    first, *others = answer.pages
    if not answer.are_candidates:
        yield _markdown(first)
        yield from _see_also(others)
    elif len(others) == 1:
        other = f"{others[0].code} {others[0].name}"
        yield _markdown(first, f"{other} fits the message as well; `chatkit-doctor scan` looks for both")
    else:
        yield "# Several rules fit\n"
        yield "`chatkit-doctor scan` looks for each of them, and `chatkit-doctor explain CODE` shows one.\n"
        yield from _summaries(answer.pages)


def _summaries(found: Sequence[Page]) -> Iterator[str]:
    yield from (f"- {page.code} {page.name}: {page.summary}" for page in found)
    yield ""


def _markdown(page: Page, *facts: str) -> str:
    """Return a page's Markdown with what its front matter says below the title, and without the tests' markers."""
    title, _, body = page.body.partition("\n")
    told = "\n".join(line if line.startswith(" ") else f"- {line}" for line in (*facts, *_facts(page)))
    return "\n".join([title, "", told, *readable(body)])


def _facts(page: Page) -> Iterator[str]:
    from chatkit_doctor.contracts import error_reference

    yield f"Severity: {page.severity}"
    yield f"Fix: {_fix(page) if page.fixes else 'none'}"
    for row in map(error_reference, page.rows):
        yield f"Error reference, row {row.row}: {row.error} ({row.module}): {row.fix}"
    yield "Seen as:"
    yield from (f"  - {_as_code(symptom)}" for symptom in dict.fromkeys(_symptoms_of(page)))


def _as_code(text: str) -> str:
    return text if "`" in text else f"`{text}`"


def _see_also(others: Sequence[Page]) -> Iterator[str]:
    if others:
        yield "## See also\n"
        yield from _summaries(others)
