from __future__ import annotations

import pytest

from chatkit_doctor.contracts import newest, releases, resolve_release
from chatkit_doctor.contracts.published import CHATKIT, availability, holds


@pytest.mark.parametrize(
    ("version", "resolved"),
    [
        (None, ("1.6.5", False)),
        ("1.4.0", ("1.4.0", False)),
        ("1.4.9", ("1.4.2", False)),
        ("1.5.0rc1", ("1.4.2", False)),
        ("99", ("1.6.5", True)),
        ("workspace:*", ("1.6.5", False)),
        ("0.0.0", ("0.0.1", False)),
    ],
)
def test_resolve_release(version: str | None, resolved: tuple[str, bool], monkeypatch: pytest.MonkeyPatch) -> None:
    known = ("0.0.1", "1.4.0", "1.4.2", "1.5.0", "1.6.5")
    monkeypatch.setattr("chatkit_doctor.contracts.published.releases", lambda _: known)
    resolve_release.cache_clear()

    assert resolve_release(CHATKIT, version) == resolved

    resolve_release.cache_clear()


def test_newest_is_the_last() -> None:
    assert newest(CHATKIT) == releases(CHATKIT)[-1]


def test_unknown_packages_are_an_error() -> None:
    with pytest.raises(KeyError):
        releases("chatkit")


def test_stretches_of_releases() -> None:
    assert holds(CHATKIT, "1.4.0", None, newest(CHATKIT))
    assert holds(CHATKIT, "1.4.0", "1.4.1", "1.4.1")
    assert not holds(CHATKIT, "1.4.0", "1.4.1", "1.4.2")
    assert not holds(CHATKIT, "1.4.0", None, "1.3.1")
    assert availability([]) is None
