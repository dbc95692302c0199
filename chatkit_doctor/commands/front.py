"""What is answered at once, before anything heavy loads: a scan of folders that say nothing of ChatKit.

No path object, no data class and no pattern is made on this way. Text and exit code are those of the whole scan;
whatever is not as plain as can be (settings, a file that cannot be read, an option that asks for more than counts)
is handed on with what was walked and read so far.
"""

from __future__ import annotations

import gc
import os
import sys

from chatkit_doctor.commands.call import ScanCall, may_be_kept, read_scan
from chatkit_doctor.commands.exits import EXIT_CLEAN, EXIT_NOTHING_TO_SCAN
from chatkit_doctor.project.files.kinds import FileKind, kind_of
from chatkit_doctor.project.files.mention import Looks, look, look_together
from chatkit_doctor.project.files.upward import folders_up
from chatkit_doctor.project.files.walk import Walk
from chatkit_doctor.reports.counts import nothing_of_chatkit, nothing_to_scan

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from chatkit_doctor.commands.remembered import Memory
    from chatkit_doctor.project.files.listing import Listing

# So many files are worth asking the cache about before they are looked into.
_MANY = 500


def answer(words: Sequence[str]) -> int | None:
    """Carry out a scan that is called plainly and return its exit code; None for whatever is left to typer."""
    if words[:1] != ["scan"]:
        return None
    call = read_scan(words[1:])
    if call is None:
        return None
    # What a scan makes it keeps to its end, so that looking for garbage finds none and takes a tenth of the time.
    gc.disable()
    walks = _walks(call)
    if not walks and _asks_for_counts_only(call) and _names_files(call):
        return _scan_named(call)
    # A few files are looked into sooner than it is looked up what was said of them.
    files = sum(len(names) for walk in walks for _, names in walk.folders)
    looks = [look(walk.folders, walk.root) for walk in walks] if files < _MANY else None
    if looks is not None and walks and _is_of_no_interest(walks, looks) and _asks_for_counts_only(call):
        return _say_nothing(call, _sources(walks))
    return _scan(call, walks, looks)


def _scan(call: ScanCall, walks: list[Walk], looks: list[Looks] | None) -> int:
    """Carry out a scan, or tell again what it said before."""
    memory = None
    if walks and may_be_kept(call):
        from chatkit_doctor.commands.remembered import Memory

        memory = Memory(call, walks)
        told = memory.told()
        if told is not None:
            sys.stdout.write(told[0])
            return told[1]
        looks = memory.looks()
    elif looks is None:
        looks = [look_together(walk.folders, walk.root) for walk in walks]
    if walks and _is_of_no_interest(walks, looks) and _asks_for_counts_only(call):
        if memory is not None:
            memory.keep(0, None)
        return _say_nothing(call, _sources(walks))
    return _scan_whole(call, _listings(walks, looks), memory)


def _scan_named(call: ScanCall) -> int:
    """Carry out a scan of files that are named."""
    from chatkit_doctor.commands.named import NamedFiles

    named = NamedFiles(call.paths)
    if named.have_nothing_to_do_with_chatkit() and not any(map(_may_hold_settings, named.unwalked())):
        return _say_nothing(call, named.sources)
    return _scan_whole(call, named.walked(), None)


def _names_files(call: ScanCall) -> bool:
    return bool(call.paths) and all(path != "-" and os.path.isfile(path) for path in call.paths)


def _scan_whole(call: ScanCall, listings: Mapping[str, Listing], memory: Memory | None) -> int:
    from chatkit_doctor.modules import find_own_modules

    find_own_modules()
    from chatkit_doctor.commands.scan import scan_and_print

    code, printed = scan_and_print(call, listings, memory.results() if memory is not None else None)
    if memory is not None:
        memory.keep(code, printed)
    return code


def _walks(call: ScanCall) -> list[Walk]:
    """Return a walk of each folder that was asked for; none where something else was."""
    roots = {os.path.normpath(os.path.join(os.getcwd(), path)) for path in call.paths or (".",)}
    return [Walk(root) for root in sorted(roots)] if all(map(os.path.isdir, roots)) else []


def _asks_for_counts_only(call: ScanCall) -> bool:
    asks_for_more = (
        *(call.fix, call.diff, call.add_ignores, call.select, call.ignore, call.output, call.target),
        *(call.config, call.baseline, call.since, call.staged, call.stdin_filename, call.statistics),
    )
    return not any(asks_for_more) and call.format in {"text", "concise"}


def _is_of_no_interest(walks: list[Walk], looks: list[Looks]) -> bool:
    """Return whether nothing says anything of ChatKit, everything could be read, and no settings hold."""
    if any(walk.problems for walk in walks) or any(speaking or unread for speaking, unread, _ in looks):
        return False
    # A pyproject.toml with settings speaks of chatkit-doctor, and those of a walk were looked into.
    return not any("chatkit-doctor.toml" in marks for walk in walks for marks in walk.marks.values()) and not any(
        _may_hold_settings(above) for walk in walks for above in _above(walk.root)
    )


def _above(root: str) -> list[str]:
    """Return the folders above one whose settings hold in it: up to the top of its repository."""
    above: list[str] = []
    for folder in folders_up(root):
        if folder != root:
            above.append(folder)
        if os.path.lexists(os.path.join(folder, ".git")):
            break
    return above


def _may_hold_settings(folder: str) -> bool:
    if os.path.lexists(os.path.join(folder, "chatkit-doctor.toml")):
        return True
    is_there = os.path.lexists(os.path.join(folder, "pyproject.toml"))
    return is_there and any(look([(folder, ["pyproject.toml"])], folder))


def _sources(walks: list[Walk]) -> int:
    # A folder may have been asked for together with one in it.
    scanned = {
        os.path.join(folder, name)
        for walk in walks
        for folder, names in walk.folders
        for name in names
        if kind_of(name) in {FileKind.PYTHON, FileKind.WEB}
    }
    return len(scanned)


def _say_nothing(call: ScanCall, scanned: int) -> int:
    if not call.quiet:
        sys.stdout.write(f"{nothing_of_chatkit(scanned) if scanned else nothing_to_scan()}\n")
    return EXIT_CLEAN if scanned else EXIT_NOTHING_TO_SCAN


def _listings(walks: list[Walk], looks: list[Looks]) -> dict[str, Listing]:
    from chatkit_doctor.project.files.listing import Listing, Looked

    return {
        walk.root: Listing.of_walk(walk, Looked(speaking, frozenset([*unread, *large])))
        for walk, (speaking, unread, large) in zip(walks, looks, strict=True)
    }
