"""The skill and the section on their way into a project: what is ours is renewed, and nothing else is touched."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chatkit_doctor.project.files.inside import Inside
from chatkit_doctor.scanning.report_writing import write_report

BEGIN = "<!-- chatkit-doctor skill: begin -->"
END = "<!-- chatkit-doctor skill: end -->"
_OURS = "<!-- written by chatkit-doctor "


class SkillError(Exception):
    """What cannot be installed where it was asked for; the text is one line."""


def install_section(file: Path, section: str) -> bool:
    """Write the section into a file, in the place of the one that is there, or at the end; return whether it changed.

    Raises SkillError for a link, for a file that is no text, and where only one of the section's two marks is left.
    """
    _refuse_link(file)
    try:
        data = file.read_bytes() if file.exists() else b""
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise SkillError(f"{file}: it is not UTF-8, and left alone") from None
    except OSError as error:
        raise SkillError(f"{file}: it cannot be read: {(error.strerror or '').lower()}") from None
    return _write(file, with_section(text, section, str(file)), data)


def with_section(text: str, section: str, name: str) -> str:
    """Return a text with the section in it, in the text's own line ends. Raises SkillError."""
    newline = "\r\n" if "\r\n" in text else "\n"
    made = f"{BEGIN}\n{section.strip()}\n{END}\n".replace("\n", newline)
    if text.count(BEGIN) != text.count(END) or text.count(BEGIN) > 1 or text.find(BEGIN) > text.find(END):
        raise SkillError(f"{name}: its marks {BEGIN} and {END} are not one pair; put that right, or remove them")
    if BEGIN in text:
        before, _, rest = text.partition(BEGIN)
        return before + made + rest.partition(END)[2].removeprefix("\r").removeprefix("\n")
    gap = "" if not text.strip("\ufeff") else newline if text.endswith("\n") else newline * 2
    return f"{text}{gap}{made}"


def install_skill(folder: Path, files: Mapping[Path, str]) -> list[Path]:
    """Write the skill's files into its folder, over those of an older one; return those that changed.

    Raises SkillError for links, and for a SKILL.md that somebody else has written; nothing is written then.
    """
    for place in (folder, *(folder / path.parent for path in files), *(folder / path for path in files)):
        _refuse_link(place)
    known = folder / "SKILL.md"
    if folder.exists() and any(folder.iterdir()) and not _is_ours(known):
        raise SkillError(f"{folder}: something else is there already, and nothing was written")
    before = {path: (folder / path).read_bytes() if (folder / path).is_file() else b"" for path in files}
    return [folder / path for path, text in files.items() if _write(folder / path, text, before[path])]


def _is_ours(file: Path) -> bool:
    try:
        return _OURS in file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return False


def _refuse_link(path: Path) -> None:
    if path.is_symlink():
        raise SkillError(f"{path}: it is a link, and nothing is written by way of one")


def _write(file: Path, text: str, before: bytes) -> bool:
    if text.encode() == before:
        return False
    top = next(folder for folder in file.absolute().parents if folder.is_dir())
    if problem := write_report(file, text, (), Inside([str(top)])):
        raise SkillError(f"{file}: {problem}")
    return True
