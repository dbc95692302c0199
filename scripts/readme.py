"""Keeps tables and pictures of the documentation true: the rules from their pages, the picture from a real run.

`python scripts/readme.py` writes them anew; with `--check` it says what is out of date, and then exits with 1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from chatkit_doctor.conformance.properties import properties
from chatkit_doctor.pages.catalogue import HOME, Page, pages

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / "docs" / "terminal.svg"
CHECK = ROOT / "docs" / "check.md"
INDEX = ROOT / "docs" / "README.md"
LLMS = ROOT / "docs" / "llms.txt"
_RAW = f"{HOME}/raw/main"

COMMAND = "chatkit-doctor scan . --select CK101,CK404"
_SCANNED = ROOT / "fixtures" / "broken"
_WIDTH = 100
# A link of Markdown; what is shown of it is its first group.
_LINK = r"\[([^\]]*)\]\([^)]*\)"

_THEME = TerminalTheme(
    background=(22, 27, 34),
    foreground=(201, 209, 217),
    normal=[
        (72, 79, 88),
        (255, 123, 114),
        (63, 185, 80),
        (210, 153, 34),
        (88, 166, 255),
        (188, 140, 255),
        (57, 197, 207),
        (177, 186, 196),
    ],
    bright=[
        (110, 118, 129),
        (255, 161, 152),
        (86, 211, 100),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (86, 212, 221),
        (240, 246, 252),
    ],
)

# As rich's own, without the fonts that it loads from the web.
_SVG = """\
<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg" role="img">
<title>chatkit-doctor in a terminal</title>
<desc>@DESCRIPTION@</desc>
<style>
.{unique_id}-matrix {{
    font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: {char_height}px;
    line-height: {line_height}px;
}}
{styles}
</style>
<defs>
<clipPath id="{unique_id}-clip-terminal">
<rect x="0" y="0" width="{terminal_width}" height="{terminal_height}"/>
</clipPath>
{lines}
</defs>
{chrome}
<g transform="translate({terminal_x}, {terminal_y})" clip-path="url(#{unique_id}-clip-terminal)">
{backgrounds}
<g class="{unique_id}-matrix">
{matrix}
</g>
</g>
</svg>
"""


def table() -> str:
    """Return the table of rules in Markdown."""
    return "".join(f"| {' | '.join(row)} |\n" for row in _rows())


def _rows() -> Iterator[tuple[str, ...]]:
    yield ("Code", "Name", "Severity", "Fix", "Finds")
    yield ("---", "---", "---", "---", "---")
    for page in pages().values():
        finds = page.summary.replace("|", "\\|")
        yield (_link(page), page.name, page.severity.value, ", ".join(page.fixes) or "—", finds)


def _link(page: Page) -> str:
    return f"[{page.code}](rules/{page.path.name})"


def table_of_properties() -> str:
    """Return the table of what `check` asks in Markdown."""
    head = "| Of a | Property | What holds | `verify` shows it as |\n| --- | --- | --- | --- |\n"
    return head + "".join(
        f"| {each.subject} | `{each.name}` | {each.claim} | {', '.join(f'`{name}`' for name in each.verify) or '—'} |\n"
        for each in properties().values()
    )


def llms() -> str:
    """Return the list of all pages for language models, as llmstxt.org has it: links to Markdown, a line each."""
    title, _, rest = README.read_text(encoding="utf-8").partition("\n\n")
    intro = " ".join(rest.split("\n\n")[0].split())
    lines = [title, "", f"> {_without_links(intro)}", "", "## Documentation", ""]
    listed = re.findall(r"^\| \[(.+?)\]\((.+?)\) \| (.+?) \|$", INDEX.read_text(encoding="utf-8"), re.MULTILINE)
    for name, link, about in listed:
        path = (INDEX.parent / link).resolve().relative_to(ROOT).as_posix()
        lines.append(f"- [{name}]({_RAW}/{path}): {_without_links(about)}")
    lines += ["", "## Rules", ""]
    for page in pages().values():
        lines.append(f"- [{page.code} {page.name}]({_RAW}/rules/{page.path.name}): {page.summary}")
    return "".join(f"{line}\n" for line in lines)


def _without_links(text: str) -> str:
    return re.sub(_LINK, r"\1", text)


def with_table(text: str, name: str, table: str) -> str:
    """Return a page with a table of today between its markers. Raises ValueError without markers."""
    begin, end = f"<!-- {name}: begin (scripts/readme.py) -->\n", f"<!-- {name}: end -->"
    before, found, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"a page has lost the markers of the table of {name}")
    return f"{before}{begin}\n{table}\n{end}{after}"


def pages_with_tables() -> dict[Path, str]:
    """Return the pages with tables, and the list of pages, as they would be made now."""
    return {
        README: with_table(README.read_text(encoding="utf-8"), "rules", table()),
        LLMS: llms(),
        CHECK: with_table(CHECK.read_text(encoding="utf-8"), "properties", table_of_properties()),
    }


def run() -> str:
    """Return what the command of the picture prints, with colour."""
    command = [sys.executable, "-m", "chatkit_doctor", *COMMAND.split()[1:], "--color", "always"]
    environment = {**os.environ, "COLUMNS": str(_WIDTH), "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    result = subprocess.run(command, cwd=_SCANNED, env=environment, capture_output=True, encoding="utf-8", check=False)
    if result.returncode != 1:
        raise RuntimeError(f"{COMMAND} ended with {result.returncode}: {result.stderr}")
    return f"$ {COMMAND}\n{result.stdout}"


def description(output: str) -> str:
    """Return the text of a run, as the picture carries it for those who cannot see it."""
    return escape(Text.from_ansi(output).plain.strip())


def picture(output: str) -> str:
    """Return a picture of a run as SVG."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(file=nowhere, record=True, width=_WIDTH, force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi(output.strip()), soft_wrap=False)
        drawn = console.export_svg(title="", theme=_THEME, code_format=_SVG, unique_id="terminal")
    return drawn.replace("@DESCRIPTION@", description(output))


def outdated() -> Iterator[str]:
    """Yield what is not as it would be made now."""
    for path, text in pages_with_tables().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            yield path.relative_to(ROOT).as_posix()
    # The drawing itself differs from one release of rich to the next; what it says does not.
    if f"<desc>{description(run())}</desc>" not in PICTURE.read_text(encoding="utf-8"):
        yield "docs/terminal.svg"


def main() -> int:
    """Write the table and the picture, or check them; return the exit code."""
    if "--check" in sys.argv[1:]:
        found = list(outdated())
        for each in found:
            print(f"{each} is out of date; run: python scripts/readme.py")
        return 1 if found else 0
    for path, text in pages_with_tables().items():
        path.write_text(text, encoding="utf-8")
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_text(picture(run()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
