"""What `--help` says besides: each command in a line that is never cut, and examples to start from.

Lines are at most 78 characters, so that they fit a terminal of 80.
"""

from __future__ import annotations

import typer

# By command: its line in the list of commands, then examples.
_HELP: dict[str, tuple[str, tuple[str, ...]]] = {
    "": (
        "",
        (
            "chatkit-doctor scan",
            "chatkit-doctor scan --fix",
            'chatkit-doctor explain "Can\'t instantiate abstract class MemoryStore"',
        ),
    ),
    "scan": (
        "Scan a project; with --fix, mend it.",
        (
            "chatkit-doctor scan",
            "chatkit-doctor scan backend frontend/src --diff",
            "chatkit-doctor scan --fix --unsafe-fixes",
            "chatkit-doctor scan --select CK1,CK404 --format json",
            "chatkit-doctor scan --since main --format github",
            "chatkit-doctor scan - --stdin-filename app/store.py < app/store.py",
        ),
    ),
    "baseline": (
        "Write down what stands today, to be shown only what is new.",
        ("chatkit-doctor baseline", "chatkit-doctor scan --baseline chatkit-doctor-baseline.json"),
    ),
    "rules": ("List the rules.", ("chatkit-doctor rules", "chatkit-doctor rules --json")),
    "explain": (
        "Explain a rule, or the rule behind an error message.",
        (
            "chatkit-doctor explain CK201",
            "chatkit-doctor explain \"No module named 'chatkit.stores'\"",
            "chatkit-doctor explain CK405 --values",
            "chatkit-doctor explain - < traceback.txt",
        ),
    ),
    "verify": (
        "Run the Testing Checklist against a running server.",
        (
            "chatkit-doctor verify http://localhost:8000",
            "chatkit-doctor verify http://localhost:8000 --page http://localhost:5173",
            'chatkit-doctor verify https://chat.example --header "X-User: ada"',
        ),
    ),
    "check": (
        "Run a Store or a ChatKitServer of the project in place.",
        (
            "chatkit-doctor check app.store:MemoryStore --app-dir backend",
            "chatkit-doctor check app.main:server --python .venv/bin/python",
            'chatkit-doctor check app:make_store --context \'{"user_id": "a"}\'',
        ),
    ),
    "migrate": (
        "Move a chat off a workflow that OpenAI hosts.",
        (
            "chatkit-doctor migrate",
            "chatkit-doctor migrate --workflow exported.py --write",
        ),
    ),
    "mcp": ("Serve a project to a coding agent, over MCP.", ("chatkit-doctor mcp", "chatkit-doctor mcp my-app")),
    "skill": (
        "Teach a coding agent ChatKit.",
        (
            "chatkit-doctor skill",
            "chatkit-doctor skill --agents-md",
            "chatkit-doctor skill --skill .claude/skills",
        ),
    ),
    "lsp": ("Serve an editor, over standard input and output.", ("chatkit-doctor lsp",)),
    "init": ("Start a new project from the known-good reference app.", ("chatkit-doctor init my-app",)),
    "config": ("Show the settings that hold for a path, or their schema.", ("chatkit-doctor config show backend",)),
    "config show": (
        "Show each setting that holds for a path, and its origin.",
        ("chatkit-doctor config show", "chatkit-doctor config show backend/app.py --json"),
    ),
    "config schema": (
        "Print the JSON schema of the settings, for editors.",
        ("chatkit-doctor config schema > chatkit-doctor.schema.json",),
    ),
    "cache": ("Remove what scans keep for the next ones.", ("chatkit-doctor cache clear",)),
    "cache clear": ("Remove everything that scans have kept.", ("chatkit-doctor cache clear",)),
}


def epilog(name: str) -> str:
    """Return what stands below the help of a command: its examples, a line each."""
    # \b has the lines left as they are.
    return "\n".join(["\b", "Examples:", *(f"  {each}" for each in _HELP[name][1])])


def complete(app: typer.Typer, above: str = "") -> None:
    """Give each command of an app its line and its examples. Raises KeyError for one that has none here."""
    for command in app.registered_commands:
        assert command.callback is not None
        name = f"{above}{command.name or command.callback.__name__}"
        command.short_help, command.epilog = _HELP[name][0], epilog(name)
    for group in app.registered_groups:
        assert group.typer_instance is not None
        name = f"{above}{group.name}"
        group.short_help, group.epilog = _HELP[name][0], epilog(name)
        complete(group.typer_instance, f"{name} ")
