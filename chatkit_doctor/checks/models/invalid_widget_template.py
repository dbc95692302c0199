"""Find template files of widgets that cannot be loaded, or no widget built from."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.widgets.broken import BrokenTemplate, Flaw, broken_templates
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.words import joined


def invalid_widget_template(app: App) -> Iterator[Finding]:
    """Find template files of widgets that cannot be loaded, or no widget built from."""
    for found in broken_templates(app):
        fact, label, help_, seen = _words(found)
        yield Finding("CK116", found.at, fact, label=label, help=help_, seen_as=seen)


def _words(found: BrokenTemplate) -> tuple[str, str, str, SeenAs]:
    name, word = found.path.name, found.text
    line = "serialised" if found.is_bare else "undefined"
    match found.flaw:
        case Flaw.UNREADABLE:
            return (
                f"{name} is no JSON",
                "read as far as here",
                "export the widget again",
                SeenAs("json", {"said": word}),
            )
        case Flaw.KEY:
            help_ = f"give it a {word}, or export the widget again"
            return f"{name} has no {word}", f"no {word}", help_, SeenAs("key", {"key": word})
        case Flaw.VERSION:
            allowed = joined(found.allowed)
            help_ = f'write "{allowed}", the one version that ChatKit loads'
            return f"{name} is of version {word}", "unknown", help_, SeenAs("version", {"version": word})
        case Flaw.ROOT:
            roots = joined([f"'{each}'" for each in found.allowed], "or")
            help_ = f"put it into a {joined(found.allowed, 'or')}"
            return f"the root of {name} is a {word}", "cannot be the root", help_, SeenAs("root", {"roots": roots})
        case Flaw.UNDEFINED:
            help_ = "write loop.index0 for it, or put it into the data of each item"
            return (
                f"{name} counts by {word}, which its loop does not have",
                "undefined",
                help_,
                SeenAs(line, {"name": word}),
            )
    help_ = f"give it {word}, which its jsonSchema requires"
    return f"the widget of {name} is built without {word}", f"no {word}", help_, SeenAs(line, {"name": word})
