"""Which files are there to test or to show an app, and are not part of what is shipped: told from their names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex

if TYPE_CHECKING:
    from pathlib import Path

_TEST_FOLDERS = frozenset({"test", "tests", "testing", "__tests__", "__mocks__", "e2e", "cypress", "playwright"})
_STORY_FOLDERS = frozenset({".storybook", "stories", "__stories__"})
_SAMPLE_FOLDERS = frozenset({"example", "examples", "demo", "demos", "sample", "samples", "playground", "docs"})
_TEST_NAME = regex(r"^(?:test_.*|.*_test|conftest)\.py$|[.-](?:test|spec|cy)\.\w+$|\.(?:setup|config)\.test\.")
_STORY_NAME = regex(r"[.-](?:stories|story)\.\w+$")


def is_test_file(path: Path, folder: Path) -> bool:
    """Return whether a file's name, or a folder on its way from `folder` down, says that it is for tests."""
    return bool(_TEST_NAME.search(path.name)) or not _TEST_FOLDERS.isdisjoint(_folders(path, folder))


def is_test_or_story(path: Path, folder: Path) -> bool:
    """Return whether a file is there to test or to show off, and not part of what is shipped."""
    is_story = bool(_STORY_NAME.search(path.name)) or not _STORY_FOLDERS.isdisjoint(_folders(path, folder))
    return is_story or is_test_file(path, folder)


def is_sample(path: Path, folder: Path) -> bool:
    """Return whether a file stands in a folder of examples or documents."""
    return not _SAMPLE_FOLDERS.isdisjoint(_folders(path, folder))


def _folders(path: Path, folder: Path) -> tuple[str, ...]:
    return path.relative_to(folder).parts[:-1] if path.is_relative_to(folder) else path.parts[:-1]
