"""CK203's fix: every use of a method that changes its colour changes with it, or nothing does."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.finding import Applicability
from tests.checks.scanning import Folder

SYNC = """\
import asyncio

from chatkit.store import Store


class NotesStore(Store[dict]):
    def load_thread(self, thread_id, context):
        return self.rows[thread_id]
"""
ASYNC = """\
import asyncio

from chatkit.store import Store
from chatkit.types import ThreadMetadata


class NotesStore(Store[dict]):
    async def generate_thread_id(self, context):
        return "thr"
"""


@pytest.fixture
def colours(tmp_path: Path) -> Folder:
    return Folder(tmp_path, "CK203")


# What uses the method, and what it is afterwards: None where there is no fix.
MADE_ASYNC = {
    "awaited": (
        "async def f(s: NotesStore):\n    return s.load_thread('t', {})",
        "return await s.load_thread('t', {})",
    ),
    "awaited by name": (
        "async def f(store):\n    x = store.load_thread('t', {})",
        "x = await store.load_thread('t', {})",
    ),
    "awaited already": (
        "async def f(s):\n    return await s.load_thread('t', {})",
        "return await s.load_thread('t', {})",
    ),
    "gathered": (
        "async def f(s: NotesStore):\n    return await asyncio.gather(s.load_thread('t', {}), s.load_thread('u', {}))",
        "asyncio.gather(s.load_thread('t', {}), s.load_thread('u', {}))",
    ),
    "gathered as a list": (
        "async def f(s: NotesStore):\n    return await asyncio.gather(*[s.load_thread(t, {}) for t in 'ab'])",
        "asyncio.gather(*[s.load_thread(t, {}) for t in 'ab'])",
    ),
    "a task": (
        "async def f(s: NotesStore):\n    return asyncio.create_task(s.load_thread('t', {}))",
        "asyncio.create_task(s.load_thread('t', {}))",
    ),
    "run": ("def f(s: NotesStore):\n    asyncio.run(s.load_thread('t', {}))", "asyncio.run(s.load_thread('t', {}))"),
    "awaited later": (
        "async def f(s: NotesStore):\n    x = s.load_thread('t', {})\n    return await x",
        "x = s.load_thread('t', {})",
    ),
    "in a plain function": ("def f(s: NotesStore):\n    return s.load_thread('t', {})", None),
    "in a plain function, by name": ("def f(store):\n    return store.load_thread('t', {})", None),
    "on something": ("async def f(x):\n    return x.load_thread('t', {})", None),
    "handed on": ("async def f(s: NotesStore):\n    return await asyncio.to_thread(s.load_thread, 't', {})", None),
    "in a lambda": ("async def f(s: NotesStore):\n    return lambda: s.load_thread('t', {})", None),
    "of another class": (
        "class Rows:\n    def load_thread(self, key): ...\n\nasync def f(rows: Rows):\n    rows.load_thread('t')",
        "    rows.load_thread('t')",
    ),
    "of any store where another stays": (
        "class Rows:\n    def load_thread(self, key): ...\n\nasync def f(store):\n    store.load_thread('t')",
        None,
    ),
    "above": (
        "class Child(NotesStore):\n    async def show(self):\n        return super().load_thread('t', {})",
        "return await super().load_thread('t', {})",
    ),
    "far above": (
        "class A(NotesStore): ...\n\nclass B(A):\n    async def show(self):\n        super().load_thread('t', {})",
        "        await super().load_thread('t', {})",
    ),
    "above, plainly": (
        "class Child(NotesStore):\n    def show(self):\n        return super().load_thread('t', {})",
        None,
    ),
    "of a double": ("def f(store):\n    assert store.load_thread.called", "assert store.load_thread.called"),
}
MADE_SYNC = {
    "awaited": (
        "async def f(s: NotesStore):\n    return await s.generate_thread_id({})",
        "return s.generate_thread_id({})",
    ),
    "awaited in parentheses": (
        "async def f(store):\n    return (await (store.generate_thread_id({})))[3:]",
        "return ((store.generate_thread_id({})))[3:]",
    ),
    "put into a model": (
        "async def f(s: NotesStore):\n    return ThreadMetadata(id=s.generate_thread_id({}), created_at=None)",
        "ThreadMetadata(id=s.generate_thread_id({}), created_at=None)",
    ),
    "put into a text": (
        "def f(s: NotesStore):\n    return f'{s.generate_thread_id({})}'",
        "f'{s.generate_thread_id({})}'",
    ),
    "gathered": (
        "async def f(s: NotesStore):\n    await asyncio.gather(s.generate_thread_id({}), s.generate_thread_id({}))",
        None,
    ),
    "a task": ("async def f(s: NotesStore):\n    return asyncio.create_task(s.generate_thread_id({}))", None),
    "run": ("def f(s: NotesStore):\n    return asyncio.run(s.generate_thread_id({}))", None),
    "waited for": ("async def f(s: NotesStore):\n    return await asyncio.wait_for(s.generate_thread_id({}), 1)", None),
    "awaited later": ("async def f(s: NotesStore):\n    x = s.generate_thread_id({})\n    return await x", None),
    "a task later": (
        "async def f(s: NotesStore):\n    x = s.generate_thread_id({})\n    return await asyncio.create_task(x)",
        None,
    ),
    "returned": ("def f(s: NotesStore):\n    return s.generate_thread_id({})", None),
    "handed on": ("def f(s: NotesStore):\n    return s.generate_thread_id", None),
    "handed to anything": ("def f(s: NotesStore):\n    return g(s.generate_thread_id({}))", None),
    "on something": ("async def f(x):\n    return await x.generate_thread_id({})", None),
}
CASES = [(SYNC, name, *case) for name, case in MADE_ASYNC.items()]
CASES += [(ASYNC, name, *case) for name, case in MADE_SYNC.items()]


@pytest.mark.parametrize("apart", [False, True], ids=["beside", "in another module"])
@pytest.mark.parametrize(
    ("store", "name", "user", "fixed"), CASES, ids=[f"{case[0] is ASYNC} {case[1]}" for case in CASES]
)
def test_users_change_with_the_method(
    colours: Folder, store: str, name: str, user: str, fixed: str | None, apart: bool
) -> None:
    files = {"store.py": store, "use.py": f"import asyncio\nfrom store import *\n\n{user}\n"}
    if not apart:
        files = {"store.py": f"{store}\n\n{user}\n"}

    (found,) = colours.findings(files)
    made = colours.scan(files, fix=True).fix_result

    assert (found.fix is not None) == (fixed is not None)
    assert made is not None
    texts = {path.name: text for path, text in made.texts.items()}
    if fixed is None:
        assert texts == {}
    else:
        assert fixed in {**files, **texts}["use.py" if apart else "store.py"]


def test_a_use_of_who_knows_what_makes_the_fix_unsafe(colours: Folder) -> None:
    (sure,) = colours.findings(f"{SYNC}\n\nasync def f(x: NotesStore):\n    x.load_thread('t', {{}})\n")
    (unsure,) = colours.findings(f"{SYNC}\n\nasync def f(store):\n    store.load_thread('t', {{}})\n")

    assert sure.fix is not None
    assert sure.fix.applicability is Applicability.SAFE
    assert unsure.fix is not None
    assert unsure.fix.applicability is Applicability.UNSAFE


def test_what_a_store_keeps_for_itself_is_left_as_it_is(colours: Folder) -> None:
    source = f"{SYNC}\n    async def show(self):\n        return self.inner.load_thread('t')\n"

    (found,) = colours.findings(source)

    assert found.fix is not None
    assert found.fix.applicability is Applicability.UNSAFE
    assert "return self.inner.load_thread('t')" in (colours.fixed(source) or "")
