"""Finds the rules behind what somebody pastes or types: a traceback, a line of the console, "the bot forgets".

A message that a page knows decides, by how much of it there is; only a text without one is taken for people's words.
Where nothing fits, nothing is said: an answer that is wrong costs more than none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from chatkit_doctor.finding import Severity
from chatkit_doctor.pages.catalogue import Page
from chatkit_doctor.pages.complaints import Complaint, complaints, said
from chatkit_doctor.pages.messages import Kinds, Message, message, plain, tells
from chatkit_doctor.patterns import regex
from chatkit_doctor.records import dataclass

# What fits about as well as the best is a candidate like it.
_ABOUT_AS_GOOD = 0.85
# A warning that Python prints beside an error says little of what stopped the program.
_ADVICE = 0.1
_HEADING = "Traceback (most recent call last):"
# What a program says is known as it stands or not at all; its words are not people's.
_NAMES_AN_ERROR = regex(r"\w(?:Error|Exception|Warning):")


@dataclass(frozen=True, slots=True)
class Known:
    """What one page is known by: messages, with how much each tells of it, and complaints in people's words."""

    messages: tuple[tuple[Message, float], ...]
    complaints: tuple[Complaint, ...]


@dataclass(frozen=True, slots=True)
class Symptoms:
    """What each page is known by, and what the blanks of messages take."""

    pages: Mapping[Page, Known]
    kinds: Kinds

    @classmethod
    def of(cls, pages: Iterable[Page], more: Mapping[Page, Iterable[str]], kinds: Kinds) -> Symptoms:
        """Return the symptoms of pages, with more complaints. A message of several pages tells less of each."""
        told = {page: {*filter(tells, page.seen_as.values()), *page.symptoms} for page in pages}
        owners = Counter(template for templates in told.values() for template in templates)
        known = {
            page: Known(
                tuple((message(each), 1 / owners[each]) for each in sorted(templates)),
                tuple(one for each in (*page.complaints, *more.get(page, ())) for one in complaints(each)),
            )
            for page, templates in told.items()
        }
        return cls(known, kinds)

    def matching(self, text: str) -> list[Page]:
        """Return the pages that explain a text, the best first; none where none fits."""
        return self._by_message(text) or ([] if _NAMES_AN_ERROR.search(text) else self._by_complaint(text))

    def _by_message(self, text: str) -> list[Page]:
        words = plain(text)
        scores = {}
        for page, known in self.pages.items():
            found = [each.weight * share for each, share in known.messages if each.is_in(words, self.kinds)]
            if found:
                scores[page] = max(found) * (_ADVICE if page.severity is Severity.INFO else 1)
        return _best(scores)

    def _by_complaint(self, text: str) -> list[Page]:
        words = said(text.replace(_HEADING, ""))
        scores = {}
        for page, known in self.pages.items():
            found = [each.weight for each in known.complaints if each.is_in(words, self.kinds)]
            if found:
                scores[page] = float(max(found))
        return _best(scores)


def _best(scores: Mapping[Page, float]) -> list[Page]:
    best = max(scores.values(), default=0.0)
    close = [page for page, score in scores.items() if score >= best * _ABOUT_AS_GOOD]
    return sorted(close, key=lambda page: -scores[page])
