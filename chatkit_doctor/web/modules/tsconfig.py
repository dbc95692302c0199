"""The `baseUrl` and `paths` of a tsconfig.json or jsconfig.json, which are JSON with comments."""

from __future__ import annotations

import json
import os.path
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from chatkit_doctor.source import Source

_STRING_OR_COMMENT = re.compile(r'("(?:[^"\\\n]|\\.)*")|//[^\n]*|/\*.*?\*/', re.DOTALL)
_STRING_OR_TRAILING_COMMA = re.compile(r'("(?:[^"\\\n]|\\.)*")|,(?=\s*[}\]])', re.DOTALL)
_MAX_EXTENDS = 8


@dataclass(frozen=True, slots=True)
class PathAliases:
    """Where a configuration sends imports.

    base: the folder of bare specifiers, None without `baseUrl`.
    patterns: pattern (with at most one `*`) to absolute target patterns.
    """

    base: Path | None
    patterns: Mapping[str, tuple[str, ...]]

    def targets(self, specifier: str) -> Iterator[Path]:
        """Yield the paths that a specifier may mean, the most exact pattern first."""
        for pattern in sorted(self.patterns, key=len, reverse=True):
            head, star, tail = pattern.partition("*")
            if star and specifier.startswith(head) and specifier.endswith(tail):
                middle = specifier[len(head) : len(specifier) - len(tail)]
                yield from (Path(target.replace("*", middle, 1)) for target in self.patterns[pattern])
            elif specifier == pattern:
                yield from map(Path, self.patterns[pattern])
        if self.base is not None:
            yield Path(os.path.normpath(self.base / specifier))


def read_aliases(read: Callable[[Path], Source | None], path: Path) -> PathAliases | None:
    """Return the aliases of a configuration file, `extends` and `references` followed; None where it has none."""
    configs = list(_with_ancestors(read, path))
    for config_path, options in configs:
        base = options.get("baseUrl")
        folder = Path(os.path.normpath(config_path.parent / base)) if isinstance(base, str) else None
        paths = options.get("paths")
        if isinstance(paths, dict):
            inherited = next((each for each in (_base(p, o) for p, o in configs) if each is not None), None)
            return PathAliases(inherited, _absolute(paths, folder or inherited or config_path.parent))
        if folder is not None and not any("paths" in each for _, each in configs):
            return PathAliases(folder, {})
    return None


def parse_jsonc(text: str) -> object:
    """Parse JSON with comments and trailing commas; None where it is not even that."""
    text = _STRING_OR_COMMENT.sub(lambda match: match[1] or " ", text)
    text = _STRING_OR_TRAILING_COMMA.sub(lambda match: match[1] or " ", text)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _with_ancestors(read: Callable[[Path], Source | None], path: Path) -> Iterator[tuple[Path, dict[str, object]]]:
    """Yield the compiler options of a configuration and of those that it extends or refers to, nearest first."""
    pending = [path]
    seen: set[Path] = set()
    while pending and len(seen) < _MAX_EXTENDS:
        current = pending.pop(0)
        if current in seen:
            continue
        seen.add(current)
        source = read(current)
        config = parse_jsonc(source.text) if source is not None else None
        if isinstance(config, dict):
            options = config.get("compilerOptions")
            yield current, options if isinstance(options, dict) else {}
            pending.extend(_related(current, config))


def _related(path: Path, config: dict[str, object]) -> Iterator[Path]:
    extends = config.get("extends")
    names = extends if isinstance(extends, list) else [extends]
    references = config.get("references")
    for reference in references if isinstance(references, list) else ():
        names.append(reference.get("path") if isinstance(reference, dict) else None)
    for name in names:
        if isinstance(name, str) and name.startswith(".") and "\0" not in name:
            target = Path(os.path.normpath(path.parent / name))
            if target.suffix == ".json":
                yield target
            else:
                yield from (target.with_name(target.name + ".json"), target / "tsconfig.json")


def _base(path: Path, options: dict[str, object]) -> Path | None:
    base = options.get("baseUrl")
    return Path(os.path.normpath(path.parent / base)) if isinstance(base, str) else None


def _absolute(paths: dict[str, object], folder: Path) -> dict[str, tuple[str, ...]]:
    return {
        pattern: tuple(os.path.normpath(folder / each) for each in targets if isinstance(each, str))
        for pattern, targets in paths.items()
        if isinstance(targets, list)
    }
