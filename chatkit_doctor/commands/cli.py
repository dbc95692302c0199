"""The command line: parse the call, hand it on, print what comes back, and choose the exit code.

Exit codes: 0 nothing at warning or above, 1 findings, 2 the call or the tool failed, 3 nothing to scan.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

import chatkit_doctor
from chatkit_doctor.commands import cache as cache_command
from chatkit_doctor.commands import config as config_command
from chatkit_doctor.commands import examples
from chatkit_doctor.commands.exits import EXIT_NOTHING_TO_SCAN, fail
from chatkit_doctor.finding import Severity

if TYPE_CHECKING:
    from chatkit_doctor.pages.catalogue import Page

app = typer.Typer(
    name="chatkit-doctor",
    help="Find, explain and fix what is wrong in a project built on OpenAI ChatKit.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples.epilog(""),
)
app.add_typer(config_command.app, name="config")
app.add_typer(cache_command.app, name="cache")


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
    AGENT = "agent"


class VerifyFormat(StrEnum):
    """What the outcome of `verify` is written as."""

    TEXT = "text"
    JSON = "json"


class Color(StrEnum):
    """When the output has colour."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


def _rules_starting_with(typed: str) -> list[tuple[str, str]]:
    """Return what completes a list of rules, each with what the shell shows beside it."""
    from chatkit_doctor.pages.catalogue import pages

    done, comma, last = typed.rpartition(",")
    codes = [(code, page.name) for code, page in pages().items() if code.startswith(last.upper())]
    names = [(page.name, code) for code, page in pages().items() if last and page.name.startswith(last.lower())]
    return [(f"{done}{comma}{value}", about) for value, about in codes or names]


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
        bool | None,
        typer.Option("--unsafe-fixes/--no-unsafe-fixes", help="Let --fix and --diff use the unsafe fixes as well."),
    ] = None,
    diff: Annotated[bool, typer.Option("--diff", help="Show what --fix would change; write nothing.")] = False,
    select: Annotated[
        list[str] | None,
        typer.Option(
            help="Run only these rules: codes, prefixes or names, separated by commas.",
            autocompletion=_rules_starting_with,
        ),
    ] = None,
    ignore: Annotated[
        list[str] | None, typer.Option(help="Leave these rules out.", autocompletion=_rules_starting_with)
    ] = None,
    format_: Annotated[Format, typer.Option("--format", help="What the report is written as.")] = Format.TEXT,
    output: Annotated[
        list[str] | None,
        typer.Option(help="Write the report to a file; FORMAT:FILE writes one more in that format, repeatable."),
    ] = None,
    target: Annotated[
        list[str] | None, typer.Option(help="Check against a release, as openai-chatkit=1.4.0; repeatable.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="Read the settings from this file alone, whatever others there are.")
    ] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no settings.")] = False,
    force_exclude: Annotated[
        bool, typer.Option("--force-exclude", help="Leave out what the settings exclude even where it is named.")
    ] = False,
    baseline: Annotated[
        Path | None, typer.Option(help="Report only what is not in this baseline, as `baseline` writes it.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(help="Report only what is new since a revision of git.", metavar="REV")
    ] = None,
    staged: Annotated[
        bool, typer.Option("--staged", help="Report only what is new in the files that are staged.")
    ] = False,
    add_ignores: Annotated[
        bool, typer.Option("--add-ignores", help="Write a comment that ignores it beside each finding.")
    ] = False,
    min_severity: Annotated[
        Severity, typer.Option("--min-severity", help="Report only findings of this severity and above.")
    ] = Severity.INFO,
    statistics: Annotated[bool, typer.Option("--statistics", help="Count the findings rule by rule.")] = False,
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
    watch: Annotated[
        bool, typer.Option("--watch", help="Scan again whenever something changes, until Ctrl-C.")
    ] = False,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Read every file anew, and keep nothing for the next scan.")
    ] = False,
) -> None:
    """Scan a project; with --fix, mend it."""
    if watch:
        from chatkit_doctor.commands.watch import watch as run_watch

        raise typer.Exit(run_watch([str(path) for path in paths or ()], sys.argv[1:]))
    from chatkit_doctor.commands.call import ScanCall
    from chatkit_doctor.commands.scan import run_scan

    call = ScanCall(
        paths=tuple(map(str, paths or ())),
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
        select=tuple(select or ()),
        ignore=tuple(ignore or ()),
        format=format_.value,
        output=tuple(output or ()),
        target=tuple(target or ()),
        config=str(config) if config is not None else None,
        isolated=isolated,
        force_exclude=force_exclude,
        baseline=str(baseline) if baseline is not None else None,
        since=since,
        staged=staged,
        add_ignores=add_ignores,
        min_severity=min_severity.value,
        statistics=statistics,
        stdin_filename=str(stdin_filename) if stdin_filename is not None else None,
        exit_zero=exit_zero,
        exit_non_zero_on_fix=exit_non_zero_on_fix,
        quiet=quiet,
        verbose=verbose,
        color=color.value,
        no_cache=no_cache,
    )
    raise typer.Exit(run_scan(call))


