"""What the code itself says of a name, a model or its parameters, beside the place that would be told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_ASKED = {
    "nobody asks": ("code = ErrorCode.RATE_LIMITED", 1),
    "taken by suppress": ("with suppress(AttributeError):\n    code = ErrorCode.RATE_LIMITED", 0),
    "another error is": ("with suppress(KeyError):\n    code = ErrorCode.RATE_LIMITED", 1),
    "in a list": ("code = ErrorCode.RATE_LIMITED if 'RATE_LIMITED' in names else None", 0),
    "another name is": ("code = ErrorCode.RATE_LIMITED if 'STREAM_ERROR' in names else None", 1),
    "for a release": ("if version('openai-chatkit') >= '9':\n    code = ErrorCode.RATE_LIMITED", 0),
}


@pytest.mark.parametrize(("code", "count"), _ASKED.values(), ids=_ASKED)
def test_a_member_that_is_asked_for(code: str, count: int, tmp_path: Path) -> None:
    text = f"from contextlib import suppress\nfrom chatkit.errors import ErrorCode\n\n{code}\n"
    assert len(Folder(tmp_path, "CK115").findings(text)) == count


def test_an_import_that_suppress_takes(tmp_path: Path) -> None:
    text = "from contextlib import suppress\nimport chatkit\n\nLoader = None\n"
    taken = f"{text}with suppress(ImportError):\n    from chatkit.loader import Loader\n"
    (found,) = Folder(tmp_path, "CK101").findings(taken)
    assert found.why.startswith("The code takes the error")


_CONFIG = """
    from agents import RunConfig
    from chatkit.agents import AgentContext

    config = RunConfig(model="anthropic/claude-opus-4-8")
"""
_CHANGED = {
    "by a log": ("log.info('with %s', config)", 1),
    "in what has no model": ("config.workflow_name = 'chat'", 1),
    "in its model": ("config.model = MODEL", 0),
    "by a function that runs with it": ("async def ask(run):\n    await start(run_config=run)\n\nask(config)", 1),
    "by a function that sets it": ("def route(run):\n    run.model_provider = PROVIDER\n\nroute(config)", 0),
    "by a function that hands it on": ("def route(run):\n    routed(run)\n\nroute(config)", 0),
    "by a method": (
        "class Router:\n    def route(self, run):\n        run.model = MODEL\n\nRouter().route(config)",
        0,
    ),
}


@pytest.mark.parametrize(("code", "count"), _CHANGED.values(), ids=_CHANGED)
def test_a_configuration_that_is_changed(code: str, count: int, tmp_path: Path) -> None:
    text = "\n".join(line.removeprefix("    ") for line in _CONFIG.splitlines()) + f"\n{code}\n"
    assert len(Folder(tmp_path, "CK316").findings({"app.py": text})) == count


_GIVEN = {
    "in a dict": ("ModelSettings(reasoning={'effort': 'minimal'})", 'effort="minimal"'),
    "more than the least": ("ModelSettings(reasoning={'effort': 'low'})", ""),
    "spread": ("ModelSettings(**{'temperature': 0.2})", "temperature"),
    "spread from a name": ("ModelSettings(**SETTINGS)", "top_p"),
    "under another name": ("ModelSettings(max_tokens=500)", ""),
    "under this name": ("ModelSettings(max_tokens=500)  # chat_completions", "max_tokens"),
}


@pytest.mark.parametrize(("settings", "named"), _GIVEN.values(), ids=_GIVEN)
def test_what_a_model_is_given(settings: str, named: str, tmp_path: Path) -> None:
    text = (
        "from agents import Agent, ModelSettings\nfrom chatkit.agents import AgentContext\n\n"
        f"SETTINGS = dict(top_p=0.5)\nsettings = {settings}\n"
        "agent = Agent(name='A', model='gpt-4', model_settings=settings)\n"
    )
    (found,) = Folder(tmp_path, "CK608").findings(text)
    assert (f"where the app sets {named}, which it may refuse" in found.help) == bool(named)
    assert (found.fix is None) == bool(named)
