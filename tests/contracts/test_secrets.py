"""What is told to be a secret: keys that look real, and variables that browsers see."""

from __future__ import annotations

import pytest

from chatkit_doctor.contracts.secrets import holds_key, is_public_secret

# Put together here, so that nothing that scans this file for keys takes it for one.
_BODY = "T3BlbkFJ" + "q7Rz0LmVx2WcYdK9aHsPfGuE1nBt"


@pytest.mark.parametrize("prefix", ["sk-", "sk-proj-", "sk-svcacct-", "sk-ant-api03-", "sk-or-v1-"])
def test_keys_are_told_by_their_form(prefix: str) -> None:
    assert holds_key(prefix + _BODY)


@pytest.mark.parametrize(
    "text", ["sk-" + "x" * 40, "sk-your-key-goes-here-" + _BODY, "sk-" + "a1B" * 12, "pk_" + _BODY, "sk-short"]
)
def test_placeholders_are_no_keys(text: str) -> None:
    assert not holds_key(text)


@pytest.mark.parametrize("name", ["NEXT_PUBLIC_OPENAI_API_KEY", "VITE_GEMINI_API_KEY", "REACT_APP_MY_OPENAI_SECRET"])
def test_public_names_of_secrets(name: str) -> None:
    assert is_public_secret(name)


@pytest.mark.parametrize(
    "name",
    ["OPENAI_API_KEY", "NEXT_PUBLIC_OPENAI_DOMAIN_KEY", "VITE_MAPS_API_KEY", "NEXT_PUBLIC_OPENAI_WORKFLOW_TOKEN"],
)
def test_names_that_give_nothing_away(name: str) -> None:
    assert not is_public_secret(name)
