"""The walk of a folder: which of its files can matter, and what could not be looked into. All in strings.

A path object costs more than looking at an entry, so that none is made here, and what is imported here loads in no
time: a folder without ChatKit is done with before anything else of the doctor is loaded.
"""

from __future__ import annotations

import os

from chatkit_doctor.project.files.inside import leads_out
from chatkit_doctor.project.files.kinds import is_left_out, is_tool_output, is_written_by_tools, kind_of
from chatkit_doctor.project.files.reading import FileProblem
from chatkit_doctor.project.files.upward import folders_up

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from chatkit_doctor.project.files.gitignore import Rules
    from chatkit_doctor.project.files.tracked import Tracked

# What says something about a whole folder: its settings, and that a repository is there.
MARKS = frozenset({"chatkit-doctor.toml", "pyproject.toml", ".git"})
# Names without which a folder is like the one around it, unless its own name says something.
_TELLING = MARKS | {".gitignore"}

# What the name of an entry alone tells: nothing comes of it, it is the walk's, or its path has to be asked.
_NO, _YES, _BY_PATH = range(3)


class _Held:
    """What holds in a folder.

    rules: its ignore files, from the nearest on; of_files: those of them that say something of files.
    repository: the one that it is in. is_ignored: whether it is ignored itself, so that only what git tracks counts.
    files, folders: what names of files and of folders tell wherever the same rules hold: most names are those of many.
    """

    __slots__ = ("files", "folders", "is_ignored", "of_files", "repository", "rules")

    def __init__(
        self,
        rules: tuple[Rules, ...],
        of_files: tuple[Rules, ...],
        repository: str | None,
        names: Sequence[dict[str, int]],
        *,
        is_ignored: bool = False,
    ) -> None:
        self.rules = rules
        self.of_files = of_files
        self.repository = repository
        self.files, self.folders = names
        self.is_ignored = is_ignored


