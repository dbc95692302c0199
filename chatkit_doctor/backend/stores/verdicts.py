"""What is wrong with the pages that a store gives; said only where it is wrong in every way through the method."""

from __future__ import annotations

from itertools import pairwise

from chatkit_doctor.backend.rehearsal.idents import IDS, PAGE_SIZE, ROWS
from chatkit_doctor.backend.stores.paging import Paging, Reading, SeenPage
from chatkit_doctor.contracts.sdk.sdk_names import GENERATE_ITEM_ID, GENERATE_THREAD_ID

_EVERY = frozenset(range(ROWS))
_BY_ID = tuple(sorted(range(ROWS), key=lambda row: IDS[row]))


def page_without_cursor(paging: Paging) -> SeenPage | None:
    """Return the page that says there is more and gives no cursor, None where there is none in some way."""
    found = [
        next((each for each in _all(reading) if each.has_more and not each.after), None) for reading in _of(paging)
    ]
    return found[0] if all(found) and found else None


def repeated_page(paging: Paging) -> SeenPage | None:
    """Return the page that comes again when its own cursor is given, and says each time that there is more."""
    if not paging.takes("after"):
        return None
    found = [_repeated(reading) for reading in _of(paging)]
    return found[0] if found and all(found) else None


def _repeated(reading: Reading) -> SeenPage | None:
    for pages in reading.both:
        for one, other in pairwise(pages):
            if one.has_more and other.has_more and one.after and other.after and one.rows == other.rows:
                return other
    return None


def honours_cursor(paging: Paging) -> bool:
    """Return whether the page behind a cursor goes on where the one before ended."""
    return all(
        not set(pages[0].rows) & set(pages[1].rows)
        for reading in _of(paging)
        for pages in reading.both
        if len(pages) > 1
    ) and any(len(pages) > 1 for reading in _of(paging) for pages in reading.both)


def last_page_too_early(paging: Paging) -> SeenPage | None:
    """Return the page that says there is no more while rows were never given."""
    if not paging.takes("after", "limit"):
        return None
    found = [_too_early(reading) for reading in _of(paging)]
    return found[0] if found and all(found) else None


def _too_early(reading: Reading) -> SeenPage | None:
    for pages in reading.both:
        given = {row for page in pages for row in page.rows}
        if len(pages) == 1 and not pages[0].has_more and len(pages[0].rows) == PAGE_SIZE and given != _EVERY:
            return pages[0]
    return None


def page_beyond_limit(paging: Paging) -> SeenPage | None:
    """Return the page that holds every row although fewer were asked for."""
    if not paging.takes("limit"):
        return None
    found = [reading.ascending[0] if len(reading.ascending[0].rows) == ROWS else None for reading in _of(paging)]
    return found[0] if found and all(found) else None


def ignores_order(paging: Paging) -> bool:
    """Return whether the first pages of both orders are the same rows in the same order."""
    return paging.takes("order") and all(len(one) > 1 and one == other for one, other in _first_pages(paging))


def cuts_before_order(paging: Paging) -> bool:
    """Return whether the newest first begins with the oldest rows, turned round."""
    return all(1 < len(one) < ROWS and one[::-1] == other for one, other in _first_pages(paging))


def begins_with_newest(paging: Paging) -> bool:
    """Return whether the first page that is asked for the newest rows has them."""
    return all(ROWS - 1 in newest for _, newest in _first_pages(paging))


def loses_rows_by_ids(paging: Paging) -> bool:
    """Return whether pages behind a cursor leave rows out or repeat them, where ids were compared by their order."""
    return all(
        reading.has_compared_ids and any(not _is_complete(pages) for pages in reading.both) for reading in _of(paging)
    )


def orders_by_ids(paging: Paging) -> bool:
    """Return whether the rows that a store was given come in the order of their ids, which ChatKit makes at random."""
    view = paging.method.view
    names = (GENERATE_ITEM_ID, GENERATE_THREAD_ID)
    if not view.is_complete or any(view.defines(each) for each in names):
        return False
    return bool(_of(paging)) and all(reading.is_own and _is_by_ids(reading) for reading in _of(paging))


def _is_by_ids(reading: Reading) -> bool:
    given = [tuple(row for page in pages for row in page.rows) for pages in reading.both]
    return all(
        len(rows) > 1 and rows == wanted[: len(rows)]
        for rows, wanted in zip(given, (_BY_ID, _BY_ID[::-1]), strict=True)
    )


def misplaced_cursor(paging: Paging) -> tuple[SeenPage, bool] | None:
    """Return the page whose cursor leads to a wrong row, and whether rows are left out; else some come again.

    None where there is none in some way. What `repeated_page` and `loses_rows_by_ids` tell is not told again.
    """
    found = [_misplaced(reading) for reading in _of(paging)]
    return found[0] if found and all(found) and not loses_rows_by_ids(paging) else None


def _misplaced(reading: Reading) -> tuple[SeenPage, bool] | None:
    for pages, rows in zip(reading.both, (range(ROWS), range(ROWS)[::-1]), strict=True):
        given = 0
        for one, other in pairwise(pages):
            if one.rows != tuple(rows[given : given + PAGE_SIZE]) or not other.rows or one.rows == other.rows:
                break
            given += PAGE_SIZE
            first = rows.index(other.rows[0])
            if one.after and first != given:
                return one, first > given
    return None


def _is_complete(pages: tuple[SeenPage, ...]) -> bool:
    rows = [row for page in pages for row in page.rows]
    return sorted(rows) == sorted(_EVERY)


def _first_pages(paging: Paging) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(reading.ascending[0].rows, reading.descending[0].rows) for reading in _of(paging)]


def _of(paging: Paging) -> tuple[Reading, ...]:
    return tuple(each for each in paging.readings if each.ascending[0].rows and each.descending[0].rows)


def _all(reading: Reading) -> tuple[SeenPage, ...]:
    return (*reading.ascending, *reading.descending)
