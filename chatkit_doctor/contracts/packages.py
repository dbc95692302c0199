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
