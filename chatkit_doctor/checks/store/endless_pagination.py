"""Find pages that say there is more and give no way on, or come again and again."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.paging import Paging, SeenPage, pagings
from chatkit_doctor.backend.stores.verdicts import page_without_cursor, repeated_page
from chatkit_doctor.checks.store.endless_pagination_fix import cursor_fix
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def endless_pagination(app: App) -> Iterator[Finding]:
    """Find pages that say there is more and give no way on, or come again and again."""
    seen: set[ast.Call] = set()
    for paging in pagings(app):
        page = page_without_cursor(paging) or repeated_page(paging)
        # Both methods may make their pages in one helper.
        if page is None or page.made_at[1] in seen:
            continue
        seen.add(page.made_at[1])
        if not page.after:
            yield _finding(
                paging,
                page,
                f"{paging.method.title} says that there is more and gives no after",
                label="has_more can be true here while after is None",
                help="set after to the id of the last row wherever has_more is true",
                fix=cursor_fix(paging, page),
            )
        else:
            yield _finding(
                paging,
                page,
                f"{paging.method.title} gives the same page for every after",
                label="the same rows again, and has_more is true again",
                help="begin behind the row whose id is after",
            )


def _finding(paging: Paging, page: SeenPage, message: str, **more: object) -> Finding:
    module, call = page.made_at
    seen_as = SeenAs("retry", {"class": paging.method.view.name}) if paging.method.name == LOAD_ITEMS else None
    return Finding("CK205", module.location(call.func), message, seen_as=seen_as, **more)  # type: ignore[arg-type]
