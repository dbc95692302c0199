"""What is known of packages besides their releases: what people take for them, and releases that lead nowhere."""

from __future__ import annotations

from functools import cache

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class MistakenPackage:
    """A package that people write for another.

    meant: the one they want. truth: what the written one is, a clause whose subject it is. is_absent: whether there is
    no such package.
    """

    written: str
    meant: str
    truth: str
    is_absent: bool


def mistaken_package(ecosystem: str, written: str) -> MistakenPackage | None:
    """Return what a package name in a manifest was written for, None where it may well be meant."""
    return _mistaken().get((ecosystem, written))


@cache
def _mistaken() -> dict[tuple[str, str], MistakenPackage]:
    return {
        (each["ecosystem"], each["written"]): MistakenPackage(
            each["written"], each["meant"], each["truth"], each.get("absent", False)
        )
        for each in kept("packages")["mistaken"]
    }


def mistaken_names(ecosystem: str) -> frozenset[str]:
    """Return the packages of an ecosystem that people write for another."""
    return frozenset(written for kind, written in _mistaken() if kind == ecosystem)


def is_frozen(package: str, release: str) -> bool:
    """Return whether a release is one that a range has to leave behind to ever get a newer one."""
    return any(each["package"] == package and each["release"] == release for each in kept("packages")["frozen"])


def own_requirement(distribution: str, module: str) -> tuple[str, str]:
    """Return what an import of a distribution's module needs, and the extra that asks for it, "" for none."""
    for each in kept("packages")["extra"]:
        if module in each["modules"]:
            return each["distribution"], each["extra"]
    return distribution, ""


def brought_by(package: str) -> frozenset[str]:
    """Return the npm packages that one comes with, itself among them."""
    return frozenset({package, *(each["by"] for each in kept("packages")["brings"] if each["package"] == package)})


@dataclass(frozen=True, slots=True)
class IncompatiblePair:
    """Two packages that cannot work together. See `packages.toml` for what its fields are."""

    package: str
    until: str
    fixed: str
    other: str
    since: str
    taken: str
    line: str


@cache
def incompatible_pairs() -> tuple[IncompatiblePair, ...]:
    """Return the pairs of releases that cannot work together."""
    names = ("package", "until", "fixed", "other", "since", "taken", "line")
    return tuple(IncompatiblePair(*(each[name] for name in names)) for each in kept("packages")["incompatible"])


@dataclass(frozen=True, slots=True)
class GoneModule:
    """A module that a release of its package took away. See `packages.toml` for what its fields are."""

    module: str
    package: str
    since: str
    brought_by: str
    brought_since: str
    bounded_by: frozenset[str]
    line: str


@cache
def gone_modules() -> tuple[GoneModule, ...]:
    """Return the modules that a release of their package took away."""
    return tuple(
        GoneModule(
            each["module"],
            each["package"],
            each["since"],
            each["brought_by"],
            each["brought_since"],
            frozenset(each["bounded_by"]),
            each["line"],
        )
        for each in kept("packages")["gone"]
    )
