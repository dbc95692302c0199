"""Find environment variables in ChatKit's options that the page cannot read."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.checks.options.unreadable_env_fix import bare_name, env_fix, right_read
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.environment import META, PROCESS, EnvRead, env_reads, has_process
from chatkit_doctor.frontend.private_settings import RUNTIME_CONFIG
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined


def unreadable_env(app: App) -> Iterator[Finding]:
    """Find variables in or behind `api` that what bundles the page does not hand to it."""
    for read in env_reads(app):
        if read.is_readable or (read.way == PROCESS != read.bundler.way and has_process(app)):
            continue
        yield Finding(
            "CK420",
            read.document.location(read.node),
            f"{_read(read)} is read in the browser, where {_reason(read)}",
            label="not there in the browser",
            help=_help(read),
            seen_as=_seen_as(read),
            fix=env_fix(app, read),
        )


def _read(read: EnvRead) -> str:
    return f"{read.name} of {read.way}" if read.way.startswith("$") else f"{read.way}.{read.name}"


def _reason(read: EnvRead) -> str:
    bundler = read.bundler
    if read.is_private:
        shown = "what stands under public" if read.way == RUNTIME_CONFIG else "what is public"
        return f"{bundler.name} hands on only {shown}"
    if read.way == bundler.way and bundler.prefixes:
        return f"{bundler.name} hands on only names that begin with {joined(bundler.prefixes, 'or')}"
    if read.way == PROCESS and bundler.way == PROCESS:
        return f"{bundler.name} hands on none but {joined(sorted(bundler.given))}"
    thing = "no process.env" if read.way == PROCESS else f"no {META}"
    return f"{bundler.name} has {thing}"


def _help(read: EnvRead) -> str:
    if read.bundler.instead:
        return read.bundler.instead.format(public=f"PUBLIC_{bare_name(read).removeprefix('PUBLIC_')}")
    return f"set {right_read(read).rpartition('.')[2]} where the page is built, and read {right_read(read)}"


def _seen_as(read: EnvRead) -> SeenAs | None:
    if read.guarded or read.is_private:
        return None
    if read.way == PROCESS and (read.bundler.way == META or not read.bundler.prefixes):
        return SeenAs("process")
    return SeenAs("meta", {"name": read.name}) if read.way == META and read.bundler.way == PROCESS else None
