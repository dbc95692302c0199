"""The list of retired models holds together, and what the project itself shows and writes lives."""

from __future__ import annotations

import re

import pytest

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.contracts.retired_models import end_of, providers
from tests.commands import ROOT

_TEXT = re.compile(r"[\"'`](?:litellm/)?((?:openai|anthropic|gemini)/[\w.-]+)[\"'`]")


def test_a_successor_has_no_end_of_its_own() -> None:
    for provider in providers():
        for entry in kept("retired_models")["model"]:
            if entry["provider"] != provider.key:
                continue
            for name in entry["names"]:
                known = end_of(provider, name)
                assert known is not None
                assert known.successor is None or end_of(provider, known.successor) is None
                assert entry["source"]


def test_what_refuses_parameters_is_a_successor() -> None:
    successors = {(each["provider"], each.get("successor")) for each in kept("retired_models")["model"]}

    for entry in kept("retired_models")["refusal"]:
        assert {(entry["provider"], name) for name in entry["models"]} <= successors
        assert entry["parameters"]
        assert entry["source"]


def test_a_name_is_told_once() -> None:
    told = [(each["provider"], name) for each in kept("retired_models")["model"] for name in each["names"]]

    assert len(told) == len(set(told))


@pytest.mark.parametrize("folder", ["fixtures/reference", "fixtures/broken", "chatkit_doctor", "docs", "rules"])
def test_what_the_project_shows_lives(folder: str) -> None:
    """The page of the rule itself and the contracts, which have the others, are left out."""
    found = {
        (path.relative_to(ROOT).as_posix(), match[1])
        for path in (ROOT / folder).rglob("*")
        if path.suffix in {".py", ".md", ".tsx", ".toml"} and "contracts" not in path.parts and "CK608" not in path.name
        for match in _TEXT.finditer(path.read_text(encoding="utf-8"))
        for provider in providers()
        for prefix in provider.prefixes
        if match[1].startswith(prefix) and end_of(provider, match[1].removeprefix(prefix))
    }

    assert found == set()
