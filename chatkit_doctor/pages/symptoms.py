"""Finds the rule behind what somebody pastes or types: an error message, a traceback, "blank screen".

Each page lists its symptoms, in which `<word>` stands for anything. A text is compared with them word by word,
each word weighed by how few pages use it, so that the user's own names in a message do no harm.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from chatkit_doctor.pages.catalogue import Page
from chatkit_doctor.records import dataclass

# A match must share this much of the symptom's words, or of the text's, by weight.
_ENOUGH = 0.6
# What is about as good as the best is shown with it.
_ABOUT_AS_GOOD = 0.85
_MOST = 4
# Words that tell no rule from another.
# fmt: off
_COMMON = frozenset((
    "a", "an", "and", "are", "as", "at", "be", "but", "by", "can", "chatkit", "do", "does", "error", "for",
    "from", "get", "how", "i", "if", "import", "in", "is", "it", "its", "me", "my", "of", "on", "only",
    "openai", "or", "so", "that", "the", "then", "there", "this", "to", "traceback", "was", "what", "when",
    "why", "with", "you",
))
# fmt: on


@dataclass(frozen=True)
class Symptoms:
    """The symptoms of pages, ready to be compared with texts; by page, each as its set of words."""

    by_page: Mapping[Page, tuple[frozenset[str], ...]]

    @classmethod
    def of(cls, texts: Mapping[Page, Iterable[str]]) -> Symptoms:
        """Return the symptoms of pages."""
        return cls({page: tuple(frozenset(words(_literal(text))) for text in each) for page, each in texts.items()})

    def matching(self, text: str) -> list[Page]:
        """Return the pages that explain a text, the best first; none where it says too little."""
        scores = self._scores(text)
        best = max(scores.values(), default=0.0)
        close = [page for page, score in scores.items() if score >= max(best * _ABOUT_AS_GOOD, _ENOUGH)]
        return sorted(close, key=lambda page: -scores[page])[:_MOST]

    def nearest(self, text: str) -> list[Page]:
        """Return the pages that share most with a text, however little that is."""
        scores = self._scores(text)
        return sorted((page for page in scores if scores[page] > 0), key=lambda page: -scores[page])[:_MOST]

    def _scores(self, text: str) -> dict[Page, float]:
        lines = [frozenset(words(line)) for line in _parts(text)]
        return {
            page: max((self._score(line, symptom) for line in lines for symptom in symptoms), default=0.0)
            for page, symptoms in self.by_page.items()
        }

    def _score(self, line: frozenset[str], symptom: frozenset[str]) -> float:
        """Return how well a line and a symptom agree, 0 to 1.5, and a little more the more they share."""
        shared = self._weight(line & symptom)
        if shared < self._least:
            return 0.0
        of_symptom, of_line = shared / self._weight(symptom), shared / self._weight(line)
        return max(of_symptom, of_line) + min(of_symptom, of_line) / 2 + shared / 1000

    def _weight(self, some: Iterable[str]) -> float:
        return sum(self._weights.get(word, self._unknown) for word in some)

    @cached_property
    def _weights(self) -> dict[str, float]:
        pages = Counter(word for symptoms in self.by_page.values() for word in frozenset().union(*symptoms))
        return {word: math.log(1 + len(self.by_page) / number) for word, number in pages.items()}

    @cached_property
    def _unknown(self) -> float:
        """Return the weight of a word that no page has: likely a name of the user's."""
        return math.log(3)

    @cached_property
    def _least(self) -> float:
        """Return the weight that must be shared: about that of one word that only one page has."""
        return math.log(1 + len(self.by_page)) * 0.9


def words(text: str) -> Iterator[str]:
    """Yield the telling words of a text in lower case, without apostrophes, the parts of dotted names apart."""
    plain = text.lower().replace("'", "").replace("\u2019", "")
    for word in "".join(character if character.isalnum() or character == "_" else " " for character in plain).split():
        if word not in _COMMON:
            yield word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _literal(symptom: str) -> str:
    """Return a symptom without its placeholders."""
    kept = []
    for piece in symptom.split("<"):
        _, closed, rest = piece.rpartition(">")
        kept.append(rest if closed else piece)
    return " ".join(kept)


def _parts(text: str) -> Iterator[str]:
    """Yield the lines of a text that can name an error, and all of them together."""
    lines = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith('File "')]
    yield from lines
    if len(lines) > 1:
        yield " ".join(lines)
