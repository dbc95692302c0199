"""What people write by mistake for something of ChatKit, and what they meant."""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.data_files import built, kept
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable


class Remedy(StrEnum):
    """What mends a use of a name that never existed.

    REPLACE: write the replacement. DROP: leave it out of a union with other members, else write `Any`; then
    it leaves the import. NONE: no edit can be right.
    """

    REPLACE = "replace"
    DROP = "drop"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Meant:
    """What a wrong name stood for.

    replacement: dotted, for REPLACE only. instead: what to do, in the imperative, for people.
    """

    remedy: Remedy
    replacement: str | None
    instead: str
    source: str


@cache
def meant_module(dotted: str) -> str | None:
    """Return the module that a wrong dotted module name stands for, or None where nobody knows.

    `chatkit.stores` is `chatkit.store`, `openai_chatkit.models` is `chatkit.types`. A module that some release
    has is no mistake.
    """
    known = built("python_names")["modules"]
    corrected = _modules().get(dotted) or corrected_root(dotted)
    corrected = _modules().get(corrected or "", corrected)
    return corrected if corrected != dotted and corrected in known else None


def corrected_root(dotted: str) -> str | None:
    """Return a dotted name with the right top-level package, or None where it is not ChatKit's."""
    root, dot, rest = dotted.partition(".")
    package = "chatkit" if root == "chatkit" else _modules().get(root)
    return f"{package}{dot}{rest}" if package else None


def meant_name(module: str, name: str) -> Meant | None:
    """Return what a name that a module never had stands for, or None where nobody knows."""
    names = _names()
    return names.get((module, name)) or names.get(("*", name))


def mistaken_names() -> frozenset[str]:
    """Return the names that people look for and that no module of any release has."""
    return frozenset(name for _, name in _names())


@cache
def sdk_roots() -> frozenset[str]:
    """Return the top-level names of ChatKit's modules, the right one and those that people take for it."""
    return frozenset({"chatkit", *(each.partition(".")[0] for each in _modules())})


@cache
def _modules() -> dict[str, str]:
    return {entry["written"]: entry["meant"] for entry in kept("mistakes")["module"]}


@cache
def _names() -> dict[tuple[str, str], Meant]:
    return {
        (module, entry["written"]): Meant(
            Remedy(entry["remedy"]), entry.get("replacement"), entry["instead"], entry["source"]
        )
        for entry in kept("mistakes")["name"]
        for module in entry["modules"]
    }


@dataclass(frozen=True, slots=True)
class MeantField:
    """The field that a keyword stood for.

    field: None where the model has nothing of the kind, so that the keyword is to go.
    rank: which keyword is taken where two stand for one field: the lower one.
    often_no_text: whether the field takes a text, and what people pass is often something else.
    model, argument, fixed: where the field takes another model (dotted), the argument of it that the value is, and
        the texts of the others.
    """

    field: str | None
    rank: int
    often_no_text: bool = False
    model: str | None = None
    argument: str = ""
    fixed: tuple[tuple[str, str], ...] = ()


def meant_field(model: str, keyword: str) -> MeantField | None:
    """Return the field that a keyword of a model, by its own dotted name, stood for, or None where nobody knows."""
    return _fields().get((model, keyword))


def meant_value(written: object, allowed: Iterable[object]) -> object | None:
    """Return the one allowed value that a written one stood for, or None where nobody knows or several fit."""
    candidates = list(allowed)
    found = {
        meant
        for entry in kept("mistakes")["value"]
        if written in entry["written"]
        for meant in entry["meant"]
        if meant in candidates
    }
    return found.pop() if len(found) == 1 else None


def loses_what_matters(model: str) -> bool:
    """Return whether a keyword that a model drops breaks the app."""
    return any(entry["model"] == model for entry in kept("mistakes")["breaking"])


@cache
def _fields() -> dict[tuple[str, str], MeantField]:
    return {
        (model, written): MeantField(
            entry.get("meant"),
            rank,
            entry.get("often_no_text", False),
            entry.get("model"),
            entry.get("argument", ""),
            tuple(entry.get("fixed", {}).items()),
        )
        for entry in kept("mistakes")["field"]
        for rank, written in enumerate(entry["written"])
        for model in entry["models"]
    }


def drop_in(deprecated: str) -> str | None:
    """Return the name of the method that took the place of a deprecated one, given by its dotted name."""
    found = (entry["instead"] for entry in kept("mistakes")["drop_in"] if entry["deprecated"] == deprecated)
    return next(found, None)


def meant_kind(written: str) -> str | None:
    """Return the kind of item that the Store knows and that a wrong one stood for, or None where nobody knows."""
    return next((each["meant"] for each in kept("mistakes")["kind"] if written in each["written"]), None)
