"""The command line: parse the call, hand it on, print what comes back, and choose the exit code.

Exit codes: 0 nothing at warning or above, 1 findings, 2 the call or the tool failed, 3 nothing to scan.
"""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

import chatkit_doctor
from chatkit_doctor.finding import Severity

if TYPE_CHECKING:
    from chatkit_doctor.scan import ScanResult

EXIT_CLEAN = 0
EXIT_FINDINGS = 1
EXIT_FAILED = 2
EXIT_NOTHING_TO_SCAN = 3

app = typer.Typer(
    name="chatkit-doctor",
    help="Find, explain and fix what is wrong in a project built on OpenAI ChatKit.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    """What a scan's report is written as."""

    TEXT = "text"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    SARIF = "sarif"
    GITHUB = "github"
    GITLAB = "gitlab"
    JUNIT = "junit"
    MARKDOWN = "markdown"


class Color(StrEnum):
    """When the output has colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"chatkit-doctor {chatkit_doctor.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Find, explain and fix what is wrong in a project built on OpenAI ChatKit."""


@app.command()
def scan(  # noqa: PLR0913, PLR0917 - one parameter for each flag of the outer contract
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders; - reads standard input.")] = None,
    fix: Annotated[bool, typer.Option("--fix", help="Apply the safe fixes.")] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="Let --fix and --diff use the unsafe fixes as well.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")] = False,
    select: Annotated[
        list[str] | None, typer.Option(help="Run only these rules: codes, prefixes or names, separated by commas.")
    ] = None,
    ignore: Annotated[list[str] | None, typer.Option(help="Leave these rules out.")] = None,
    format_: Annotated[Format, typer.Option("--format", help="What the report is written as.")] = Format.TEXT,
    output: Annotated[
        list[str] | None,
        typer.Option(help="Write the report to a file; FORMAT:FILE writes one more in that format, repeatable."),
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option(help="Check against a release, as openai-chatkit=1.4.0; repeatable.")
    ] = None,
    min_severity: Annotated[
        Severity, typer.Option("--min-severity", help="Report only findings of this severity and above.")
    ] = Severity.INFO,
    stdin_filename: Annotated[
        Path | None, typer.Option("--stdin-filename", help="The path that standard input stands for.")
    ] = None,
    exit_zero: Annotated[bool, typer.Option("--exit-zero", help="Exit with 0 even when there are findings.")] = False,
    exit_non_zero_on_fix: Annotated[
        bool, typer.Option("--exit-non-zero-on-fix", help="Exit with 1 when --fix changed something.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print findings and nothing else.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say also what was read and why.")] = False,
    color: Annotated[Color, typer.Option(help="When the output has colour.")] = Color.AUTO,
) -> None:
    """Scan a project; with --fix, mend it."""
    from chatkit_doctor.output import Printing, print_scan
    from chatkit_doctor.report_files import OutputError, parse_outputs
    from chatkit_doctor.scan import Options, has_failing, run
    from chatkit_doctor.selection import ScanError

    given = paths or [Path()]
    from_stdin = given == [Path("-")]
    if from_stdin and stdin_filename is None:
        _fail("reading standard input needs --stdin-filename, the path that it stands for")
    if stdin_filename is not None and not from_stdin:
        _fail("--stdin-filename goes with - as the only path")
    if output and diff:
        _fail("--output goes with a report, and --diff prints none")
    options = Options(
        select=_split(select),
        ignore=_split(ignore),
        min_severity=min_severity,
        fix=fix or diff,
        unsafe_fixes=unsafe_fixes,
        targets=tuple(target or ()),
        stdin_path=Path.cwd() / stdin_filename if stdin_filename else None,
        stdin_data=sys.stdin.buffer.read() if from_stdin else None,
    )
    try:
        files = parse_outputs(output or ())
        result = run([] if from_stdin else given, options)
    except (OutputError, ScanError) as error:
        _fail(str(error))
    mend = fix and not diff
    printing = Printing(
        format_.value,
        color.value,
        quiet,
        verbose,
        diff,
        write=mend and not from_stdin,
        echo=mend and from_stdin,
        files=files,
    )
    failed = print_scan(result, printing)
    # What a diff shows as fixed is still in the files.
    left = [*result.findings, *(result.fixed if diff else ())]
    fails = has_failing(left) or (mend and exit_non_zero_on_fix and bool(result.fixed))
    raise typer.Exit(_exit_code(result, failed=failed, fails=fails and not exit_zero))


@app.command()
def rules(
    json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """List the rules."""
    from chatkit_doctor.explain import rules_as_json, rules_as_text

    sys.stdout.write(rules_as_json() if json else rules_as_text())


@app.command()
def explain(
    about: Annotated[list[str], typer.Argument(help="A code, a name, or a pasted error message.")],
    color: Annotated[Color, typer.Option(help="When the output has colour.")] = Color.AUTO,
) -> None:
    """Explain a rule, or the rule behind an error message."""
    from chatkit_doctor.explain import UnknownRuleError, render, search

    query = sys.stdin.read() if about == ["-"] else " ".join(about)
    try:
        pages = search(query)
    except UnknownRuleError as error:
        _fail(str(error))
    # Not typer.echo, which takes the colour out for anything but a terminal.
    sys.stdout.write(render(pages, color.value))


def _split(values: list[str] | None) -> tuple[str, ...]:
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _fail(message: str) -> NoReturn:
    typer.echo(f"error: {message}", err=True)
    raise typer.Exit(EXIT_FAILED)


def _exit_code(result: ScanResult, *, failed: bool, fails: bool) -> int:
    if failed or result.internal_errors:
        return EXIT_FAILED
    if not result.selection.scanned:
        return EXIT_NOTHING_TO_SCAN
    return EXIT_FINDINGS if fails else EXIT_CLEAN
