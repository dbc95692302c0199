"""`chatkit-doctor skill`: for which releases, to where, and what is said of it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import chatkit_doctor
from chatkit_doctor.reports.counts import count
from chatkit_doctor.reports.edge import printed_lines
from chatkit_doctor.skill.installing import SkillError, install_section, install_skill
from chatkit_doctor.skill.text import NAME, KnownRelease, section, skill


def run(path: Path, *, skills: Path | None, agents_md: bool) -> None:
    """Install what was asked for and say what was written; without either, print the section.

    Raises SkillError, and ScanError for a path that is not there.
    """
    if not path.is_dir():
        raise SkillError(f"{path}: there is no such folder")
    releases = _releases(path)
    if skills is None and not agents_md:
        sys.stdout.write(printed_lines(section(releases).splitlines()))
        return
    sys.stdout.write(printed_lines(_installed(path, skills, releases, agents_md=agents_md)))


def _installed(path: Path, skills: Path | None, releases: list[KnownRelease], *, agents_md: bool) -> Iterator[str]:
    if agents_md:
        file = path / "AGENTS.md"
        yield f"Wrote the section on ChatKit into {file}." if install_section(file, section(releases)) else _same(file)
    if skills is not None:
        folder = skills / NAME
        changed = install_skill(folder, skill(releases))
        yield f"Wrote {count(len(changed), 'file')} of the skill into {folder}." if changed else _same(folder)
    # Apps of one project may have the same releases.
    told = ", ".join(dict.fromkeys(f"{each.package} {each.version}" for each in releases))
    yield f"It is about {told}." if told else "No release was found in the project, so it is about the newest known."


def _same(path: Path) -> str:
    return f"{path} is as it should be; nothing was written."


def _releases(path: Path) -> list[KnownRelease]:
    """Return the releases that the apps of a folder have, each once."""
    found = chatkit_doctor.scan(path).targets
    return [KnownRelease(each.package, each.version, each.origin, each.app) for each in found]
