"""docs/agents.md: the server starts as it is configured there, with the tools and parameters that it lists."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import anyio

from tests.commands import COMMAND, ROOT, environment
from tests.docs.pages import blocks, options_of, rows, section, text_of

PAGE = "docs/agents.md"


def test_the_server_that_is_configured_has_the_tools_that_are_listed(tmp_path: Path) -> None:
    from mcp import Client, StdioServerParameters

    (block,) = blocks(PAGE, "json")
    (configured,) = json.loads(block.text)["mcpServers"].values()
    assert configured["command"] == "chatkit-doctor"
    python, *module = COMMAND
    arguments = [*module, *configured["args"]]
    server = StdioServerParameters(command=python, args=arguments, env=environment(), cwd=tmp_path)

    async def listed() -> dict[str, dict[str, Any]]:
        async with Client(server) as client:
            return {each.name: each.input_schema for each in (await client.list_tools()).tools}

    tools = anyio.run(listed)
    told = {name.strip("`"): cell for name, cell in rows(PAGE, "## mcp")}
    assert told.keys() == tools.keys()
    for name, cell in told.items():
        named = {word for word in re.findall(r"`(\w+)`", cell) if word != "true"}
        assert named <= set(tools[name]["properties"])
    assert set(re.findall(r"`(\w+)`", told["scan"])) == set(tools["scan"]["properties"])


def test_the_options_of_skill_are_named() -> None:
    assert [option for option in options_of("skill") if option not in text_of(PAGE)] == []


def test_what_is_installed_is_an_extra_of_the_project() -> None:
    (extra,) = re.findall(r'^pip install "chatkit-doctor\[(\w+)\]"$', section(PAGE, "## mcp"), re.MULTILINE)

    assert (
        extra
        in tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    )
