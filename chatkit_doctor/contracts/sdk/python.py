"""What a release of openai-chatkit offers: modules, names, classes, functions, models and types.

Ask `python_contract(version)` for one release, `history` for all of them. Dotted names are those of the
imported package: `chatkit.store.Store`.
"""

from __future__ import annotations

import types
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, Literal, cast

from chatkit_doctor.contracts import mistakes
from chatkit_doctor.contracts.data_files import built
from chatkit_doctor.contracts.published import (
    CHATKIT,
    Availability,
    availability,
    resolve_release,
    table_at,
)
from chatkit_doctor.contracts.sdk.callables import CallableContract, ClassContract, read_callable
from chatkit_doctor.contracts.sdk.models import ModelContract, Type, UnionContract, read_model
from chatkit_doctor.contracts.sdk.signatures import annotation_names
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "chatkit"

# What any imported module answers to, though no release's table lists it.
_MODULE_ATTRIBUTES = frozenset(dir(types.ModuleType(PACKAGE))) | {"__builtins__", "__cached__", "__file__"}


# So many dotted names are more than any project has of ChatKit's.
_MOST_KEPT = 10_000

NameKind = Literal["class", "function", "type", "value", "module", "external"]


@dataclass(frozen=True, slots=True)
class Name:
    """One importable name: what it is, and the dotted name of where it is defined.

    kind: a value may be a type variable, a constant or an object; external is anything of another package.
    """

    kind: NameKind
    origin: str


@cache
def python_contract(version: str | None = None) -> PythonContract:
    """Return what a version offers, judged by the nearest known release; None is the newest."""
    return PythonContract(resolve_release(CHATKIT, version)[0])


def history(module: str, name: str | None = None) -> Availability | None:
    """Return since and until when a module, or a name of it, exists in any release."""
    if name is None:
        return availability(built("python_names")["modules"].get(module, ()))
    return availability(built("python_names")["names"].get(module, {}).get(name, ()))


