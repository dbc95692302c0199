"""The properties' words and what else shows them, as `properties.toml` has them."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class Property:
    """What a subject holds to: its name, the claim, the rules that say it statically, verify's checks that show it."""

    subject: str
    name: str
    claim: str
    rules: tuple[str, ...]
    verify: tuple[str, ...]


@cache
def properties() -> dict[tuple[str, str], Property]:
    """Return the properties by subject ("store" or "server") and name."""
    table = tomllib.loads(Path(__file__).with_name("properties.toml").read_text(encoding="utf-8"))
    found = (
        Property(subject, name, each["claim"], tuple(each["rules"]), tuple(each.get("verify", ())))
        for subject, named in table.items()
        for name, each in named.items()
    )
    return {(each.subject, each.name): each for each in found}
