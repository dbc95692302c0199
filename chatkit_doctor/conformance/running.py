"""Runs the properties of a subject one after the other, each within its time, and says what came of it."""

from __future__ import annotations

import asyncio
import inspect
import re
import time
import traceback
from typing import TYPE_CHECKING, Any

from chatkit_doctor.conformance.bench import Bench, place_of
from chatkit_doctor.conformance.nobody import needed
from chatkit_doctor.conformance.registry import Shown, functions
from chatkit_doctor.conformance.results import BrokenError, Outcome, SkippedError
from chatkit_doctor.conformance.subject import Subject

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 30.0
# As SQLite, PostgreSQL and MySQL say it.
_MISSING_TABLE = re.compile(r"no such table: \w+|relation \"[\w.]+\" does not exist|Table '[\w.]+' doesn't exist")


class PropertyRun:
    """Runs the properties of one subject.

    contexts: of one user, or two. seconds: for each property. scratch: the folder that new files go to, where one is.
    """

    def __init__(
        self, subject: Subject, contexts: tuple[Any, ...], seconds: float = SECONDS, scratch: Path | None = None
    ) -> None:
        self._subject = subject
        self._contexts = contexts
        self._seconds = seconds
        self._scratch = scratch
        # What has shown itself: who answers nothing need not be asked everything.
        self._known: dict[str, bool] = {}

    async def all(self, only: tuple[str, ...] = ()) -> list[Outcome]:
        """Return the verdict of each property, or of those that are named."""
        return [await self.of(name) for name in functions(self._subject.kind) if name in only or not only]

    async def of(self, name: str) -> Outcome:
        """Return the verdict of one property."""
        bench = self._bench()
        started = time.monotonic()
        function = functions(self._subject.kind)[name]
        outcome = await one(name, function, bench, self._subject.instance, self._seconds, self._contexts)
        outcome.seconds = round(time.monotonic() - started, 3)
        if outcome.status != "skip":
            self._known[name] = outcome.status == "pass"
        await bench.clear()
        return outcome

    def _bench(self) -> Any:
        if self._subject.kind == "store":
            return Bench(self._subject.instance, self._contexts, self._subject.again, self._scratch, self._known)
        from chatkit_doctor.conformance.stage import ServerStage

        return ServerStage(self._subject.instance, self._contexts, self._known)


async def one(
    name: str, function: Shown, bench: Any, instance: Any, seconds: float, contexts: tuple[Any, ...]
) -> Outcome:
    """Return the verdict of one property."""
    try:
        await asyncio.wait_for(function(bench), seconds)
    except SkippedError as skipped:
        return Outcome(name, "skip", str(skipped))
    except BrokenError as broken:
        if (advice := needed(contexts, broken)) is not None:
            return Outcome(name, "skip", advice)
        return _without_tables(name, broken) or _failed(name, instance, broken)
    except TimeoutError:
        return _failed(name, instance, BrokenError(f"it is not done after {seconds:g} seconds"))
    except Exception as error:  # noqa: BLE001 - whatever the project's code raises is a verdict
        if (advice := needed(contexts, error)) is not None:
            return Outcome(name, "skip", advice)
        return _without_tables(name, error) or _failed(name, instance, _of_their_own(error, instance))
    return Outcome(name, "pass")


def _without_tables(name: str, error: BaseException | None) -> Outcome | None:
    """Return the verdict of a property that nobody could ask, since a table is missing; else None."""
    while error is not None:
        if not isinstance(error, BrokenError) and (found := _MISSING_TABLE.search(str(error))):
            fact = f"the database has no tables, {found[0]}: name a factory that makes them"
            return Outcome(name, "skip", fact)
        error = error.__cause__ or error.__context__
    return None


def _failed(name: str, instance: Any, broken: BrokenError) -> Outcome:
    # What a server does may be its store's fault.
    subjects = (instance, getattr(instance, "store", instance))
    places = (each for subject in subjects for each in place_of(subject, broken.method))
    place = next(places, None) or next(place_of(instance, ""), None)
    path, line = place if place is not None else (None, None)
    return Outcome(name, "fail", broken.fact, broken.case, path, line)


def _of_their_own(error: Exception, instance: Any) -> BrokenError:
    """Return what an exception of the project's own code means: the method of the subject that it came through."""
    known = {file for cls in type(instance).__mro__ for file, _ in place_of_class(cls)}
    methods = [frame.name for frame in traceback.extract_tb(error.__traceback__) if frame.filename in known]
    method = next((each for each in methods if hasattr(type(instance), each)), "")
    where = f"{method} raises " if method else ""
    return BrokenError(f"{where}{type(error).__name__}: {error}", "", method)


def place_of_class(cls: type) -> list[tuple[str, int]]:
    """Return the file of a class, where it is not the SDK's."""
    if cls.__module__.partition(".")[0] in {"chatkit", "builtins", "abc", "typing"}:
        return []
    try:
        path = inspect.getsourcefile(cls)
    except TypeError:
        return []
    return [(path, 0)] if path else []
