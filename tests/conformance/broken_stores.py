"""Which properties the stores of stores.py break: by name, so that they need not be imported."""

from __future__ import annotations

# The properties that each class of stores.py breaks, and no other.
BROKEN: dict[str, set[str]] = {
    "LosesStatus": {"thread-round-trip", "thread-upsert"},
    "InsertsThreads": {"thread-upsert"},
    "LeavesItems": {"thread-delete"},
    "MakesThreads": {"thread-not-found", "no-aliasing"},
    "LoadsNone": {"thread-not-found"},
    "RaisesKeyError": {"item-not-found"},
    "KeepsTextAlone": {"item-round-trip"},
    "NumbersItems": {"item-round-trip"},
    "LosesTitles": {"thread-round-trip", "thread-upsert"},
    "AppendsItems": {"item-upsert"},
    "DeletesTheLast": {"item-delete"},
    "OneListOfItems": {"items-of-a-thread", "item-pages"},
    "OldestFirst": {"items-newest-first", "item-pages", "thread-pages"},
    "LimitBeforeOrder": {"items-newest-first", "item-pages", "thread-pages"},
    "NoCursor": {"item-pages", "thread-pages"},
    "IgnoresAfter": {"item-pages", "thread-pages"},
    "ListOfThreads": {"thread-pages", "thread-upsert", "thread-delete", "unknown-cursor"},
    "PagesOfDicts": {"thread-pages", "thread-upsert", "thread-delete", "unknown-cursor"},
    "FailsForAnUnknownCursor": {"unknown-cursor"},
    "FirstAttachmentStays": {"attachment-round-trip"},
    "CountsIds": {"ids"},
    "AsyncIds": {"ids"},
    "AsyncThreadIds": {"ids"},
    "OneUser": {"user-isolation"},
    "LosesWriters": {"concurrent-writers"},
    "KeepsTheVeryThread": {"no-aliasing", "thread-upsert"},
    "KeepsItemsOfThreads": {"thread-upsert"},
    "GivesTheVeryItem": {"no-aliasing"},
}