@app.command()
def baseline(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders.")] = None,
    output: Annotated[Path | None, typer.Option(help="The file, by default chatkit-doctor-baseline.json.")] = None,
    config: Annotated[Path | None, typer.Option(help="Read the settings from this file alone.")] = None,
    isolated: Annotated[bool, typer.Option("--isolated", help="Read no settings.")] = False,
) -> None:
    """Write down what stands today, for `scan --baseline` to show only what is new."""
    from chatkit_doctor.commands.progress import shown_progress
    from chatkit_doctor.reports.counts import count, why_nothing
    from chatkit_doctor.reports.edge import printed
    from chatkit_doctor.scanning.baseline import DEFAULT_NAME, baseline_of, write_baseline
    from chatkit_doctor.scanning.flow import Options, run
    from chatkit_doctor.scanning.selection import ScanError

    file = output or Path(DEFAULT_NAME)
    try:
        with shown_progress(wanted=True) as tell:
            result = run(paths or [Path()], Options(config=config, isolated=isolated), tell)
        if result.internal_errors:
            bug = result.internal_errors[0]
            fail(f"no baseline is written, for {bug.code} crashed: {bug.error}")
        if not result.selection.scanned_count:
            reason = why_nothing(result.selection.left_out)
            typer.echo(f"Nothing to scan and no baseline is written: {reason}.")
            raise typer.Exit(EXIT_NOTHING_TO_SCAN)
        listing = result.selection.listing
        write_baseline(baseline_of(result.findings, file), listing, listing.inside)
    except ScanError as error:
        fail(str(error))
    typer.echo(printed(f"Wrote {count(len(result.findings), 'finding')} to {file}."))


@app.command()
def rules(
    json: Annotated[bool, typer.Option("--json", help="Print the table as JSON.")] = False,
) -> None:
    """List the rules."""
    from chatkit_doctor.commands.explain import rules_as_json, rules_as_text

    sys.stdout.write(rules_as_json() if json else rules_as_text())


@app.command()
def explain(
    about: Annotated[
        list[str],
        typer.Argument(help="A code, a name, or a pasted error message.", autocompletion=_rules_starting_with),
    ],
    values: Annotated[
        bool, typer.Option("--values", help="List all values that are legal where the rule looks, instead of its page.")
    ] = False,
    color: Annotated[Color, typer.Option(help="When the output has colour.")] = Color.AUTO,
) -> None:
    """Explain a rule, or the rule behind an error message."""
    from chatkit_doctor.commands.explain import UnknownRuleError, render, search

    query = sys.stdin.read() if about == ["-"] else " ".join(about)
    try:
        answer = search(query)
    except UnknownRuleError as error:
        fail(str(error))
    if values:
        _print_values(answer.pages)
        return
    # Not typer.echo, which takes the colour out for anything but a terminal.
    sys.stdout.write(render(answer, color.value))


def _print_values(pages: Sequence[Page]) -> None:
    from chatkit_doctor.commands.values import NoValuesError, values_as_text

    try:
        sys.stdout.write(values_as_text(pages))
    except NoValuesError as error:
        fail(str(error))


@app.command()
def verify(  # noqa: PLR0913, PLR0917 - one parameter for each flag of the outer contract
    url: Annotated[str, typer.Argument(help="The ChatKit endpoint, or its server; /chatkit is tried then.")],
    page: Annotated[str | None, typer.Option(help="Check also the page that shows the chat.")] = None,
    header: Annotated[
        list[str] | None, typer.Option(help="Send a header with every request, as NAME:VALUE; repeatable.")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds to wait for each answer.")] = 30.0,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Send messages without asking first.")] = False,
    format_: Annotated[VerifyFormat, typer.Option("--format", help="What is printed.")] = VerifyFormat.TEXT,
    color: Annotated[Color, typer.Option(help="When the output has colour.")] = Color.AUTO,
) -> None:
    """Run the Testing Checklist against a running server."""
    from chatkit_doctor.verify.command import Call, CallError, run

    is_json = format_ is VerifyFormat.JSON
    try:
        code = run(Call(url, page, header or (), timeout, yes, is_json, color.value))
    except CallError as error:
        fail(str(error))
    raise typer.Exit(code)


