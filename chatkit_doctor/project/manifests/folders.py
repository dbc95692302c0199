"""The manifests of folders, found, read by their readers and kept, each at most once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from pathlib import Path

from chatkit_doctor.budget import unbroken
from chatkit_doctor.project.files.reading import entries
from chatkit_doctor.project.manifests import kinds
from chatkit_doctor.project.manifests.installed import Environment, environment_beside
from chatkit_doctor.project.manifests.json_files import load_json, read_json
from chatkit_doctor.project.manifests.model import Ecosystem, Item, Lock, ManifestError, Purpose, Requirement, Syntax
from chatkit_doctor.project.manifests.npm.bun_lock import read_bun_lock
from chatkit_doctor.project.manifests.npm.npm_lock import read_npm_lock
from chatkit_doctor.project.manifests.npm.package_json import read_package_json, workspaces
from chatkit_doctor.project.manifests.npm.pnpm_lock import read_pnpm_lock
from chatkit_doctor.project.manifests.npm.yarn_lock import read_yarn_lock
from chatkit_doctor.project.manifests.python.locks import read_pipfile_lock, read_toml_lock
from chatkit_doctor.project.manifests.python.poetry import read_table
from chatkit_doctor.project.manifests.python.pyproject import read_pyproject
from chatkit_doctor.project.manifests.python.requirements_txt import read_requirements
from chatkit_doctor.project.manifests.python.setup_cfg import read_setup_cfg
from chatkit_doctor.project.manifests.spans import PlacedValues
from chatkit_doctor.project.manifests.toml_files import read_toml
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Source, UnreadableSourceError

_PACKAGE = "package.json"
# In one manifest and what it includes: ten times what the largest of real ones asks for.
_MOST_ITEMS = 5_000
Read = Callable[[Path], Source | None]
NamesIn = Callable[[Path], Collection[str]]


@dataclass(frozen=True, slots=True)
class Declared:
    """What one manifest, with the files that it includes, asks for."""

    path: Path
    requirements: tuple[Requirement, ...]

    @property
    def ecosystem(self) -> Ecosystem:
        """Return whose packages it asks for."""
        return Ecosystem.NODE if self.path.name == _PACKAGE else Ecosystem.PYTHON


class Folders:
    """The manifests of any folder.

    read: returns a file that exists, None (having said so elsewhere) where it cannot be had.
    names: returns the names of the files in a folder; by default, what is on disk.
    """

    def __init__(self, read: Read, names: NamesIn = entries) -> None:
        self._read = read
        self._list = names
        self._names: dict[Path, Collection[str]] = {}
        self._declared: dict[tuple[Path, Ecosystem], tuple[Declared, ...]] = {}
        self._locks: dict[tuple[Path, Ecosystem], tuple[Lock, ...]] = {}
        self._environments: dict[Path, Environment | None] = {}
        self._node_versions: dict[Path, str | None] = {}
        self._placed: dict[Source, PlacedValues] = {}
        self._errors: dict[tuple[Path, int, str], ManifestError] = {}

    @property
    def errors(self) -> tuple[ManifestError, ...]:
        """Return what was wrong with the manifests read so far, each once, in the order found."""
        return tuple(self._errors.values())

    def declared(self, folder: Path, ecosystem: Ecosystem) -> tuple[Declared, ...]:
        """Return what each manifest of a folder asks for, the most telling manifest first."""
        key = (folder, ecosystem)
        if key not in self._declared:
            with unbroken:
                found = [(path, self._collect(path, items)) for path, items in self._manifests(folder, ecosystem)]
            self._declared[key] = tuple(Declared(path, requirements) for path, requirements in found if requirements)
        return self._declared[key]

    def locks(self, folder: Path, ecosystem: Ecosystem) -> tuple[Lock, ...]:
        """Return the lock files of a folder that can be read."""
        key = (folder, ecosystem)
        if key not in self._locks:
            names = kinds.PYTHON_LOCKS if ecosystem is Ecosystem.PYTHON else kinds.NODE_LOCKS
            with unbroken:
                locks = [self._lock(folder / name) for name in names if name in self._names_in(folder)]
            self._locks[key] = tuple(lock for lock in locks if lock is not None)
        return self._locks[key]

    def workspaces(self, folder: Path) -> tuple[str, ...]:
        """Return the patterns of the workspaces that a folder's package.json declares."""
        source = self._open(folder / _PACKAGE)
        try:
            return workspaces(self._package(source)) if source else ()
        except ManifestError as error:
            self._note(error)
            return ()

    def environment(self, folder: Path) -> Environment | None:
        """Return the virtual environment in a folder."""
        if folder not in self._environments:
            self._environments[folder] = environment_beside(folder, self._list)
        return self._environments[folder]

    def node_module(self, folder: Path, package: str) -> tuple[Path, str] | None:
        """Return the package.json of a package in a folder's node_modules, and the version it tells."""
        path = folder / "node_modules" / package / _PACKAGE
        if path not in self._node_versions:
            self._node_versions[path] = self._node_version(path)
        version = self._node_versions[path]
        return (path, version) if version is not None else None

    def _package(self, source: Source) -> PlacedValues:
        """Return what a package.json holds. Raises ManifestError."""
        if source not in self._placed:
            self._placed[source] = read_json(source)
        return self._placed[source]

    def _node_version(self, path: Path) -> str | None:
        # Listings leave node_modules out, so this one is looked up on disk.
        if path.name not in self._list(path.parent):
            return None
        try:
            source = self._read(path)
            version = load_json(source).get("version") if source else None
        except (ManifestError, UnreadableSourceError):
            return None
        return version if isinstance(version, str) else None

    def _manifests(
        self, folder: Path, ecosystem: Ecosystem
    ) -> Iterator[tuple[Path, Callable[[Source], Iterator[Item]]]]:
        """Yield the manifests of a folder with the readers that they need."""
        names = self._names_in(folder)
        if ecosystem is Ecosystem.NODE:
            if _PACKAGE in names:
                yield folder / _PACKAGE, lambda source: read_package_json(self._package(source))
            return
        for name, reader in _PYTHON_READERS.items():
            if name in names:
                yield folder / name, reader
        read_txt = partial(read_requirements, open_file=self._open)
        for name in kinds.requirements_files(names):
            yield folder / name, read_txt
        if kinds.REQUIREMENTS_FOLDER in self._list(folder):
            split = folder / kinds.REQUIREMENTS_FOLDER
            for name in sorted(self._names_in(split)):
                if name.endswith((".txt", ".in")):
                    yield split / name, read_txt

    def _collect(self, path: Path, reader: Callable[[Source], Iterator[Item]]) -> tuple[Requirement, ...]:
        source = self._open(path)
        found: list[Requirement] = []
        try:
            for number, item in enumerate(reader(source) if source else ()):
                if number == _MOST_ITEMS:
                    raise ManifestError(path, 1, f"it asks for more than {_MOST_ITEMS:,} packages, too many to take in")
                if isinstance(item, ManifestError):
                    self._note(item)
                else:
                    found.append(item)
        except ManifestError as error:
            self._note(error)
        return tuple(found)

    def _lock(self, path: Path) -> Lock | None:
        source = self._open(path)
        try:
            return _LOCK_READERS[path.name](source) if source else None
        except ManifestError as error:
            self._note(error)
            return None

    def _open(self, path: Path) -> Source | None:
        if path.name not in self._names_in(path.parent):
            return None
        try:
            return self._read(path)
        except UnreadableSourceError as error:
            self._note(ManifestError(path, error.line, error.reason))
            return None

    def _names_in(self, folder: Path) -> Collection[str]:
        if folder not in self._names:
            self._names[folder] = self._list(folder)
        return self._names[folder]

    def _note(self, error: ManifestError) -> None:
        self._errors.setdefault((error.path, error.line, error.reason), error)


def _read_pipfile(source: Source) -> Iterator[Item]:
    document = read_toml(source)
    yield from read_table(document, ("packages",), Purpose.MAIN, Syntax.PEP440)
    yield from read_table(document, ("dev-packages",), Purpose.OPTIONAL, Syntax.PEP440)


_PYTHON_READERS: dict[str, Callable[[Source], Iterator[Item]]] = {
    "pyproject.toml": lambda source: read_pyproject(read_toml(source)),
    "Pipfile": _read_pipfile,
    "setup.cfg": read_setup_cfg,
}
_LOCK_READERS: dict[str, Callable[[Source], Lock]] = {
    "uv.lock": read_toml_lock,
    "poetry.lock": read_toml_lock,
    "pdm.lock": read_toml_lock,
    "Pipfile.lock": read_pipfile_lock,
    "package-lock.json": read_npm_lock,
    "npm-shrinkwrap.json": read_npm_lock,
    "pnpm-lock.yaml": read_pnpm_lock,
    "yarn.lock": read_yarn_lock,
    "bun.lock": read_bun_lock,
}
