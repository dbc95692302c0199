"""Find releases that cannot work together though an installer takes them."""

from __future__ import annotations

from collections.abc import Iterator

from chatkit_doctor.backend.imports.versions_together import Clash, GoneImport, clashes, gone_imports
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.project.app import App


def incompatible_versions(app: App) -> Iterator[Finding]:
    """Find releases that cannot work together though an installer takes them."""
    yield from map(_clash, clashes(app))
    yield from map(_gone, gone_imports(app))


def _clash(found: Clash) -> Finding:
    pair = found.pair
    held = "" if found.is_held else ", which nothing holds back"
    return Finding(
        "CK604",
        found.at,
        f"{pair.package} {found.version} cannot run beside {pair.other} {found.other}{held}",
        label=f"is older than {pair.other} {pair.since}",
        help=f"take {pair.package} {pair.fixed} or newer, or hold {pair.other} below {pair.since}",
        seen_as=SeenAs(pair.line),
    )


def _gone(found: GoneImport) -> Finding:
    known = found.known
    return Finding(
        "CK604",
        found.at,
        f"{known.package} {known.since} and newer have no {known.module}, and nothing holds {known.package} below it",
        label="gone",
        help=f"ask for {known.package}<{known.since.split('.')[0]}, or move to the names of the newer release",
        seen_as=None if found.as_name else SeenAs(known.line),
        why="An installer takes the newest release that is let in, and the import fails there.",
    )