@app.command()
def check(  # noqa: PLR0913, PLR0917 - one parameter for each flag of the outer contract
    subject: Annotated[
        str,
        typer.Argument(metavar="MODULE:NAME", help="A Store or a ChatKitServer: an instance, a class or a factory."),
    ],
    context: Annotated[
        list[str] | None,
        typer.Option(help="A user's context, as JSON; given twice, two users are kept apart.", metavar="JSON"),
    ] = None,
    python: Annotated[
        str | None, typer.Option(help="The interpreter of the project's environment.", metavar="PATH")
    ] = None,
    app_dir: Annotated[Path, typer.Option(help="The folder that MODULE is imported from.")] = Path(),
    allow: Annotated[
        list[str] | None,
        typer.Option(help="A path that may be written to, or a host to connect to; repeatable.", metavar="PATH|HOST"),
    ] = None,
    property_: Annotated[
        list[str] | None, typer.Option("--property", help="Check this property alone; repeatable.", metavar="NAME")
    ] = None,
    timeout: Annotated[float, typer.Option(help="Seconds for each property.")] = 30.0,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Show also what the project's code prints.")] = False,
    format_: Annotated[VerifyFormat, typer.Option("--format", help="What is printed.")] = VerifyFormat.TEXT,
    color: Annotated[Color, typer.Option(help="When the output has colour.")] = Color.AUTO,
) -> None:
    """Run a Store or a ChatKitServer of the project in place: no server, no network, no tokens."""
    from chatkit_doctor.conformance.command import Wanted, run
    from chatkit_doctor.conformance.launch import CheckError

    is_json = format_ is VerifyFormat.JSON
    given = (context or (), allow or (), property_ or ())
    try:
        code = run(Wanted(subject, app_dir, python, *given, timeout, is_json, verbose, color.value))
    except CheckError as error:
        fail(str(error))
    raise typer.Exit(code)


@app.command()
def migrate(
    path: Annotated[Path, typer.Argument(help="The folder of the app.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Make the changes; without it they are only shown.")] = False,
    workflow: Annotated[
        Path | None,
        typer.Option(help="The code that Agent Builder exports for the Agents SDK, in Python or TypeScript."),
    ] = None,
    backend: Annotated[str, typer.Option(help="The folder of the new server, inside of PATH.")] = "backend",
    allow_dirty: Annotated[
        bool, typer.Option("--allow-dirty", help="Write even where git could not undo all of it.")
    ] = False,
) -> None:
    """Move a chat from a workflow that OpenAI hosts, which ends, to a server of your own."""
    from chatkit_doctor.commands.migrate import migrate as run
    from chatkit_doctor.migrate.plan import MigrateError
    from chatkit_doctor.migrate.planning import Request

    try:
        run(Request(path, backend, workflow), write=write, allow_dirty=allow_dirty)
    except MigrateError as error:
        fail(str(error))


@app.command()
def mcp(
    folder: Annotated[
        Path, typer.Argument(help="The folder of the project; nothing outside of it is read or written.")
    ] = Path(),
) -> None:
    """Serve a project to a coding agent, over MCP on standard input and output."""
    from chatkit_doctor.mcp.command import McpError, serve

    try:
        serve(folder)
    except McpError as error:
        fail(str(error))


@app.command()
def skill(
    path: Annotated[Path, typer.Argument(help="The folder of the project, whose releases it is about.")] = Path(),
    agents_md: Annotated[
        bool, typer.Option("--agents-md", help="Write a section into AGENTS.md in PATH, or renew it there.")
    ] = False,
    skills: Annotated[
        Path | None,
        typer.Option("--skill", metavar="DIR", help="Write a skill into a folder of skills, such as .claude/skills."),
    ] = None,
) -> None:
    """Teach a coding agent ChatKit: what to write, what never to write, and how to prove it."""
    from chatkit_doctor.scanning.selection import ScanError
    from chatkit_doctor.skill.command import run
    from chatkit_doctor.skill.installing import SkillError

    try:
        run(path, skills=skills, agents_md=agents_md)
    except (ScanError, SkillError) as error:
        fail(str(error))


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of the new project; made if need be.")],
) -> None:
    """Start a new project from the known-good reference app; nothing is overwritten."""
    from chatkit_doctor.commands.init import StartError, next_steps, start

    try:
        files = start(folder)
    except StartError as error:
        fail(str(error))
    sys.stdout.write(next_steps(folder, files, sys.stdout.encoding))


@app.command()
def lsp(
    _stdio: Annotated[
        bool, typer.Option("--stdio", help="Speak over standard input and output, as is done anyway.")
    ] = True,
) -> None:
    """Serve an editor, over standard input and output: diagnostics, fixes and explanations while you type."""
    from chatkit_doctor.lsp.command import run

    run()


examples.complete(app)
