"""CK901 and CK902: ignore comments that hide nothing, and those that cannot hide anything."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from chatkit_doctor.checks.doctor import invalid_suppression as verdict
from chatkit_doctor.checks.doctor.unused_suppression import unused_suppression
from chatkit_doctor.scanning.suppressions.ignores import OF_A_FILE_ONLY, FileIgnores, Ignore, codes_starting, known_code
from chatkit_doctor.scanning.suppressions.parsing import FILE, LINE
from chatkit_doctor.scanning.suppressions.removal import without_comment, without_words

if TYPE_CHECKING:
    from chatkit_doctor.finding import Finding
    from chatkit_doctor.scanning.suppressions.parsing import Word

# In one comment. Each is taken out by writing the others anew, which takes as much as there are of them.
_MOST_WORDS = 200


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
    is_whole = len(idle) == len(directive.words)
    start, end = (directive.start, directive.end) if is_whole else (idle[0].start, idle[-1].end)
    return unused_suppression(
        source.location(start, end),
        [word.text for word in idle],
        lambda: without_words(source, directive, idle),
        is_whole=is_whole,
        is_of_file=ignore.is_of_file,
    )


def invalid(ignores: FileIgnores) -> Iterator[Finding]:
    """Yield a CK902 for each comment, or each code in one, that cannot hide anything."""
    source = ignores.source
    for ignore in ignores.ignores:
        directive = ignore.directive
        words = _wrong_as_a_whole(ignore)
        if words is not None:
            at = source.location(directive.start, directive.end)
            remove = partial(without_comment, source, directive.comment)
            yield verdict.invalid_suppression(at, words, "remove the ignore comment", remove)
            continue
        for word in directive.words:
            if ignore.code_of(word) is None:
                at = source.location(word.start, word.end)
                is_read = len(directive.words) <= _MOST_WORDS
                one = partial(without_words, source, directive, [word]) if is_read else None
                title = f"remove {word.text} from the ignore comment"
                yield verdict.invalid_suppression(at, _wrong_word(word.text), title, one)


def _wrong_as_a_whole(ignore: Ignore) -> verdict.Words | None:
    directive = ignore.directive
    verb = directive.verb
    if verb not in {LINE, FILE}:
        return verdict.not_a_word(verb)
    if directive.brackets is None:
        return verdict.without_brackets(verb)
    if not directive.is_closed:
        return verdict.without_end()
    if not directive.words:
        return verdict.without_codes(verb)
    return verdict.below_code() if ignore.is_of_file and not ignore.is_at_top else None


def _wrong_word(text: str) -> verdict.Words:
    if known_code(text) is not None:
        return verdict.not_for_a_line(text)
    if started := list(codes_starting(text)):
        return verdict.start_of_codes(text, len(started))
    if all(map(known_code, text.split())):
        return verdict.without_commas(text)
    return verdict.unknown_rule(text)
