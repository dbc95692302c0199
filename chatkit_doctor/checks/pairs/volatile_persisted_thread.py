"""Find a thread that the page remembers for longer than the store does."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.capabilities import used_stores
from chatkit_doctor.backend.memory_stores import volatile_table
from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.pairs.partners import Partner, fitting_partners
from chatkit_doctor.frontend.threads.kept import KeptThread, kept_threads
from chatkit_doctor.project.app import App
from chatkit_doctor.source import Location, relative_path


def volatile_persisted_thread(app: App) -> Iterator[Finding]:
    """Find a thread that the page remembers for longer than the store does."""
    seen: set[Location] = set()
    for partner, kept in _remembering(app):
        for view in used_stores(app, partner.asked):
            table = volatile_table(view)
            if table is None or table in seen:
                continue
            seen.add(table)
            page = relative_path(kept.site.document.path, app.base)
            yield Finding(
                "CK802",
                table,
                f"{view.name} keeps its threads in this process alone, and {page} opens the last one after a reload",
                label="empty after a restart",
                help="keep threads in a database or a file, or keep no id in the browser",
            )


def _remembering(app: App) -> Iterator[tuple[Partner, KeptThread]]:
    """Yield the sets of options that open again a thread of this app's which a browser has saved."""
    for pair in app.fronts():
        known = {id(each.options): each for each in fitting_partners(pair.frontend) if each.backend is app}
        for kept in kept_threads(pair.frontend) if known else ():
            if id(kept.options) in known and _is_opened_again(kept):
                yield known[id(kept.options)], kept


def _is_opened_again(kept: KeptThread) -> bool:
    """Return whether what is saved of the open thread is read, and something opens a thread."""
    is_read = any(kept.storage.calls("getItem", each.key) for each in kept.all_saves())
    return is_read and (kept.initial is not None or kept.is_opened_otherwise)
