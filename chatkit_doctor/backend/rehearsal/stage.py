"""A store on stage: an object of it, and its methods called as the server calls them, in one pass."""

from __future__ import annotations

import ast
from collections.abc import Callable

from chatkit_doctor.backend.rehearsal.idents import ROWS, THREAD_ID, model
from chatkit_doctor.backend.rehearsal.world import World
from chatkit_doctor.contracts.sdk.sdk_names import ADD_ITEM, ITEM, LOAD_ITEM, LOAD_THREAD, SAVE_THREAD, THREAD
from chatkit_doctor.project.app import App
from chatkit_doctor.python.hierarchy import ClassView
from chatkit_doctor.python.rehearsal.machine import Machine
from chatkit_doctor.python.rehearsal.passes import Way, ways
from chatkit_doctor.python.rehearsal.values import Blank, Class, Closure, Lost, Thing


class Stage:
    """One pass with a new object of a store. What `with_rows` puts in, the store's own methods save."""

    def __init__(self, app: App, view: ClassView, forks: dict[ast.AST, bool]) -> None:
        self.view = view
        self.world = World(app)
        self.machine = Machine(app.symbols, self.world, forks)
        self.context = Blank()
        made = self.machine.apply(Class(view), [])
        assert isinstance(made, Thing)
        self.store = made

    def call(self, name: str, **arguments: object) -> object:
        """Return what a method gives. Raises Raised as it does, Lost where it cannot be followed.

        The arguments are those of the SDK, in its order, the context left out.
        """
        found = self.view.method(name)
        if found is None:
            raise Lost
        owner = self.machine.view(found[0].module, found[0].node)
        closure = Closure(found[1], found[0].module, receiver=self.store, owner=owner)
        takes = [each.arg for each in (*found[1].args.posonlyargs, *found[1].args.args)][1:]
        everything = {**arguments, "context": self.context}
        takes += [each.arg for each in found[1].args.kwonlyargs]
        if set(everything) <= set(takes):
            return self.machine.enter(closure, [], everything)
        if len(takes) < len(everything) and "limit" in takes and found[1].args.vararg is None:
            # It cannot be called so (CK202 says it), and does what it does for what it takes all the same.
            return self.machine.enter(closure, [], {name: value for name, value in everything.items() if name in takes})
        # What is passed by position may have any name.
        return self.machine.enter(closure, list(everything.values()), {})

    def load(self, name: str, ident: str) -> object:
        """Return what a method gives that loads one thing by its id."""
        if name == LOAD_THREAD:
            return self.call(name, thread_id=ident)
        if name == LOAD_ITEM:
            return self.call(name, thread_id=THREAD_ID, item_id=ident)
        return self.call(name, attachment_id=ident)

    def begin(self) -> None:
        """Forget what was written until now."""
        self.world.trace.stored.clear()
        self.machine.changed.clear()
        self.machine.handed_over.clear()

    def with_threads(self) -> None:
        """Save five threads, one after another."""
        for row in range(ROWS):
            self.call(SAVE_THREAD, thread=model(THREAD, row))

    def with_items(self) -> None:
        """Save a thread, and add five items to it, one after another."""
        thread = model(THREAD, 0)
        thread.attributes["id"] = THREAD_ID
        self.call(SAVE_THREAD, thread=thread)
        for row in range(ROWS):
            self.call(ADD_ITEM, thread_id=THREAD_ID, item=model(ITEM, row))


def passes(app: App, view: ClassView, play: Callable[[Stage], object]) -> list[Way] | None:
    """Return what each way through a play comes to, None where one cannot be followed."""
    return ways(lambda forks: play(Stage(app, view, forks)))
