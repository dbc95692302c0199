"""CK901 and CK902: ignore comments that hide nothing, and those that cannot hide anything."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Applicability, Finding, Fix
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.scan.suppressions.ignores import (
    INVALID,
    OF_A_FILE_ONLY,
    UNUSED,
    FileIgnores,
    Ignore,
    codes_starting,
    known_code,
)
from chatkit_doctor.scan.suppressions.parsing import FILE, LINE
from chatkit_doctor.scan.suppressions.removal import without_comment, without_words

if TYPE_CHECKING:
    from chatkit_doctor.scan.suppressions.parsing import Word


def unused(ignores: FileIgnores, findings: Iterable[Finding], ran: Container[str]) -> Iterator[Finding]:
    """Yield a CK901 for each comment with codes that hide none of a file's findings.

    ran: the codes whose rules have looked at the file; of the others nothing is known.
    """
    used = {word for finding in findings for _, word in ignores.hiding(finding)}
    for ignore in ignores.ignores:
        judged = [word for word in ignore.directive.words if _is_judged(ignore, word, ran)]
        idle = [word for word in judged if word not in used]
        if idle:
            yield _unused(ignores, ignore, idle)


def _is_judged(ignore: Ignore, word: Word, ran: Container[str]) -> bool:
    code = ignore.code_of(word)
    return ignore.is_sound and code is not None and code in ran and code not in OF_A_FILE_ONLY


def _unused(ignores: FileIgnores, ignore: Ignore, idle: list[Word]) -> Finding:
    source, directive = ignores.source, ignore.directive
    names = _listed({word.text for word in idle})
    is_all = len(idle) == len(directive.words)
    what = "the ignore comment" if is_all else f"{names} from the ignore comment"
    start, end = (directive.start, directive.end) if is_all else (idle[0].start, idle[-1].end)
    return Finding(
        UNUSED,
        source.location(start, end),
        f"ignoring {names} hides nothing",
        label="no such finding in this file" if ignore.is_of_file else "no such finding on the line",
        help=f"remove {what}",
        fix=Fix(f"remove {what}", Applicability.SAFE, lambda: [without_words(source, directive, idle)]),
    )


def _listed(names: Iterable[str]) -> str:
    *others, last = sorted(names)
    return f"{', '.join(others)} and {last}" if others else last


def invalid(ignores: FileIgnores) -> Iterator[Finding]:
    """Yield a CK902 for each comment, or each code in one, that cannot hide anything."""
    for ignore in ignores.ignores:
        problem = _problem(ignore)
        if problem is not None:
            yield _invalid(ignores, ignore, *problem)
            continue
        for word in ignore.directive.words:
            if ignore.code_of(word) is None:
                yield _unknown(ignores, ignore, word)


def _problem(ignore: Ignore) -> tuple[str, str, str] | None:
    """Return what is wrong with a comment as a whole: message, label and help."""
    directive = ignore.directive
    verb = directive.verb
    if verb not in {LINE, FILE}:
        message = f"'{verb}' is no word for the doctor" if verb else "the comment has no word for the doctor"
        return message, "not understood", "write ignore[CODE] for a line, or ignore-file[CODE] for a file"
    if directive.brackets is None:
        return f"'{verb}' names no rule", "no code in brackets", f"name the rules, as in {verb}[CODE]"
    if not directive.is_closed:
        return "the brackets of the ignore comment are not closed", "not closed", "close the brackets behind the codes"
    if not directive.words:
        return f"'{verb}[]' names no rule", "empty brackets", "name the rules, or remove the comment"
    if ignore.is_of_file and not ignore.is_at_top:
        return "ignore-file stands below code", "not at the top", "move the comment above the first code of the file"
    return None


def _invalid(ignores: FileIgnores, ignore: Ignore, message: str, label: str, advice: str) -> Finding:
    source, directive = ignores.source, ignore.directive
    return Finding(
        INVALID,
        source.location(directive.start, directive.end),
        message,
        label=label,
        help=advice,
        fix=Fix("remove the ignore comment", Applicability.SAFE, lambda: [without_comment(source, directive.comment)]),
    )


def _unknown(ignores: FileIgnores, ignore: Ignore, word: Word) -> Finding:
    source, directive = ignores.source, ignore.directive
    message, label, advice = _why_unknown(word.text)
    return Finding(
        INVALID,
        source.location(word.start, word.end),
        message,
        label=label,
        help=advice,
        fix=Fix(
            f"remove {word.text} from the ignore comment",
            Applicability.SAFE,
            lambda: [without_words(source, directive, [word])],
        ),
    )


def _why_unknown(text: str) -> tuple[str, str, str]:
    """Return message, label and help about a word that cannot be ignored on a line."""
    if known_code(text) is not None:
        return f"{text} can only be ignored for a file", "not for a line", f"write ignore-file[{text}] at the top"
    started = list(codes_starting(text))
    if started:
        message = f"{text} is the start of {len(started)} codes, not a code"
        return message, "not a whole code", "name each rule by its code"
    if all(map(known_code, text.split())):
        return f"'{text}' is no list of rules", "no comma between", "put commas between the codes"
    from chatkit_doctor.contracts.similarity import nearest  # only a finding needs it

    names = {page.name for page in pages().values()}
    near = nearest(text, pages()) or nearest(text, names)
    advice = f"name a rule that exists; the nearest is {near}" if near else "name a rule that exists, or remove it"
    return f"no rule has the code or name '{text}'", "unknown", advice
