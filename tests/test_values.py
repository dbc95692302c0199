"""`explain --values`: all that ChatKit takes where a rule looks."""

from __future__ import annotations

import pytest

from chatkit_doctor.contracts import python_contract
from chatkit_doctor.contracts.value_sets import value_sets
from chatkit_doctor.contracts.web import events, handlers, icon_templates, icons
from tests.commands import call


def test_a_single_list_has_a_value_on_each_line() -> None:
    outcome = call("explain", "CK405", "--values")

    assert outcome.code == 0
    lines = outcome.stdout.splitlines()
    assert set(icons()) < set(lines)
    assert len(lines) == len(icons()) + len(icon_templates())
    assert "lucide:<name>" in lines


def test_several_lists_stand_below_their_places() -> None:
    lines = call("explain", "unknown-handler", "--values").stdout.splitlines()

    assert lines[0] == "handlers of useChatKit:"
    assert "events of the element:" in lines
    said = {word.strip(",") for line in lines if line.startswith("  ") for word in line.split()}
    assert said == {*handlers(), *events()}


def test_a_rule_without_a_list_says_so() -> None:
    outcome = call("explain", "CK301", "--values")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert "CK301 missing-history judges by no list of values" in outcome.stderr


def test_options_are_listed_at_their_places() -> None:
    keys = {each.place: each.values for each in value_sets("option-keys")}
    values = {each.place: each.values for each in value_sets("option-values")}

    assert keys["theme.color.accent"] == ("level (required)", "primary (required)")
    assert keys["startScreen.prompts[]"] == ("icon", "label (required)", "prompt (required)")
    assert values["theme.radius"] == ("pill", "round", "soft", "sharp")
    assert set(values["theme"]) == {"dark", "light"}


@pytest.mark.parametrize("module", python_contract().modules)
def test_the_names_of_a_module_are_its_own_and_can_be_imported(module: str) -> None:
    found = next((each for each in value_sets("names") if each.place == module), None)

    for name in found.values if found is not None else ():
        assert python_contract().has_name(module, name) or python_contract().has_module(f"{module}.{name}")
        assert not name.startswith("_")


def test_fields_tell_which_are_required() -> None:
    fields = {each.place: each.values for each in value_sets("fields")}

    assert fields["chatkit.types.Page"] == ("after", "data", "has_more")
    assert "inference_options (required)" in fields["chatkit.types.UserMessageItem"]
    assert "output_text" in {each for found in value_sets("field-values") for each in found.values}
