"""Finds and loads the rules. A page rules/CK302-reused-provider-ids.md means `<family>/reused_provider_ids.py`.

The module holds a generator of its own name, from an app to findings. Which files a family is about stands in its
`READS`, so that a rule's module is imported only where a file matters to it. "own web" says that only web files can be
wrong by it: a backend that has none is not asked about those of its frontend. A rule that looks at pages besides,
whosever they are, stands in `READS_WEB`. A family that reads no files is not run on apps. There is no list of rules or
families.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor import checks
from chatkit_doctor.pages.catalogue import pages
from chatkit_doctor.records import dataclass

if TYPE_CHECKING:
    from types import ModuleType

    from chatkit_doctor.finding import Finding
    from chatkit_doctor.project.app import App

Check = Callable[["App"], "Iterator[Finding]"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that checks apps: its code, where its check is, and the kinds of files that it is about."""

    code: str
    module: str
    reads: frozenset[str]

    @property
    def check(self) -> Check:
        """Return the generator from an app to findings; its module is imported now."""
        name = self.module.rpartition(".")[2]
        # Of many apps it is asked for each.
        module = sys.modules.get(self.module) or importlib.import_module(self.module)
        check: Check = getattr(module, name)
        return check


@cache
def rules() -> dict[str, Rule]:
    """Return the rules that check apps by code, in the order of the codes; no module of theirs is imported."""
    homes: dict[str, ModuleType] = {}
    # pkgutil would tell the same, and load a tenth of the standard library to do so.
    for family in sorted(path.parent for path in Path(checks.__path__[0]).glob("*/__init__.py")):
        package = importlib.import_module(f"{checks.__name__}.{family.name}")
        if package.READS:
            homes |= {path.stem: package for path in family.glob("*.py")}
    found = {}
    for code, page in pages().items():
        name = page.name.replace("-", "_")
        if name in homes:
            package = homes[name]
            more = ("web",) if name in getattr(package, "READS_WEB", ()) else ()
            found[code] = Rule(code, f"{package.__name__}.{name}", frozenset((*package.READS, *more)))
    return found
