from __future__ import annotations

import pytest

from chatkit_doctor.project.manifests.model import Ecosystem, Purpose, Requirement, Syntax
from chatkit_doctor.project.versions.resolution import choose
from tests.manifests.making import source

RELEASES = ("0.0.2", "1.0.0", "1.3.1", "1.4.0", "1.4.1", "1.4.2rc1", "1.5.0")
NPM_RELEASES = ("0.0.0", "1.1.1", "1.3.0", "1.4.3", "1.5.0", "1.4.9-beta.1")


def need(
    specifier: str,
    syntax: Syntax = Syntax.PEP440,
    scope: Purpose = Purpose.MAIN,
    *,
    conditional: bool = False,
    url: str = "",
) -> Requirement:
    at = source("requirements.txt", specifier).location(0, len(specifier))
    return Requirement(
        "openai-chatkit", specifier, at, at, at, syntax=syntax, scope=scope, conditional=conditional, url=url
    )


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        ("", "1.5.0"),
        ("*", "1.5.0"),
        (">=1.4", "1.5.0"),
        ("<=1.4.0", "1.4.0"),
        ("~=1.4.0", "1.4.1"),
        ("==1.4.*", "1.4.1"),
        ("!=1.5.0,>1", "1.4.1"),
        (">=1.4.2rc1,<1.5", "1.4.2rc1"),
    ],
)
def test_the_newest_release_of_a_range(specifier: str, version: str) -> None:
    choice = choose([need(specifier)], RELEASES, Ecosystem.PYTHON)
    assert (choice.version, choice.is_pin) == (version, False)


@pytest.mark.parametrize(
    ("specifier", "version"),
    [
        ("^1.3", "1.5.0"),
        ("~1.4", "1.4.1"),
        ("^0", "0.0.2"),
        ("1.3.1 || ^9", "1.3.1"),
        (">=1,<1.4", "1.3.1"),
        ("1.4.*", "1.4.1"),
        ("*", "1.5.0"),
    ],
)
def test_poetry_constraints(specifier: str, version: str) -> None:
    assert choose([need(specifier, Syntax.POETRY)], RELEASES, Ecosystem.PYTHON).version == version


@pytest.mark.parametrize(
    ("specifier", "version"), [("^1.3.0", "1.5.0"), ("^0", "0.0.0"), ("latest", "1.5.0"), ("1.4.x", "1.4.3")]
)
def test_npm_ranges(specifier: str, version: str) -> None:
    assert choose([need(specifier, Syntax.NPM)], NPM_RELEASES, Ecosystem.NODE).version == version


@pytest.mark.parametrize(
    ("specifier", "syntax", "version"),
    [
        ("==1.4.0", Syntax.PEP440, "1.4.0"),
        ("===1.4.0", Syntax.PEP440, "1.4.0"),
        ("1.4.0", Syntax.POETRY, "1.4.0"),
        ("==1.9.0", Syntax.PEP440, "1.9.0"),
    ],
)
def test_pins(specifier: str, syntax: Syntax, version: str) -> None:
    choice = choose([need(specifier, syntax)], RELEASES, Ecosystem.PYTHON)
    assert (choice.version, choice.is_pin) == (version, True)


def test_constraints_bound_what_is_required() -> None:
    choice = choose([need(">=1"), need("<1.4", scope=Purpose.CONSTRAINT)], RELEASES, Ecosystem.PYTHON)
    assert choice.version == "1.3.1"


def test_what_holds_under_conditions_is_taken_apart() -> None:
    choice = choose([need("==1.3.1", conditional=True), need("==1.4.0", conditional=True)], RELEASES, Ecosystem.PYTHON)
    assert choice.version == "1.4.0"


def test_an_extra_does_not_bound_what_always_holds() -> None:
    assert choose([need(">=1"), need("==1.0.0", scope=Purpose.OPTIONAL)], RELEASES, Ecosystem.PYTHON).version == "1.5.0"


@pytest.mark.parametrize(
    ("specifier", "syntax", "releases"),
    [
        ("==0.3.0", Syntax.PEP440, RELEASES),
        ("~=0.5.0", Syntax.PEP440, RELEASES),
        ("<0.0.1", Syntax.PEP440, RELEASES),
        ("^0.1.1", Syntax.NPM, NPM_RELEASES),
        ("^0.1", Syntax.POETRY, RELEASES),
    ],
)
def test_what_no_release_can_satisfy(specifier: str, syntax: Syntax, releases: tuple[str, ...]) -> None:
    ecosystem = Ecosystem.NODE if syntax is Syntax.NPM else Ecosystem.PYTHON
    choice = choose([need(specifier, syntax)], releases, ecosystem)
    assert (choice.version, choice.is_impossible) == (None, True)
    assert choice.reason == f"no release satisfies {specifier}; the newest known is 1.5.0"


@pytest.mark.parametrize(
    ("requirement", "reason"),
    [
        (need(">=2"), "no release satisfies >=2; the newest known is 1.5.0"),
        (need("^2.1", Syntax.POETRY), "no release satisfies ^2.1; the newest known is 1.5.0"),
        (need("", url="git+https://git.example/a.git"), "it comes from git+https://git.example/a.git"),
        (need("one.two", Syntax.POETRY), "its specifier cannot be read"),
    ],
)
def test_what_cannot_be_told_is_not_called_impossible(requirement: Requirement, reason: str) -> None:
    choice = choose([requirement], RELEASES, Ecosystem.PYTHON)
    assert (choice.version, choice.is_impossible, choice.reason) == (None, False, reason)


def test_without_known_releases_only_a_pin_tells() -> None:
    assert choose([need(">=1")], (), Ecosystem.PYTHON).reason == "its releases are not known"
    assert choose([need("==1.2")], (), Ecosystem.PYTHON).version == "1.2"
