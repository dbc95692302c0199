"""The files of one scan as they are read: bytes, text and parsed trees, once each, with what went wrong."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.budget import unbroken
from chatkit_doctor.project.files import FileProblem, looks_generated, mentions, read_bytes
from chatkit_doctor.project.files.listing import Listing
from chatkit_doctor.project.files.mention import says_chatkit
from chatkit_doctor.project.files.reading import entries
from chatkit_doctor.python.density import beyond, check_density, check_together, words_in
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import PassingError, Source, UnreadableSourceError

if TYPE_CHECKING:
    from chatkit_doctor.web.document import Document

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that matters and could not be taken in: which, the line (from 1), and why in one clause.

    is_read: it is parsed all the same, and Python refuses to run it.
    is_passing: another scan may take it in, though it is as it was.
    """

    path: Path
    line: int
    reason: str
    is_read: bool = False
    is_passing: bool = False

    @property
    def plain(self) -> tuple[str, int, str, bool, bool]:
        """Return it as plain values."""
        return str(self.path), self.line, self.reason, self.is_read, self.is_passing


class Tree:
    """Files by path. Nothing raises: what cannot be had is None and noted in `problems`.

    listing: the files that the scan may look at.
    texts: contents that stand in for what is on disk (an editor's buffer, a fix not yet written).
    """

    def __init__(self, listing: Listing, texts: Mapping[Path, str]) -> None:
        self.listing = listing
        self.texts = dict(texts)
        self.problems = {each.path: Problem(each.path, 1, each.reason) for each in listing.problems}
        self._data: dict[Path, bytes | None] = {}
        self._sources: dict[Path, Source | None] = {}
        self._modules: dict[Path, Module | None] = {}
        self._documents: dict[Path, Document | None] = {}
        self._matched: dict[tuple[Path, re.Pattern[bytes]], bool] = {}
        # Of the Python files that are parsed: words with signs, and characters. Of the web files: nodes and bytes.
        self._words: dict[Path, tuple[int, int]] = {}
        self._all_words = (0, 0)
        self._weight = (0, 0)
        # How much of the room for all of them is taken, in whatever order they are read: beyond 1, one may be refused.
        self.room_taken = 0.0

    def with_texts(self, texts: Mapping[Path, str | None]) -> Tree:
        """Return the tree with other contents in some files; the rest is shared, not read again.

        A text of None takes the one that stands in for a file away: what is on disk counts again.
        """
        other = Tree(self.listing, {path: text for path, text in {**self.texts, **texts}.items() if text is not None})
        # What is on disk is as it was; what it says is for now of no interest.
        other._data = dict(self._data)
        other._take(self, lambda path: path not in texts)
        return other

    def continuing(self, before: Tree, changed: Collection[Path]) -> Tree:
        """Return the tree with what an earlier one of the same folder and texts has read and parsed.

        changed: the files that are other ones on disk.
        """
        other = Tree(self.listing, self.texts)

        def is_as_before(path: Path) -> bool:
            return path not in changed and self.exists(path) == before.exists(path)

        other._data = {path: data for path, data in before._data.items() if path in self.listing and is_as_before(path)}
        other._take(before, is_as_before)
        return other

    def _take(self, before: Tree, is_wanted: Callable[[Path], bool]) -> None:
        """Take over what was made of the files that are wanted."""
        self._sources = {path: source for path, source in before._sources.items() if is_wanted(path)}
        self._modules = {path: module for path, module in before._modules.items() if is_wanted(path)}
        self._documents = {path: document for path, document in before._documents.items() if is_wanted(path)}
        weights = [document.weight for document in self._documents.values() if document is not None]
        self._weight = (sum(nodes for nodes, _ in weights), sum(size for _, size in weights))
        self._words = {path: words for path, words in before._words.items() if is_wanted(path)}
        self._all_words = (
            sum(words for words, _ in self._words.values()),
            sum(size for _, size in self._words.values()),
        )
        self.room_taken = before.room_taken
        of_listing = {problem.path for problem in before.listing.problems}
        noted = {path: problem for path, problem in before.problems.items() if path not in of_listing}
        self.problems |= {path: problem for path, problem in noted.items() if is_wanted(path)}

    def forget(self, path: Path) -> None:
        """Be as if nobody had asked for a file's tree."""
        self._modules.pop(path, None)
        self.problems.pop(path, None)

    def exists(self, path: Path) -> bool:
        """Return whether a file is one of the scan's."""
        return path in self.texts or path in self.listing

    @cached_property
    def added(self) -> tuple[Path, ...]:
        """Return the files that the texts add to those of the listing."""
        return tuple(path for path in self.texts if path not in self.listing)

    def folders(self) -> Iterator[tuple[str, Sequence[str]]]:
        """Yield the folders that hold files, with their names; one may come twice."""
        yield from self.listing.folders.items()
        for path in self.added:
            yield str(path.parent), (path.name,)

    def speaking(self, within: Iterable[str] | None = None) -> list[Path]:
        """Return the files that may say something of ChatKit, sorted, those behind that the texts add.

        within: the folders whose files are looked into; without, all.
        """
        replaced = (path for path in self.texts if path in self.listing)
        return [*sorted({*self.listing.speaking(within), *replaced}, key=str), *self.added]

    def data(self, path: Path) -> bytes | None:
        """Return a file's bytes: of the text that stands in for it, or those on disk."""
        if path in self.texts:
            return self.texts[path].encode(errors="replace")
        return self._on_disk(path)

    def source(self, path: Path) -> Source | None:
        """Return a file's text."""
        if path not in self._sources:
            with unbroken:
                self._sources[path] = self._read_source(path)
        return self._sources[path]

    def module(self, path: Path) -> Module | None:
        """Return a Python file parsed."""
        if path not in self._modules:
            with unbroken:
                self._modules[path] = self._parse(path)
        return self._modules[path]

    def document(self, path: Path) -> Document | None:
        """Return a web file parsed."""
        if path not in self._documents:
            with unbroken:
                self._documents[path] = self._parse_web(path)
        return self._documents[path]

    def mentions(self, path: Path, needles: tuple[bytes, ...]) -> bool:
        """Return whether a file's bytes hold one of the needles; False where it cannot be read."""
        if path not in self.texts and self.listing.is_silent(path) and all(map(says_chatkit, needles)):
            return False
        data = self.data(path)
        if data is not None and data.startswith(_UTF_16):
            data = data.decode("utf-16", errors="replace").encode(errors="replace")
        return data is not None and mentions(data, needles)

    def matches(self, path: Path, pattern: re.Pattern[bytes]) -> bool:
        """Return whether a pattern is found in a file's bytes; False where it cannot be read."""
        # A pattern is asked for anew by each app, and by what asks about each of several packages.
        key = (path, pattern)
        if key not in self._matched:
            data = self.data(path)
            self._matched[key] = data is not None and pattern.search(data) is not None
        return self._matched[key]

    def is_generated(self, path: Path) -> bool:
        """Return whether a file that nobody asked for by name looks bundled or compiled."""
        data = None if path in self.texts or path in self.listing.explicit else self._on_disk(path)
        return data is not None and looks_generated(data)

    def shown(self, problem: Problem) -> Source:
        """Return what can be shown of a file that could not be taken in; an empty text where nothing can be."""
        source = self._sources.get(problem.path)
        if source is not None:
            return source
        text = (self._data.get(problem.path) or b"").decode(errors="replace")
        return Source(problem.path, text.replace("\0", "\ufffd"))

    def _on_disk(self, path: Path) -> bytes | None:
        if path not in self._data:
            try:
                self._data[path] = self.listing.kept(path) or self._read(path)
            except FileProblem as problem:
                self._data[path] = None
                if self._matters(problem):
                    self.problems[path] = Problem(path, 1, problem.reason)
        return self._data[path]

    def _read(self, path: Path) -> bytes:
        """Return a file's bytes. What was named may be a link to anywhere, no other may. Raises FileProblem."""
        if path in self.listing.explicit:
            return read_bytes(path)
        top = self.listing.inside.top_of(str(path))
        if top is None or ".git" in path.relative_to(top).parts:
            raise FileProblem(path, "it is outside of the project", leads_out=True)
        return read_bytes(path, top=top)

    def names(self, folder: Path) -> frozenset[str]:
        """Return the names in a folder that is inside; none where it is not, or cannot be read."""
        top = self.listing.inside.top_of(str(folder))
        return entries(folder, top) if top is not None else frozenset()

    def _matters(self, problem: FileProblem) -> bool:
        """Return whether a file that cannot be read is one that a person wrote, as far as the scan knows."""
        if problem.path in self.listing.explicit:
            return True
        if problem.leads_out:
            return False
        # What is not there was only named by another file: an `extends` of a configuration that a build writes.
        is_named_only = problem.missing and not self.exists(problem.path)
        # What is this large was not written by a person.
        return not problem.too_large and not is_named_only

    def _read_source(self, path: Path) -> Source | None:
        text = self.texts.get(path)
        # A text that stands in for a file keeps the file's encoding; one for a file that is not there has none.
        data = self._on_disk(path) if text is None or path in self.listing else b""
        if data is None:
            return None
        try:
            source = Source.from_bytes(path, data)
        except UnreadableSourceError as error:
            self.problems[path] = Problem(path, error.line, error.reason)
            return None
        return source if text is None else Source(path, text, encoding=source.encoding, bom=source.bom)

    def _parse(self, path: Path) -> Module | None:
        source = self.source(path)
        if source is None:
            return None
        try:
            self._count(source)
            return Module(source)
        except UnreadableSourceError as error:
            self._refuse(path, error)
            return None

    def _parse_web(self, path: Path) -> Document | None:
        from chatkit_doctor.web.document import Document
        from chatkit_doctor.web.parsing import beyond as beyond_web
        from chatkit_doctor.web.parsing import check_together as check_web

        source = self.source(path)
        if source is None:
            return None
        try:
            document = Document(source)
            self.room_taken += beyond_web(document.weight)
            self._weight = check_web(self._weight, document.weight)
        except UnreadableSourceError as error:
            self._refuse(path, error)
            return None
        return document

    def _refuse(self, path: Path, error: UnreadableSourceError) -> None:
        is_passing = isinstance(error, PassingError)
        self.problems[path] = Problem(path, error.line, error.reason, is_passing=is_passing)

    def _count(self, source: Source) -> None:
        """Count what a Python file says. Raises UnreadableSourceError where that is too much with what others say."""
        words = (words_in(source.text), len(source.text))
        self.room_taken += beyond(words)
        try:
            self._all_words = check_together(self._all_words, words)
        except PassingError:
            check_density(source.text)  # what is too much by itself is told so, whatever was read before
            raise
        self._words[source.path] = words
