"""Models that their providers have switched off or say they will: when, and what to use instead."""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.records import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """Who serves models. See `retired_models.toml` for what its fields are."""

    key: str
    name: str
    prefixes: tuple[str, ...]
    plain: tuple[str, ...]
    hosts: tuple[str, ...]
    litellm_plain: bool


@dataclass(frozen=True, slots=True)
class RetiredModel:
    """A model with an end.

    ends: the first day without it. successor: a model that has no end yet; None where the provider names none.
    answered_by: the model that answers for it from that day on, "" where calls fail.
    refused: the parameters with which the successor may refuse a call.
    """

    name: str
    provider: Provider
    ends: date
    successor: str | None
    answered_by: str
    refused: tuple[str, ...] = ()


@cache
def providers() -> tuple[Provider, ...]:
    """Return the providers whose models are known."""
    return tuple(
        Provider(
            each["key"],
            each["name"],
            tuple(each["prefixes"]),
            tuple(each["plain"]),
            tuple(each["hosts"]),
            each["litellm_plain"],
        )
        for each in kept("retired_models")["provider"]
    )


def end_of(provider: Provider, name: str) -> RetiredModel | None:
    """Return what is known of the end of a provider's model, None where it has none."""
    entry = _models().get((provider.key, name))
    if entry is None:
        return None
    successor = entry.get("successor")
    while successor is not None and (next_one := _models().get((provider.key, successor))) is not None:
        successor = next_one.get("successor")
    refused = _refusals().get((provider.key, successor or ""), ())
    return RetiredModel(name, provider, entry["ends"], successor, entry.get("answered_by", ""), refused)


@cache
def _models() -> dict[tuple[str, str], dict[str, Any]]:
    return {(each["provider"], name): each for each in kept("retired_models")["model"] for name in each["names"]}


@cache
def _refusals() -> dict[tuple[str, str], tuple[str, ...]]:
    found = kept("retired_models")["refusal"]
    return {(each["provider"], name): tuple(each["parameters"]) for each in found for name in each["models"]}
