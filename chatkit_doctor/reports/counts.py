"""The words for how many there are of something, and for a scan that has found nothing."""

from __future__ import annotations


def count(number: int, noun: str) -> str:
    """Return a number with its noun: `1 file`, `2 files`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def nothing_found(files: int, aside: str = "") -> str:
    """Return the line of a scan that has found nothing in some files. aside: what else is to be said, set apart."""
    return f"Nothing found in {count(files, 'file')}{aside}."


def nothing_of_chatkit(files: int, aside: str = "") -> str:
    """Return the line of a scan of files of which none says anything of ChatKit: what was looked for."""
    none = "it does not mention" if files == 1 else "none of them mentions"
    return f"Nothing found in {count(files, 'file')}{aside}: {none} ChatKit (openai-chatkit, @openai/chatkit)."


def nothing_to_scan(left_out: int = 0) -> str:
    """Return the line of a scan without files."""
    return f"Nothing to scan: {why_nothing(left_out)}."


def why_nothing(left_out: int) -> str:
    """Return why there is no file to scan, of which the settings exclude so many."""
    if left_out:
        return f"the settings exclude {count(left_out, 'Python or web file')}, and there is no other"
    return "there is no Python or web file here"
