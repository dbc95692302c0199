"""Which files are there to test or to show an app, and are not part of what is shipped: told from their names."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.files.upward import folder_of

if TYPE_CHECKING:
    from pathlib import Path

_TEST_FOLDERS = frozenset({"test", "tests", "testing", "__tests__", "__mocks__", "e2e", "cypress", "playwright"})
_STORY_FOLDERS = frozenset({".storybook", "stories", "__stories__"})
_SAMPLE_FOLDERS = frozenset({"example", "examples", "demo", "demos", "sample", "samples", "playground", "docs"})
_TEST_NAME = regex(r"^(?:test_.*|.*_test|conftest)\.py$|[.-](?:test|spec|cy)\.\w+$|\.(?:setup|config)\.test\.")
_STORY_NAME = regex(r"[.-](?:stories|story)\.\w+$")


def is_test_file(path: Path, folder: str) -> bool:
    """Return whether a file's name, or a folder on its way from `folder` down, says that it is for tests."""
    return bool(_TEST_NAME.search(path.name)) or not _TEST_FOLDERS.isdisjoint(_folders(path, folder))


def is_test_or_story(path: Path, folder: str) -> bool:
    """Return whether a file is there to test or to show off, and not part of what is shipped."""
    is_story = bool(_STORY_NAME.search(path.name)) or not _STORY_FOLDERS.isdisjoint(_folders(path, folder))
    return is_story or is_test_file(path, folder)


def is_sample(path: Path, folder: str) -> bool:
    """Return whether a file stands in a folder of examples or documents."""
    return not _SAMPLE_FOLDERS.isdisjoint(_folders(path, folder))


def _folders(path: Path, folder: str) -> frozenset[str]:
    """Return the names of the folders on the way to a file from a folder down, of all where it is not below it."""
    return _names_between(folder_of(str(path)), folder)


# Every rule asks it of every file.
@lru_cache(maxsize=4096)
def _names_between(inner: str, outer: str) -> frozenset[str]:
    base = os.path.join(outer, "")
    way = inner[len(base) :] if os.path.join(inner, "").startswith(base) else inner
    return frozenset(way.split(os.sep))
