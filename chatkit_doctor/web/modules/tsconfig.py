"""The compiler options of a tsconfig.json or jsconfig.json with those it extends: `baseUrl` and `paths`, and others."""

from __future__ import annotations

import os.path
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.records import dataclass
from chatkit_doctor.web.formats.jsonc import parse_jsonc

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from chatkit_doctor.source import Source

    Read = Callable[[Path], Source | None]

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


def read_aliases(read: Read, path: Path) -> PathAliases | None:
    """Return the aliases of a configuration file, `extends` and `references` followed; None where it has none."""
    configs = list(extended(read, path, references=True))
    for config_path, options in configs:
        folder = _base(config_path, options)
        paths = options.get("paths")
        if isinstance(paths, dict):
            inherited = next((each for each in (_base(p, o) for p, o in configs) if each is not None), None)
            return PathAliases(inherited, _absolute(paths, folder or inherited or config_path.parent))
        if folder is not None and not any("paths" in each for _, each in configs):
            return PathAliases(folder, {})
    return None


def extended(read: Read, path: Path, *, references: bool = False) -> Iterator[tuple[Path, Mapping[str, object]]]:
    """Yield the compiler options of a configuration and of those that it extends, nearest first.

    references: whether those that it refers to are among them.
    """
    # What is beyond the last that is looked at is not even made a path of.
    pending: deque[Iterator[Path]] = deque([iter([path])])
    seen: set[Path] = set()
    while pending and len(seen) < _MAX_EXTENDS:
        current = next(pending[0], None)
        if current is None:
            pending.popleft()
            continue
        if current in seen:
            continue
        seen.add(current)
        source = read(current)
        config = parse_jsonc(source.text) if source is not None else None
        if isinstance(config, dict):
            options = config.get("compilerOptions")
            yield current, options if isinstance(options, dict) else {}
            pending.append(_others(current, _bases(config)))
            if references:
                pending.append(_others(current, _references(config)))


def _bases(config: Mapping[str, object]) -> Iterator[object]:
    extends = config.get("extends")
    # Of several, the last one says most.
    yield from reversed(extends) if isinstance(extends, list) else [extends]


def _references(config: Mapping[str, object]) -> Iterator[object]:
    listed = config.get("references")
    for reference in listed if isinstance(listed, list) else ():
        yield reference.get("path") if isinstance(reference, dict) else None


def _others(path: Path, names: Iterable[object]) -> Iterator[Path]:
    """Yield the files that a configuration may mean by names; packages are not looked into."""
    for name in names:
        if isinstance(name, str) and name.startswith(".") and "\0" not in name:
            target = Path(os.path.normpath(path.parent / name))
            if target.suffix == ".json":
                yield target
            else:
                yield from (target.with_name(target.name + ".json"), target / "tsconfig.json")


def _base(path: Path, options: Mapping[str, object]) -> Path | None:
    base = options.get("baseUrl")
    return Path(os.path.normpath(path.parent / base)) if isinstance(base, str) else None


def _absolute(paths: dict[str, object], folder: Path) -> dict[str, tuple[str, ...]]:
    return {
        pattern: tuple(os.path.normpath(folder / each) for each in targets if isinstance(each, str))
        for pattern, targets in paths.items()
        if isinstance(targets, list)
    }
