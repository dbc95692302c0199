"""Find pages whose cursor is no row of theirs, or another than the last: the next page begins at a wrong row."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.paging import SeenPage, pagings
from chatkit_doctor.backend.stores.verdicts import misplaced_cursor as misplaced
from chatkit_doctor.checks.store.misplaced_cursor_fix import last_row_fix
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location


def misplaced_cursor(app: App) -> Iterator[Finding]:
    """Find pages whose cursor is no row of theirs, or another than the last: the next page begins at a wrong row."""
    seen: set[ast.Call] = set()
    for paging in pagings(app):
        found = misplaced(paging)
        # Both methods may make their pages in one helper.
        if found is None or found[0].made_at[1] in seen:
            continue
        page, is_left_out = found
        seen.add(page.made_at[1])
        what = "messages" if paging.method.name == LOAD_ITEMS else "threads"
        yield Finding(
            "CK220",
            _cursor(page),
            f"{paging.method.title} {'leaves rows out' if is_left_out else 'gives rows again'} between two pages",
            label="the page that follows begins too late" if is_left_out else "the page that follows begins too early",
            help="set after to the id of the page's last row, and begin right behind the row whose id is after",
            seen_as=SeenAs("gaps" if is_left_out else "twice", {"rows": what}),
            fix=last_row_fix(page) if is_left_out else None,
        )


def _cursor(page: SeenPage) -> Location:
    """Return where the page gets its cursor, else where it is made."""
    module, call = page.made_at
    given = next((each.value for each in call.keywords if each.arg == "after"), None)
    return module.location(given if given is not None else call.func)
