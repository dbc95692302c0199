"""The pages of the site that are made of the rule pages: a page for each rule, their tables, what people see."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import escape
from itertools import groupby

from chatkit_doctor.contracts import error_reference, error_rows, releases
from chatkit_doctor.contracts.published import known_packages
from chatkit_doctor.pages.catalogue import Page, pages
from chatkit_doctor.pages.markers import split_marker
from chatkit_doctor.pages.templates import readable

_KINDS = {"bad": "Bad", "beside": "Beside it", "fixed": "After the fix", "good": "Good"}
_ABOUT_RELEASES = """\
The doctor holds what each of these releases accepts: names, signatures, fields and values. Python code is checked
against the release that the project has, by its lock file, its environment or its pin; of a range, against the newest
in it. ChatKit's options are checked against the newest, since the script on OpenAI's CDN is that, whatever there is.

A release newer than the newest here is checked against that; what is missing from it is then a warning that says so.
"""
# What the areas of the rules are called, in the order of the table of contents.
AREAS = {
    "names": "Names and imports",
    "models": "Models",
    "store": "Stores",
    "respond": "Answers",
    "options": "Options",
    "page": "The page",
    "dependencies": "Dependencies",
    "endpoint": "The endpoint",
    "pairs": "Both sides together",
    "doctor": "The doctor's own",
}


def by_area() -> list[tuple[str, list[Page]]]:
    """Return the rules of each area, under the name of the area."""
    order = list(AREAS)
    found = sorted(pages().values(), key=lambda page: (order.index(page.meta["area"]), page.code))
    return [(AREAS[area], list(each)) for area, each in groupby(found, key=lambda page: page.meta["area"])]


def rule(page: Page) -> str:
    """Return a rule's page: what it is, what is seen of it, and its text with code that shows what is wrong in it."""
    _, _, body = page.body.partition("\n")
    # Who types what they see looks for a rule, rather than for what else is told of it.
    front = ["---", "search: {boost: 4}", "---", ""]
    return "\n".join([*front, f"# {page.name}", "", _facts(page), *_seen(page), *_blocks(body.split("\n")), ""])


def _facts(page: Page) -> str:
    fix = f"fix: {', '.join(page.fixes)}" if page.fixes else "no fix"
    facts = ((page.code, "code"), (page.severity.value, page.severity.value), (fix, "fix"))
    area = (AREAS[page.meta["area"]], "area")
    return f'<p class="facts">{"".join(_fact(*each) for each in (*facts, area))}</p>'


def _fact(text: str, kind: str) -> str:
    return f'<span class="{kind}">{escape(text)}</span>'


def _seen(page: Page) -> Iterator[str]:
    told = _symptoms(page)
    rows = [error_reference(row) for row in page.rows]
    if not told and not rows:
        return
    yield from ("", '??? info "What you see"' if len(told) > 6 else '!!! info "What you see"')
    yield from ("", *(f"    - {each}" for each in told))
    yield from (f"    - Error reference, row {row.row}: {row.error}. {row.fix}." for row in rows)
    yield ""


def _symptoms(page: Page) -> list[str]:
    told = [readable(each) for each in (*page.seen_as.values(), *page.symptoms, *page.complaints)]
    return [_as_code(each) for each in dict.fromkeys(told)]


def _as_code(text: str) -> str:
    return escape(text, quote=False) if "`" in text else f"`{text}`"


_NOT_SEARCHED = frozenset({"## Example", "## Use instead", "## Exceptions", "## Fix safety", "## Sources"})


def _blocks(lines: list[str]) -> Iterator[str]:
    """Yield the lines of a page, its blocks with a heading and the lines marked that something is found in."""
    number = 0
    while number < len(lines):
        line = lines[number]
        if not line.startswith("```"):
            # What is like the error and none would be found by the words of the error.
            yield f"{line} {{ data-search-exclude }}" if line in _NOT_SEARCHED else line
            number += 1
            continue
        end = lines.index("```", number + 1)
        inside = [split_marker(each) for each in lines[number + 1 : end]]
        yield _fence(line, [index for index, (_, promise) in enumerate(inside, start=1) if promise])
        yield from (code for code, _ in inside)
        yield "```"
        number = end + 1


def _fence(line: str, marked: list[int]) -> str:
    language, *words = line.removeprefix("```").split(" ")
    kind = next((word for word in words if word in _KINDS), None)
    if kind is None:
        return line
    kind = "beside" if kind == "bad" and not marked else kind
    path = next((f" {word.removeprefix('path=')}" for word in words if word.startswith("path=")), "")
    lines = f' hl_lines="{" ".join(map(str, marked))}"' if marked else ""
    return f'``` {{ .{language} .{kind} title="{_KINDS[kind]}:{path}"{lines} }}'.replace(':"', '"')


def rules_index() -> str:
    """Return the page that lists the rules, by area."""
    parts = ["# Rules", "", "Every page is run as a test: the bad code yields what is marked in it, the good nothing."]
    for area, found in by_area():
        parts += ["", f"## {area}", "", "| Code | Name | Severity | Fix | Finds |", "| --- | --- | --- | --- | --- |"]
        parts += [
            f"| {_link(page, page.code)} | {page.name} | {page.severity} | {', '.join(page.fixes) or '—'} | "
            f"{_cell(page.summary)} |"
            for page in found
        ]
    return "\n".join([*parts, ""])


def errors() -> str:
    """Return the page that leads from what people see to the rule."""
    parts = [
        "---",
        "hide: [navigation]",
        "---",
        "",
        "# What do you see?",
        "",
        'Paste an error message, or type what you see. The same in a terminal: `chatkit-doctor explain "…"`.',
        "",
        '<input id="symptom" type="search" aria-label="What do you see?" placeholder="blank screen">',
        '<p id="symptoms-left" aria-live="polite"></p>',
        "",
        '<div class="symptoms" markdown>',
        "<section markdown>",
        "",
        "## The error reference",
        "",
        "| Error | Fix | Rules |",
        "| --- | --- | --- |",
    ]
    for row in error_rows():
        answering = (page for page in pages().values() if row.row in page.rows)
        parts.append(f"| {_cell(row.error)} | {_cell(row.fix)} | {_links(answering)} |")
    parts += ["", "</section>"]
    for area, found in by_area():
        parts += ["<section markdown>", "", f"## {area}", "", "| What you see | Rule |", "| --- | --- |"]
        parts += [
            f"| {_cell(told)} | {_link(page, page.code)} {page.name} |" for page in found for told in _symptoms(page)
        ]
        parts += ["", "</section>"]
    return "\n".join([*parts, "</div>", ""])


def _links(found: Iterable[Page]) -> str:
    return ", ".join(_link(page, page.code) for page in found)


def _link(page: Page, text: str) -> str:
    return f"[{text}](/rules/{page.path.name})"


def _cell(text: str) -> str:
    """Return a text for a cell of a table; where it is code, a bar parts no cells on the site."""
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else re.sub(r"(?<!\\)\|", r"\\|", part) for part in parts)


def releases_page() -> str:
    """Return the page that says which releases are known."""
    parts = ["# Releases", "", _ABOUT_RELEASES, "| Package | Known | First | Newest |", "| --- | --- | --- | --- |"]
    for package in sorted(known_packages()):
        known = releases(package)
        parts.append(f"| `{package}` | {len(known)} | {known[0]} | {known[-1]} |")
    for package in sorted(known_packages()):
        parts += ["", f"## {package}", "", ", ".join(releases(package)) + "."]
    return "\n".join([*parts, ""])