class PythonContract:
    """One release. `version` is the known release that answers."""

    def __init__(self, version: str) -> None:
        self.version = version
        self._canonical: dict[str, str | None] = {}

    def __repr__(self) -> str:
        return f"PythonContract({self.version!r})"

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Return the dotted names of all importable modules, sorted."""
        return tuple(_table("python_names", "modules", self.version))

    def has_module(self, dotted: str) -> bool:
        """Return whether `import dotted` works."""
        return dotted in self.modules

    @cached_property
    def _names(self) -> dict[str, dict[str, Name]]:
        facts = {module: _members("python_names", "names", module, self.version) for module in self.modules}
        return {module: {name: _read_name(fact) for name, fact in facts[module].items()} for module in facts}

    def names(self, module: str) -> tuple[str, ...]:
        """Return what can be imported from a module, re-exports and submodules too, sorted."""
        return tuple(self._names.get(module, ()))

    def own_names(self, module: str) -> tuple[str, ...]:
        """Return the public names of a module that are ChatKit's, not those that it imports of other packages."""
        known = self._names.get(module, {})
        return tuple(name for name, each in known.items() if each.kind != "external" and not name.startswith("_"))

    def has_name(self, module: str, name: str) -> bool:
        """Return whether `from module import name` works."""
        return name in self._names.get(module, ()) or (module in self._names and name in _MODULE_ATTRIBUTES)

    def name(self, module: str, name: str) -> Name | None:
        """Return what a name of a module is."""
        return self._names.get(module, {}).get(name)

    def where(self, name: str) -> tuple[str, ...]:
        """Return the modules that have a name of the SDK's own, the one that defines it first."""
        found = [module for module in self.modules if self._is_own(self.name(module, name))]
        return tuple(sorted(found, key=lambda module: (not self._defines(module, name), module)))

    def _is_own(self, name: Name | None) -> bool:
        return name is not None and name.kind != "external"

    def _defines(self, module: str, name: str) -> bool:
        found = self.name(module, name)
        return found is not None and found.origin.rpartition(".")[0] == module

    def canonical(self, dotted: str) -> str | None:
        """Return the dotted name of where something is defined, or None for what the SDK does not have.

        Follows re-exports (also out of the SDK: `chatkit.types.Any` is `typing.Any`) and the known mistakes:
        `chatkit.server.Store`, `chatkit.stores.Store` and `openai_chatkit.Store` are `chatkit.store.Store`.
        """
        if dotted not in self._canonical:
            # What machines make up names for without end is not kept.
            if len(self._canonical) > _MOST_KEPT:
                self._canonical.clear()
            self._canonical[dotted] = self._find(dotted)
        return self._canonical[dotted]

    def _find(self, dotted: str) -> str | None:
        written = mistakes.corrected_root(dotted)
        if written is None:
            return None
        if self.has_module(written):
            return written
        module, _, name = written.rpartition(".")
        if found := self.name(module, name):
            return found.origin
        return self._meant(module, name) or self._meant_module(written)

    def _meant_module(self, dotted: str) -> str | None:
        meant = mistakes.meant_module(dotted)
        return meant if meant and self.has_module(meant) else None

    def _meant(self, module: str, name: str) -> str | None:
        if (meant := mistakes.meant_name(module, name)) and meant.replacement:
            return meant.replacement
        if module.partition(".")[0] != PACKAGE:
            return None
        corrected = mistakes.meant_module(module) or module
        if found := self.name(corrected, name):
            return found.origin
        homes = [home for home in self.where(name) if self._defines(home, name)]
        return f"{homes[0]}.{name}" if len(homes) == 1 else None

    @property
    def classes(self) -> tuple[str, ...]:
        """Return the dotted names of all classes that the SDK defines, sorted."""
        return tuple(_table("python_classes", "classes", self.version))

    def class_(self, dotted: str) -> ClassContract | None:
        """Return a class by any dotted name that `canonical` understands."""
        return _class(self.canonical(dotted) or "", self.version)

    def function(self, dotted: str) -> CallableContract | None:
        """Return a function by any dotted name that `canonical` understands."""
        origin = self.canonical(dotted) or ""
        fact = _table("python_classes", "functions", self.version).get(origin)
        module, _, name = origin.rpartition(".")
        return read_callable(name, module, module, fact) if fact else None

    def model(self, dotted: str) -> ModelContract | None:
        """Return a pydantic model or TypedDict by any dotted name that `canonical` understands."""
        return _model(self.canonical(dotted) or "", self.version)

    @property
    def models(self) -> tuple[str, ...]:
        """Return the dotted names of all models and TypedDicts, sorted."""
        return tuple(_table("python_models", "models", self.version))

    def type_(self, dotted: str) -> Type | None:
        """Return what a named type or an enum stands for, as data; a name for another named type is followed."""
        found: Type | None = _table("python_models", "types", self.version).get(self.canonical(dotted) or "")
        if found is None or isinstance(found, str) or "alias" not in found:
            return found
        return self.type_(found["alias"])

    def union(self, dotted: str) -> UnionContract | None:
        """Return a named union, such as `chatkit.types.ThreadItem`."""
        found = self.type_(dotted)
        if found is None or isinstance(found, str) or "union" not in found:
            return None
        return UnionContract(self.canonical(dotted) or dotted, tuple(found["union"]), found.get("discriminator"))

    def annotation_imports(self, method: CallableContract) -> tuple[tuple[str, str], ...]:
        """Return `(module, name)` for every name the annotations of a method need imported, sorted.

        Built-in names and the type parameters of the owner are not among them.
        """
        return tuple(sorted(self._annotation_imports(method)))

    def _annotation_imports(self, method: CallableContract) -> Iterator[tuple[str, str]]:
        owner = _class(method.owner, self.version)
        for name in annotation_names(method):
            found = self.name(method.module, name)
            if found and not (owner and name in owner.type_parameters):
                module, _, own_name = found.origin.rpartition(".")
                yield module, own_name


def _read_name(fact: str) -> Name:
    kind, _, origin = fact.partition(" ")
    return Name(cast("NameKind", kind), origin)


@cache
def _table(file: str, section: str, release: str) -> dict[str, Any]:
    return table_at(CHATKIT, built(file)[section], release)


@cache
def _members(file: str, section: str, owner: str, release: str) -> dict[str, Any]:
    return table_at(CHATKIT, built(file)[section].get(owner, {}), release)


@cache
def _class(name: str, release: str) -> ClassContract | None:
    fact = _table("python_classes", "classes", release).get(name)
    if fact is None:
        return None
    return ClassContract(
        name=name,
        bases=tuple(fact["bases"]),
        abstract_methods=tuple(fact.get("abstract", ())),
        methods=types.MappingProxyType(_methods(name, fact["bases"], release)),
        type_parameters=tuple(fact.get("parameters", ())),
        deprecated=fact.get("deprecated"),
    )


def _methods(name: str, bases: list[str], release: str) -> dict[str, CallableContract]:
    methods: dict[str, CallableContract] = {}
    for base in reversed(bases):
        inherited = _class(base, release)
        methods |= inherited.methods if inherited else {}
    module = name.rpartition(".")[0]
    own = _members("python_classes", "methods", name, release)
    return methods | {method: read_callable(method, name, module, fact) for method, fact in own.items()}


@cache
def _model(name: str, release: str) -> ModelContract | None:
    fact = _table("python_models", "models", release).get(name)
    return read_model(name, fact, _members("python_models", "fields", name, release)) if fact else None
