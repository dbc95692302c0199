"""Type expressions are rewritten and otherwise left as they were."""

from __future__ import annotations

import pytest

from chatkit_doctor.python.write import dropped, renamed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A | FilePart | None", "A | None"),
        ("FilePart | A", "A"),
        ("None | FilePart | A", "None | A"),
        ("FilePart | None", "Any | None"),
        ("FilePart", "Any"),
        ("Optional[FilePart]", "Optional[Any]"),
        ("Optional[A | FilePart]", "Optional[A]"),
        ("Union[A, FilePart]", "A"),
        ("Union[A, FilePart, B]", "Union[A, B]"),
        ("Union[FilePart, A, None]", "Union[A, None]"),
        ("Union[FilePart, None]", "Union[Any, None]"),
        ("typing.Union[A, FilePart]", "A"),
        ("list[A | FilePart]", "list[A]"),
        ("dict[str, list[FilePart]]", "dict[str, list[Any]]"),
        ("Callable[[FilePart | A], FilePart]", "Callable[[A], Any]"),
        ("FilePart | list[FilePart | A]", "list[A]"),
        ("'FilePart | A'", "'A'"),
        ('"list[A | FilePart]" | None', '"list[A]" | None'),
        ("A | 'FilePart'", "A"),
        ("Annotated[A | FilePart, Depends(FilePart)]", "Annotated[A, Depends(FilePart)]"),
        ("Literal['FilePart']", "Literal['FilePart']"),
        ("types.FilePart | A", "types.FilePart | A"),
        ("FilePartList | A", "FilePartList | A"),
        ("'not a type FilePart'", "'not a type FilePart'"),
        ("A | (FilePart)", "A"),
        ("A\n    | FilePart\n    | None", "A\n    | None"),
    ],
)
def test_dropped(text: str, expected: str) -> None:
    assert dropped(text, "FilePart", "Any") == expected


def test_dropped_dotted_name() -> None:
    assert dropped("types.FilePart | types.Attachment", "types.FilePart", "Any") == "types.Attachment"
    assert dropped("list[types.FilePart]", "types.FilePart", "Any") == "list[Any]"
    assert dropped("FilePart | A", "types.FilePart", "Any") == "FilePart | A"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("AsyncIterator[Event]", "AsyncIterator[ThreadStreamEvent]"),
        ('"AsyncIterator[Event]"', '"AsyncIterator[ThreadStreamEvent]"'),
        ("AsyncIterator['Event | None']", "AsyncIterator['ThreadStreamEvent | None']"),
        ("AsyncIterator[\n    Event,  # yields\n]", "AsyncIterator[\n    ThreadStreamEvent,  # yields\n]"),
        ("(Event)", "(ThreadStreamEvent)"),
        ("asyncio.Event | EventSource", "asyncio.Event | EventSource"),
        ("'asyncio.Event'", "'asyncio.Event'"),
    ],
)
def test_renamed(text: str, expected: str) -> None:
    assert renamed(text, "Event", "ThreadStreamEvent") == expected
