"""The reference app's settings: what it runs on where nobody says otherwise."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.mark.filterwarnings("ignore")  # of what LiteLLM imports
def test_models_by_default_are_known_to_litellm_which_names_no_end_of_them(
    module: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    import litellm

    models = {provider.model for provider in module("settings").PROVIDERS}
    assert len(models) >= 3
    for model in models:
        known = litellm.model_cost[model if model in litellm.model_cost else model.partition("/")[2]]
        assert known["mode"] == "chat"
        assert known["supports_function_calling"]
        assert known.get("deprecation_date") is None, model
