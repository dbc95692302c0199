"""No block of the pages goes unchecked: how many of which language a page has, and that commands are nothing else."""

from __future__ import annotations

import pytest

from tests.docs.pages import PAGES, SHELL, Block, blocks

# How many blocks of each language a page has, all of them run by the tests named.
CHECKED: dict[str, dict[str, int]] = {
    "README.md": {"": 3},  # test_commands, test_readme
    "docs/agents.md": {"": 3, "json": 1},  # test_agents, test_commands
    "docs/api.md": {"python": 2},  # test_api
    "docs/architecture.md": {"mermaid": 1},  # a picture
    "docs/baseline.md": {"": 1},  # test_commands
    "docs/check.md": {"": 2, "python": 1},  # test_check
    "docs/ci.md": {"yaml": 4, "sh": 1},  # test_ci, test_commands
    "docs/commands.md": {"": 3},  # test_commands
    "docs/editors.md": {"": 1, "console": 1, "json": 2, "lua": 2, "toml": 1},  # tests/editors
    "docs/formats.md": {"sh": 1, "json": 2},  # test_commands, test_formats
    "docs/ignoring.md": {"": 1, "python": 2, "tsx": 1, "html": 1},  # test_commands, test_ignoring
    "docs/migrate.md": {"": 3, "console": 1},  # test_commands, tests/migrate
    "docs/settings.md": {"sh": 1, "toml": 2},  # test_commands, test_settings
    "docs/start.md": {"": 4},  # test_commands
    "docs/verify.md": {"": 2, "json": 1},  # test_verify
}
COMMANDS = ("chatkit-doctor ", "make ", "pip install ")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_has_the_blocks_that_are_checked(page: str) -> None:
    counts: dict[str, int] = {}
    for block in blocks(page):
        counts[block.language] = counts.get(block.language, 0) + 1

    assert counts == CHECKED.get(page, {})


@pytest.mark.parametrize("page", PAGES)
def test_every_fence_is_read_as_a_block(page: str) -> None:
    fences = PAGES[page].read_text(encoding="utf-8").count("```")

    assert fences == 2 * len(blocks(page))


@pytest.mark.parametrize("block", [each for page in PAGES for each in blocks(page)], ids=lambda block: block.page)
def test_a_block_of_commands_holds_nothing_else(block: Block) -> None:
    if block.language in SHELL and not block.text.startswith("Checking "):
        assert [line for line in block.text.splitlines() if not line.startswith(COMMANDS)] == []
