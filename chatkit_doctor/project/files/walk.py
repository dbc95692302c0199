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

    # What holds in a folder: its ignore files from the nearest on, those of them that say something of files, the
    # repository, and whether it is ignored itself, so that of what is in it only what git tracks counts.
    _Rules = tuple[tuple[Rules, ...], tuple[Rules, ...], str | None, bool]

# What says something about a whole folder: its settings, and that a repository is there.
MARKS = frozenset({"chatkit-doctor.toml", "pyproject.toml", ".git"})


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
        self._walk()
        if self._links:
            self._add_targets_of_links()

    def _rules(self, exclude: Sequence[str]) -> Rules:
        from chatkit_doctor.project.files.gitignore import Rules

        return Rules(_base(self.root), exclude)

    def _walk(self) -> None:
        # By path, so that a folder which is swapped for a link right now is listed; nothing in it will be opened.
        above = self._rules_above()
        pending: list[tuple[str, _Rules]] = [(self.root, (above, _of_files(above), self._repository_above(), False))]
        while pending:
            path, rules = pending.pop()
            entries = self._entries(path)
            names = {entry.name for entry in entries}
            if path != self.root and is_tool_output(os.path.basename(path), names):
                continue
            self.entered.add(path)
            if not MARKS.isdisjoint(names):
                self.marks[path] = MARKS & names
            if ".gitignore" in names:
                here = self._rules_in(path, rules[0])
                rules = (here, _of_files(here), *rules[2:])
            if ".git" in names:
                rules = (*rules[:2], path, rules[3])
            pending += self._look_into(path, entries, rules)

    def _look_into(self, path: str, entries: list[os.DirEntry[str]], rules: _Rules) -> list[tuple[str, _Rules]]:
        """Note the files of a folder that are the walk's, and return the folders in it that are looked into."""
        files, inner = [], []
        has_plain_rules = not rules[1] and not rules[3] and self._excluded is None
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if not is_left_out(name) and (below := self._rules_below(entry.path, rules)) is not None:
                    inner.append((entry.path, below))
            # Of a hundred thousand files each comes here.
            elif (
                kind_of(name) is not None
                and not is_written_by_tools(name)
                and (has_plain_rules or not self._is_left_out(entry.path, rules))
                and self._is_file(entry)
            ):
                files.append(name)
        if files:
            self.folders.append((path, files))
        return inner

    def _rules_below(self, path: str, rules: _Rules) -> _Rules | None:
        """Return what holds in a folder, None where it is not looked into."""
        if self._excluded is not None and self._excluded.verdict(path, is_folder=True):
            return None
        files, of_files, repository, ignored = rules
        if not ignored and not (files and is_ignored(path, files, is_folder=True)):
            return rules
        return (files, of_files, repository, True) if self._is_tracked(path, repository, is_folder=True) else None

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        """Return whether an entry is a file; a link to one is put aside until all files are known."""
        if entry.is_symlink():
            self._links.append(entry.path)
            return False
        return entry.is_file()

    def _entries(self, path: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(path) as entries:
                return list(entries)
        except OSError as error:
            self.problems.append(FileProblem.from_os_error(path, error))
            return []

    def _is_left_out(self, path: str, rules: _Rules) -> bool:
        if self._excluded is not None and self._excluded.verdict(path, is_folder=False):
            return True
        _, of_files, repository, ignored = rules
        if not ignored and not (of_files and is_ignored(path, of_files, is_folder=False)):
            return False
        return not self._is_tracked(path, repository, is_folder=False)

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


def _of_files(rules: tuple[Rules, ...]) -> tuple[Rules, ...]:
    """Return those of some ignore files that say something of files, and not of folders alone."""
    return tuple(each for each in rules if each.speaks_of(folders=False))


def _repository(folders: list[str]) -> int | None:
    """Return which of the folders, from the innermost, is the top of a repository."""
    return next((index for index, each in enumerate(folders) if os.path.exists(_base(each) + ".git")), None)


def _base(folder: str) -> str:
    return os.path.join(folder, "")
