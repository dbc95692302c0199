"""Pieces of the reference app, in which the doctor finds nothing: what an agent is to write like."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from chatkit_doctor.commands.init import reference_folder

# The files that an agent may copy from, by the names that they have beside the skill.
FILES = {
    "server.md": "backend/app/server.py",
    "converter.md": "backend/app/converter.py",
    "unique_ids.md": "backend/app/unique_ids.py",
    "memory_store.md": "backend/app/stores/memory.py",
    "main.md": "backend/app/main.py",
    "streaming.md": "backend/app/streaming.py",
    "Chat.md": "frontend/src/Chat.tsx",
    "index.md": "frontend/index.html",
}
_LANGUAGES = {".py": "python", ".tsx": "tsx", ".html": "html"}
_PACKAGES = ("chatkit", "agents")


def text_of(name: str) -> str:
    """Return a file of the reference app, by its path in it."""
    return (reference_folder() / name).read_text(encoding="utf-8")


def definition(file: str, name: str) -> str:
    """Return the source of a function or method, its decorators too, at the left edge."""
    text = text_of(file)
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            indent = node.col_offset
            return "\n".join(line[indent:] for line in lines[first - 1 : node.end_lineno])
    raise KeyError(f"{file} has no {name}")


def between(file: str, first: str, last: str) -> str:
    """Return the lines of a file from the one that starts with a text to the one that starts with another."""
    lines = text_of(file).splitlines()
    start = next(number for number, line in enumerate(lines) if line.strip().startswith(first))
    end = next(number for number, line in enumerate(lines) if number >= start and line.strip().startswith(last))
    found = lines[start : end + 1]
    indent = min(len(line) - len(line.lstrip()) for line in found if line.strip())
    return "\n".join(line[indent:] for line in found)


@cache
def imports() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the modules of ChatKit and of the Agents SDK that the app imports from, each with the names."""
    found: dict[str, set[str]] = {}
    for path in sorted((reference_folder() / "backend" / "app").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] in _PACKAGES:
                found.setdefault(node.module or "", set()).update(alias.name for alias in node.names)
    return tuple((module, tuple(sorted(found[module]))) for module in sorted(found))


def copies() -> dict[Path, str]:
    """Return the files that stand beside the skill, by their paths in its folder.

    As Markdown: code of its own kind would be taken for the project's, by the doctor and by others.
    """
    return {Path("reference", name): _as_page(path) for name, path in FILES.items()}


def _as_page(path: str) -> str:
    name, language = Path(path).name, _LANGUAGES[Path(path).suffix]
    return f"# {name}\n\n```{language}\n{text_of(path)}```\n"