class Walk:
    """One walk of a folder, made when it is asked for.

    Left out is what git ignores (.gitignore in the folder, below it, and above it up to the repository's top;
    .git/info/exclude) and does not track, and what no person writes in a project: dependencies, environments, caches,
    build output, minified files, hidden folders. None of that is held against the folder itself. Symbolic links to
    folders are not followed; a link to a file counts where its target is in the folder and not listed itself.

    root: the folder, absolute. exclude: more patterns in the form of .gitignore, relative to the folder; no `!` of a
    .gitignore undoes them.
    folders: each folder with files that can matter, with their names, in no order.
    marks: of the folders that were looked into, those that hold one of MARKS, with what they hold.
    entered: every folder that was looked into.
    problems: the folders and ignore files that could not be read.
    """

    def __init__(self, root: str, exclude: Sequence[str] = ()) -> None:
        self.root = root
        self.folders: list[tuple[str, list[str]]] = []
        self.marks: dict[str, frozenset[str]] = {}
        self.entered: set[str] = set()
        self.problems: list[FileProblem] = []
        self._excluded = self._rules(exclude) if exclude else None
        self._links: list[str] = []
        self._tracked: dict[str, Tracked] = {}
        # What names tell, by the rules that hold.
        self._known: dict[tuple[tuple[Rules, ...], bool, bool], dict[str, int]] = {}
        self._walk()
        if self._links:
            self._add_targets_of_links()

    def _rules(self, exclude: Sequence[str]) -> Rules:
        from chatkit_doctor.project.files.gitignore import Rules

        return Rules(_base(self.root), exclude)

    def _walk(self) -> None:
        # By path, so that a folder which is swapped for a link right now is listed; nothing in it will be opened.
        pending = [(self.root, self._held(self._rules_above(), self._repository_above()))]
        while pending:
            path, held = pending.pop()
            entries = self._entries(path)
            names = [entry.name for entry in entries]
            if path != self.root and is_tool_output(path[path.rfind(os.sep) + 1 :], names):
                continue
            self.entered.add(path)
            if not _TELLING.isdisjoint(names):
                held = self._told(path, frozenset(names), held)
            pending += self._look_into(path, entries, held)

    def _told(self, path: str, names: frozenset[str], held: _Held) -> _Held:
        """Note what a folder's names say, and return what holds in it."""
        if not MARKS.isdisjoint(names):
            self.marks[path] = MARKS & names
        rules = self._rules_in(path, held.rules) if ".gitignore" in names else held.rules
        repository = path if ".git" in names else held.repository
        is_as_above = rules is held.rules and repository == held.repository
        return held if is_as_above else self._held(rules, repository, is_ignored=held.is_ignored)

    def _held(self, rules: tuple[Rules, ...], repository: str | None, *, is_ignored: bool = False) -> _Held:
        of_files = tuple(each for each in rules if each.speaks_of(folders=False))
        of_names = [self._known.setdefault((*key, is_ignored), {}) for key in ((of_files, False), (rules, True))]
        return _Held(rules, of_files, repository, of_names, is_ignored=is_ignored)

    def _look_into(self, path: str, entries: list[os.DirEntry[str]], held: _Held) -> list[tuple[str, _Held]]:
        """Note the files of a folder that are the walk's, and return the folders in it that are looked into."""
        files, inner = [], []
        known = held.files
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if (below := self._held_in(entry, held)) is not None:
                    inner.append((entry.path, below))
                continue
            # Of a hundred thousand files each comes here.
            told = known.get(name)
            if told is None:
                told = known[name] = self._of_file(entry, held)
            if told and (told is _YES or not self._is_left_out(entry.path, held)):
                # A link to a file is put aside until all files are known.
                if entry.is_file(follow_symlinks=False):
                    files.append(name)
                elif entry.is_symlink():
                    self._links.append(entry.path)
        if files:
            self.folders.append((path, files))
        return inner

    def _held_in(self, entry: os.DirEntry[str], held: _Held) -> _Held | None:
        """Return what holds in a folder, None where it is not looked into."""
        told = held.folders.get(entry.name)
        if told is None:
            told = held.folders[entry.name] = self._of_folder(entry, held)
        return held if told is _YES else self._held_by_path(entry.path, held) if told else None

    def _of_file(self, entry: os.DirEntry[str], held: _Held) -> int:
        """Return what a file's name alone tells where some rules hold."""
        is_none = kind_of(entry.name) is None or is_written_by_tools(entry.name)
        return _NO if is_none else self._of_rules(entry, held, held.of_files, is_folder=False)

    def _of_folder(self, entry: os.DirEntry[str], held: _Held) -> int:
        """Return what a folder's name alone tells where some rules hold."""
        return _NO if is_left_out(entry.name) else self._of_rules(entry, held, held.rules, is_folder=True)

    def _of_rules(self, entry: os.DirEntry[str], held: _Held, rules: tuple[Rules, ...], *, is_folder: bool) -> int:
        if self._excluded is not None or held.is_ignored:
            return _BY_PATH
        # What is ignored may be tracked.
        goes_by_name = all(each.goes_by_name(entry.name, is_folder=is_folder) for each in rules)
        return _YES if goes_by_name and not is_ignored(entry.path, rules, is_folder=is_folder) else _BY_PATH

    def _held_by_path(self, path: str, held: _Held) -> _Held | None:
        if self._excluded is not None and self._excluded.verdict(path, is_folder=True):
            return None
        if not held.is_ignored and not is_ignored(path, held.rules, is_folder=True):
            return held
        is_tracked = self._is_tracked(path, held.repository, is_folder=True)
        return self._held(held.rules, held.repository, is_ignored=True) if is_tracked else None

    def _is_left_out(self, path: str, held: _Held) -> bool:
        if self._excluded is not None and self._excluded.verdict(path, is_folder=False):
            return True
        if not held.is_ignored and not is_ignored(path, held.of_files, is_folder=False):
            return False
        return not self._is_tracked(path, held.repository, is_folder=False)

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(path) as entries:
                return list(entries)
        except OSError as error:
            self.problems.append(FileProblem.from_os_error(path, error))
            return []

    def _is_tracked(self, path: str, repository: str | None, *, is_folder: bool) -> bool:
        """Return whether git tracks a file, or something in a folder."""
        if repository is None:
            return False
        if repository not in self._tracked:
            from chatkit_doctor.project.files.tracked import Tracked  # many a tree has nothing that is ignored

            self._tracked[repository] = Tracked(repository)
        return self._tracked[repository].holds(path, is_folder=is_folder)

    def _rules_in(self, folder: str, outer: tuple[Rules, ...], name: str = ".gitignore") -> tuple[Rules, ...]:
        path = os.path.join(folder, name)
        # Git follows no link to rules either.
        if not os.path.isfile(path) or os.path.islink(path):
            return outer
        from chatkit_doctor.project.files.gitignore import Rules  # many a folder has no such file

        try:
            rules = Rules.read(path, _base(folder))
        except FileProblem as problem:
            self.problems.append(problem)
            return outer
        return (rules, *outer) if rules else outer

    def _rules_above(self) -> tuple[Rules, ...]:
        """Return the rules from the repository's top down to the root; none where they ignore the root itself."""
        above = list(folders_up(self.root))
        top = _repository(above)
        if top is None:
            return ()
        rules = self._rules_in(above[top], (), ".git/info/exclude")
        for index in range(top, 0, -1):
            rules = self._rules_in(above[index], rules)
            if rules and is_ignored(above[index - 1], rules, is_folder=True):
                return ()
        return rules

    def _repository_above(self) -> str | None:
        """Return the top of the repository that the root lies in."""
        above = list(folders_up(self.root))
        top = _repository(above)
        return None if top is None else above[top]

    def _add_targets_of_links(self) -> None:
        """Add the links to files in the root that are not listed by themselves, one for each target."""
        real_base = _base(os.path.realpath(self.root))
        length = len(_base(self.root))
        taken = {real_base + os.path.join(folder, name)[length:] for folder, names in self.folders for name in names}
        for link in sorted(self._links):
            target = os.path.realpath(link)
            is_file = target not in taken and os.path.isfile(target)
            if is_file and target.startswith(real_base) and not leads_out(self.root, link):
                taken.add(target)
                self.folders.append((os.path.dirname(link), [os.path.basename(link)]))


def is_ignored(path: str, rules: tuple[Rules, ...], *, is_folder: bool) -> bool:
    """Return whether an entry is ignored by rule files given from the nearest to the farthest."""
    for each in rules:
        verdict = each.verdict(path, is_folder=is_folder)
        if verdict is not None:
            return verdict
    return False


def _repository(folders: list[str]) -> int | None:
    """Return which of the folders, from the innermost, is the top of a repository."""
    return next((index for index, each in enumerate(folders) if os.path.exists(_base(each) + ".git")), None)


def _base(folder: str) -> str:
    return os.path.join(folder, "")
