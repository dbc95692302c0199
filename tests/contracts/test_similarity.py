from __future__ import annotations

import pytest

from chatkit_doctor.contracts import nearest


@pytest.mark.parametrize(
    ("name", "candidates", "found"),
    [
        ("ThreadMetaData", ["ThreadMetadata", "Thread"], "ThreadMetadata"),
        ("disclamer", ["disclaimer", "header"], "disclaimer"),
        ("start_screen", ["startScreen", "history"], "startScreen"),
        ("Event", ["ErrorEvent", "NoticeEvent", "ThreadStreamEvent"], None),
        ("thread_ide", ["thread_ida", "thread_idb"], None),
        ("anything", [], None),
    ],
)
def test_nearest(name: str, candidates: list[str], found: str | None) -> None:
    assert nearest(name, candidates) == found
