"""An ignore comment, or a word in one, that cannot hide anything (CK902)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Edit, Finding, Fix
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.words import the_nearest

if TYPE_CHECKING:
    from chatkit_doctor.source import Location

CODE = "CK902"
Words = tuple[str, str, str]


def invalid_suppression(at: Location, words: Words, title: str, remove: Callable[[], Edit] | None) -> Finding:
    """Return the finding about a comment or a word in it.

    words: message, label and help. title: of the fix. remove: makes the edit that takes it out, None for no fix.
    """
    message, label, advice = words
    fix = Fix(title, Applicability.SAFE, lambda: [remove()]) if remove is not None else None
    return Finding(CODE, at, message, label=label, help=advice, fix=fix)


def not_a_word(verb: str) -> Words:
    """Return what is said of a comment with another word than the doctor's, or without one."""
    message = f"'{verb}' is no word for the doctor" if verb else "the comment has no word for the doctor"
    return message, "not understood", "write ignore[CODE] for a line, or ignore-file[CODE] for a file"


def without_brackets(verb: str) -> Words:
    """Return what is said of a comment that names no rule at all."""
    return f"'{verb}' names no rule", "no code in brackets", f"name the rules, as in {verb}[CODE]"


def without_end() -> Words:
    """Return what is said of brackets that stay open."""
    return "the brackets of the ignore comment are not closed", "not closed", "close the brackets behind the codes"


def without_codes(verb: str) -> Words:
    """Return what is said of empty brackets."""
    return f"'{verb}[]' names no rule", "empty brackets", "name the rules, or remove the comment"


def below_code() -> Words:
    """Return what is said of a comment for a file that stands below its first code."""
    return "ignore-file stands below code", "not at the top", "move the comment above the first code of the file"


def not_for_a_line(code: str) -> Words:
    """Return what is said of a code that only a comment for a file can ignore."""
    return f"{code} can only be ignored for a file", "not for a line", f"write ignore-file[{code}] at the top"


def start_of_codes(text: str, count: int) -> Words:
    """Return what is said of the start of several codes."""
    return f"{text} is the start of {count} codes, not a code", "not a whole code", "name each rule by its code"


def without_commas(text: str) -> Words:
    """Return what is said of codes that only blanks keep apart."""
    return f"'{text}' is no list of rules", "no comma between", "put commas between the codes"


def unknown_rule(text: str) -> Words:
    """Return what is said of a word that is no rule's code or name."""
    names = {page.name for page in pages().values()}
    near = the_nearest(text, pages(), is_sure=True) or the_nearest(text, names, is_sure=True)
    advice = f"name a rule that exists; {near}" if near else "name a rule that exists, or remove it"
    return f"no rule has the code or name '{text}'", "unknown", advice
