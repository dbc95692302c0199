"""Find paging methods that never get past their first page, or that know no pages."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.stores.paging import Paging, pagings
from chatkit_doctor.backend.stores.verdicts import last_page_too_early, page_beyond_limit
from chatkit_doctor.contracts.sdk.sdk_names import LOAD_ITEMS
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def pagination_not_implemented(app: App) -> Iterator[Finding]:
    """Find paging methods that never get past their first page, or that know no pages."""
    seen: set[ast.Call] = set()
    for paging in pagings(app):
        early = last_page_too_early(paging)
        page = early or page_beyond_limit(paging)
        if page is None or page.made_at[1] in seen:
            continue
        seen.add(page.made_at[1])
        module, call = page.made_at
        if early is not None:
            message = f"{paging.method.title} says that there is no more behind a page that is full"
            label, line = "has_more is false here although rows are left", "lost"
            help_ = "fetch one row more than limit, set has_more where it is there, and begin behind after"
        else:
            message = f"{paging.method.title} gives every row, however many were asked for"
            label, line = "all rows, whatever limit is", "whole"
            help_ = "give the rows behind after, at most limit of them, and say whether there are more"
        yield Finding(
            "CK208",
            module.location(call.func),
            message,
            label=label,
            help=help_,
            seen_as=SeenAs(line, {"rows": _rows(paging)}),
        )


def _rows(paging: Paging) -> str:
    return "messages of a thread" if paging.method.name == LOAD_ITEMS else "threads"
