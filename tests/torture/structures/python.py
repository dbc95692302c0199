"""Structures of Python, each in a file that uses ChatKit."""

from __future__ import annotations

from tests.torture.structures import Structure, each, files

STORE = "from chatkit.store import Store\n"
TYPES = "from chatkit.types import Page, ThreadItemDoneEvent, AssistantMessageItem\n"
AGENTS = "from agents import Agent, Runner\n"
SERVER = "from chatkit.server import ChatKitServer\nfrom chatkit.agents import stream_agent_response, simple_to_agent_input\n"
API = "from fastapi import FastAPI, Request\nfrom chatkit.server import ChatKitServer\napp = FastAPI()\nserver = ChatKitServer(store)\n"
# Each class lists its ancestors, which are so many only up to a bound; the sizes begin beyond it.
_DEEP = 16

_LOAD = "    async def load_thread_items(self, thread_id, after, limit, order, context):\n"
_RESPOND = "    async def respond(self, thread, item, context):\n"


def _in_load(size: int, line: str, end: str = "        return Page(data=rows[:limit], has_more=False)\n") -> str:
    head = f"{STORE}{TYPES}class S(Store):\n    async def save_item(self, thread_id, item, context):\n        self.rows.append(item)\n\n"
    return head + _LOAD + "        rows = self.rows\n" + each(size, line) + end + "\n\nS()\n"


def _in_save(size: int, line: str) -> str:
    head = f"{STORE}class S(Store):\n    async def save_thread(self, thread, context):\n"
    return (
        head
        + each(size, line)
        + "        self.threads[thread.id] = thread\n\n    async def load_thread(self, thread_id, context):\n        return self.threads[thread_id]\n\n\nS()\n"
    )


_POOL = """import asyncpg
pool = None
async def start():
    global pool
    pool = await asyncpg.create_pool()
def get_pool():
    return pool
"""


def _in_respond(size: int, line: str, end: str = "") -> str:
    head = f"{SERVER}{AGENTS}{TYPES}class S(ChatKitServer):\n{_RESPOND}"
    return (
        head
        + "        agent = Agent(name='a', model='gpt-4.1')\n"
        + each(size, line)
        + end
        + "        yield None\n\n\nS(None)\n"
    )


STRUCTURES: dict[str, Structure] = {
    "diamonds of classes": lambda size: {
        "a.py": STORE
        + "class A0(Store): ...\n"
        + each(_DEEP * size, "class L#(A#-1): ...\nclass R#(A#-1): ...\nclass A#(L#, R#): ...\n")
        + f"A{_DEEP * size}()\n"
    },
    "a chain of classes": lambda size: {
        "a.py": f"{STORE}class C0(Store): ...\n" + each(_DEEP * size, "class C#(C#-1): ...\n") + f"C{_DEEP * size}()\n"
    },
    "a chain of classes with methods": lambda size: {
        "a.py": f"{STORE}class C0(Store): ...\n"
        + each(
            size,
            "class C#(C#-1):\n    async def save_thread(self, thread, context):\n        await super().save_thread(thread, context)\n",
        )
        + f"C{size}()\n"
    },
    "a class with many bases": lambda size: {
        "a.py": STORE
        + each(size, "class C#(Store): ...\n")
        + f"class D({', '.join(f'C{n}' for n in range(1, size + 1))}): ...\nD()\n"
    },
    "many stores": lambda size: {"a.py": STORE + each(size, "class S#(Store):\n    x = 1\n\n\nS#()\n")},
    "stores of one name": lambda size: {"a.py": STORE + each(size, "class S(Store):\n    x = 1\n\n\nS()\n")},
    "stores in files": lambda size: files(size, "m#.py", STORE + "class S#(Store):\n    x = 1\n\n\nS#()\n"),
    "a chain of names": lambda size: {
        "a.py": f"{STORE}a0 = Store\n" + each(size, "a# = a#-1\n") + f"class S(a{size}): ...\n"
    },
    "a name made of itself": lambda size: {
        "a.py": f"{STORE}async def f(store):\n    page = store.load()\n"
        + each(size, "    page = page.where(#)\n")
        + "    return page.items, page()\n"
    },
    "many names": lambda size: {"a.py": STORE + each(size, "x# = 0\n")},
    "one name again and again": lambda size: {"a.py": STORE + each(size, "x = x or #\n") + "class S(x): ...\n"},
    "many calls": lambda size: {"a.py": STORE + each(size, "f(#)\n")},
    "calls of calls": lambda size: {"a.py": STORE + each(size // 64 + 1, "x# = " + "f(" * 64 + ")" * 64 + "\n")},
    "methods of methods": lambda size: {"a.py": STORE + each(size // 64 + 1, "x# = a" + ".b()" * 64 + "\n")},
    "methods of methods, deep": lambda size: {"a.py": STORE + "x = a" + ".b()" * size + "\n"},
    "attributes of attributes": lambda size: {"a.py": STORE + "x = a" + ".b" * size + "\n"},
    "attributes of attributes, often": lambda size: {"a.py": STORE + each(size // 90 + 1, "x# = a" + ".b" * 90 + "\n")},
    "texts added up": lambda size: {"a.py": STORE + "x = " + "'a' + " * size + "'b'\n"},
    "texts added up, often": lambda size: {"a.py": STORE + each(size // 90 + 1, "x# = " + "'a' + " * 90 + "'b'\n")},
    "texts beside each other": lambda size: {"a.py": STORE + "x = (\n" + "'a'\n" * size + ")\n"},
    "a long text": lambda size: {"a.py": STORE + "x = '''" + "a b\n" * size + "'''\n"},
    "texts with braces": lambda size: {"a.py": STORE + "x = f'" + "{a}" * size + "'\n"},
    "texts with braces, often": lambda size: {"a.py": STORE + each(size, "x# = f'{a}{b!r:>{c}}'\n")},
    "a list": lambda size: {"a.py": STORE + "x = [" + "1," * size + "]\n"},
    "a list of names": lambda size: {"a.py": STORE + "x = [" + "a," * size + "]\n"},
    "a dict": lambda size: {"a.py": STORE + "x = {" + each(size, "'k#': #,") + "}\n"},
    "a dict of dicts": lambda size: {"a.py": STORE + "x = {" + each(size, "'k#': {'a': [{'b': #}]},\n") + "}\n"},
    "lists in each other": lambda size: {"a.py": STORE + "x = " + "[" * size + "]" * size + "\n"},
    "a comparison": lambda size: {"a.py": STORE + "x = a" + " < b" * size + "\n"},
    "ors": lambda size: {"a.py": STORE + "x = a" + " or b" * size + "\n"},
    "bars": lambda size: {"a.py": STORE + "x: a" + " | b" * size + "\n"},
    "minus signs": lambda size: {"a.py": STORE + "x = " + "-" * size + "1\n"},
    "nots": lambda size: {"a.py": STORE + "x = " + "not " * size + "1\n"},
    "blank lines": lambda size: {"a.py": STORE + "\n" * size},
    "only comments": lambda size: {"a.py": STORE + "#\n" * size},
    "a long comment": lambda size: {"a.py": STORE + "# " + "a" * size + "\n"},
    "backslashes": lambda size: {"a.py": STORE + "x = 1" + "\\\n" * size + "\n"},
    "semicolons": lambda size: {"a.py": STORE + "x;" * size + "\n"},
    "parentheses without an end": lambda size: {"a.py": STORE + "x = " + "(" * size + "\n"},
    "functions": lambda size: {"a.py": STORE + each(size, "def f#(a, b):\n    return a\n")},
    "functions of one name": lambda size: {"a.py": STORE + each(size, "def f(a, b):\n    return f(a)\n")},
    "classes of one name": lambda size: {"a.py": STORE + "class C:\n    value: int = 1\n\n\n" * size},
    "functions of one name in a function": lambda size: {
        "a.py": STORE + "def f():\n" + "    def g(a, b):\n        return a\n" * size
    },
    "functions that call on": lambda size: {
        "a.py": STORE + each(size, "def f#(a):\n    return f#-1(a)\n") + f"f{size}(Store)\n"
    },
    "functions in each other": lambda size: {
        "a.py": STORE
        + "".join(" " * depth + f"def f{depth}():\n" for depth in range(min(size, 90)))
        + " " * 95
        + each(size, "x# = 1;")
        + "\n"
    },
    "keywords of a class": lambda size: {"a.py": STORE + "class A(" + each(size, "a#=1,\n") + "): ...\n"},
    "keywords of a pattern": lambda size: {
        "a.py": STORE + "match x:\n    case P(" + each(size, "a#=1,\n") + "): ...\n"
    },
    "names that a case catches": lambda size: {
        "a.py": STORE + "match x:\n    case [" + each(size, "a#,\n") + "]: ...\n"
    },
    "targets that a function within reads": lambda size: {
        "a.py": f"{STORE}def f():\n    {each(size, 'a# = ')}0\n    def g():\n        return [{each(size, 'a#, ')}]\n"
    },
    "lambdas beside names": lambda size: {"a.py": f"{STORE}def f():\n" + each(size, "    a# = lambda: 0\n")},
    "many parameters": lambda size: {"a.py": STORE + "def f(" + each(size, "a#, ") + "):\n    return a1\n"},
    "many keywords": lambda size: {"a.py": STORE + "f(" + each(size, "a#=#, ") + ")\n"},
    "decorators": lambda size: {"a.py": STORE + "@d\n" * size + "def f(): ...\n"},
    "decorators with calls": lambda size: {"a.py": API + each(size, "@app.get('/a#')\n") + "async def f(): ...\n"},
    "ifs": lambda size: {"a.py": STORE + "if a:\n    x = 1\n" + each(size, "elif a == #:\n    x = #\n")},
    "ifs below each other": lambda size: {
        "a.py": STORE + each(size, "if a == #:\n    S = Store\n") + "class T(S): ...\n"
    },
    "tries": lambda size: {
        "a.py": STORE + each(size, "try:\n    x = #\nexcept E:\n    x = Store\n") + "class T(x): ...\n"
    },
    "withs": lambda size: {"a.py": STORE + "with " + each(size, "f(#) as a#, ") + "g() as b:\n    pass\n"},
    "cases": lambda size: {"a.py": STORE + "match a:\n" + each(size, "    case {'a': #, **rest}:\n        x = #\n")},
    "globals": lambda size: {"a.py": STORE + "def f():\n" + each(size, "    global x#\n    x# = 1\n")},
    "dels": lambda size: {"a.py": STORE + each(size, "x# = 1\ndel x#\n")},
    "lambdas": lambda size: {"a.py": STORE + each(size, "x# = lambda a: a(#)\n")},
    "comprehensions": lambda size: {"a.py": STORE + each(size, "x# = [a for a in b if a]\n")},
    "a comprehension of many fors": lambda size: {"a.py": STORE + "x = [a" + " for a in b" * size + "]\n"},
    "walruses": lambda size: {"a.py": STORE + each(size, "(x# := #)\n")},
    "annotations": lambda size: {"a.py": STORE + each(size, "x#: 'dict[str, Store]' = {}\n")},
    "bad imports": lambda size: {"a.py": each(size, "from chatkit.stores import X#\n")},
    "bad names": lambda size: {"a.py": "from chatkit.types import (\n" + each(size, "    X#,\n") + ")\n"},
    "bad names of agents": lambda size: {"a.py": STORE + each(size, "from agents import X#\nX#()\n")},
    "a bad module, used": lambda size: {
        "a.py": each(
            size, "from chatkit import stores\n\ndef f#(e: 'stores.Store'): return isinstance(e, stores.Store)\n"
        )
    },
    "bad modules, used": lambda size: {
        "a.py": each(
            size, "from chatkit import stores as s#\n\ndef f#(e: 's#.Store'): return isinstance(e, s#.Store)\n"
        )
    },
    "bad names, used": lambda size: {
        "a.py": each(size, "from chatkit.server import Event\n\ndef f#(a: Event, b: 'list[Event]'): ...\n")
    },
    "bad names, used as others": lambda size: {
        "a.py": each(size, "from chatkit.types import FilePart as F#\n\ndef f#(a: F#, b: 'list[F#]'): ...\n")
    },
    "bad names in functions": lambda size: {
        "a.py": each(
            size,
            "def f#():\n    from chatkit.server import Event\n    from chatkit import stores\n    return stores.Store\n",
        )
    },
    "old names": lambda size: {
        "a.py": each(size, "from openai_agents import Agent as A#\nfrom chatkit.store import Store\n")
    },
    "guarded imports": lambda size: {
        "a.py": STORE + each(size, "try:\n    from chatkit.stores import S\nexcept ImportError:\n    S = None\n")
    },
    "one wrong module, imported again and again": lambda size: {
        "a.py": each(
            size,
            "import chatkit.models\nimport chatkit.stores as stores\n\n\n"
            "def f#(page: 'chatkit.models.Page', error):\n    return isinstance(error, stores.NotFoundError)\n",
        )
    },
    "one wrong name of a module, imported again and again": lambda size: {
        "a.py": each(
            size,
            "from chatkit import stores\n\n\ndef f#(error):\n    return isinstance(error, stores.NotFoundError)\n",
        )
    },
    "imports": lambda size: {"a.py": STORE + each(size, "import m#\n")},
    "imports of names": lambda size: {"a.py": STORE + each(size, "from m# import a#\n")},
    "imports with stars": lambda size: {"a.py": STORE + each(size, "from m# import *\n")},
    "imports of dots": lambda size: {
        "a.py": STORE + each(size, "from . import m#\nfrom .m# import x\n"),
        "m1.py": STORE,
    },
    "modules with stars": lambda size: files(size, "m#.py", f"from m#-1 import *\n{STORE}"),
    "modules that import each other": lambda size: files(
        size, "m#.py", f"import m#-1\nfrom m1 import x\n{STORE}x = m#-1.x\n"
    ),
    "packages in each other": lambda size: {
        "/".join(["p"] * depth) + "/__init__.py": STORE + "from .p import *\n" for depth in range(1, min(size, 200))
    },
    "codes in a comment": lambda size: {
        "a.py": f"{STORE}x = 1  # chatkit-doctor: ignore[" + ", ".join(["CK101"] * size) + "]\n"
    },
    "unknown codes in a comment": lambda size: {
        "a.py": f"{STORE}x = 1  # chatkit-doctor: ignore[" + each(size, "CK#, ") + "]\n"
    },
    "comments below each other": lambda size: {"a.py": STORE + "# chatkit-doctor: ignore[CK101]\n" * size},
    "comments that hide": lambda size: {
        "a.py": each(size, "from chatkit.stores import X#  # chatkit-doctor: ignore[CK101]\n")
    },
    "comments at the top": lambda size: {"a.py": "# chatkit-doctor: ignore-file[CK101]\n" * size + STORE},
    "models": lambda size: {"a.py": "from chatkit.types import Page\n" + each(size, "Page(items=[#])\n")},
    "models in each other": lambda size: {
        "a.py": "from chatkit.types import Page\n" + each(size // 40 + 1, "Page(data=[" * 40 + "])" * 40 + "\n")
    },
    "literals": lambda size: {"a.py": TYPES + each(size, "AssistantMessageItem(id='#', type='x', content=[])\n")},
    "unions as classes": lambda size: {
        "a.py": "from chatkit.types import ThreadItem\n" + each(size, "ThreadItem(id='#')\n")
    },
    "attributes of models": lambda size: {
        "a.py": "from chatkit.types import ThreadMetadata\ndef f(a: ThreadMetadata):\n" + each(size, "    a.x#\n")
    },
    "attributes of models that are asked for": lambda size: {
        "a.py": "from chatkit.types import ThreadMetadata\ndef f(a: ThreadMetadata):\n"
        + each(size, "    if hasattr(a, 'y#') and isinstance(a, ThreadMetadata):\n        a.x#\n")
    },
    "attributes of models, in functions": lambda size: {
        "a.py": "from chatkit.types import ThreadMetadata\n"
        + each(size, "def f#(a: ThreadMetadata):\n    b = a\n    return b.created\n")
    },
    "branches in a page": lambda size: {
        "a.py": _in_load(size, "        if after == '#':\n            rows = rows[1:]\n")
    },
    "loops in a page": lambda size: {"a.py": _in_load(size, "        for a# in rows:\n            rows = [a#]\n")},
    "steps in a page": lambda size: {"a.py": _in_load(size, "        rows = sorted(rows, key=lambda row: row.id)\n")},
    "calls in a page": lambda size: {"a.py": _in_load(size, "        rows = self.f#(rows)\n")},
    "loops in loops in a page": lambda size: {
        "a.py": _in_load(
            1,
            "".join(" " * (8 + depth) + f"for a{depth} in rows:\n" for depth in range(min(size, 80)))
            + " " * 90
            + "rows = rows;" * size
            + "\n",
        )
    },
    "whiles in a page": lambda size: {"a.py": _in_load(size, "        while rows:\n            rows = rows[#:]\n")},
    "a long query": lambda size: {
        "a.py": _in_load(
            1,
            "        rows = await db.fetch('SELECT * FROM items WHERE a = 1"
            + " AND a = 1" * size
            + " ORDER BY id LIMIT ?', limit)\n",
        )
    },
    "a query of parentheses": lambda size: {
        "a.py": _in_load(
            1, "        rows = await db.fetch('SELECT " + "(" * size + ")" * size + " FROM items LIMIT ?', limit)\n"
        )
    },
    "a query of queries": lambda size: {
        "a.py": _in_load(
            1, "        rows = await db.fetch('" + "SELECT * FROM (" * size + ")" * size + " LIMIT ?', limit)\n"
        )
    },
    "a query of quotes": lambda size: {
        "a.py": _in_load(1, "        rows = await db.fetch('''SELECT " + '"' * size + " '''" + ", limit)\n")
    },
    "a query of comments": lambda size: {
        "a.py": _in_load(1, "        rows = await db.fetch('''SELECT " + "/* -- " * size + " '''" + ", limit)\n")
    },
    "queries in a page": lambda size: {
        "a.py": _in_load(size, "        rows = await db.fetch('SELECT * FROM items WHERE id > ? LIMIT ?', after, #)\n")
    },
    "a query that grows": lambda size: {
        "a.py": _in_load(size, "        q = q + ' AND a = #'\n", "        return await db.fetch(q, limit)\n")
    },
    "a query that doubles": lambda size: {
        "a.py": _in_load(size, "        q = f'{q} {q}'\n", "        return await db.fetch('SELECT ' + q, limit)\n")
    },
    "a list that doubles": lambda size: {"a.py": _in_load(size, "        rows = rows + rows\n")},
    "a list times": lambda size: {"a.py": _in_load(size, "        rows = rows * 100000000\n")},
    "a text times": lambda size: {"a.py": _in_load(size, "        q = 'a' * 10 ** 9 + str(2 ** 2 ** 30)\n")},
    "a chain of a query": lambda size: {
        "a.py": _in_load(1, "        rows = select(Row)" + ".where(Row.id > after)" * size + "\n")
    },
    "stores with pages": lambda size: {
        "a.py": f"{STORE}{TYPES}"
        + each(
            size,
            f"class S#(Store):\n    async def save_item(self, t, item, context):\n        self.rows[t].append(item)\n\n{_LOAD}        rows = self.rows[thread_id][:limit]\n        return Page(data=rows, has_more=True)\n\n\nS#()\n",
        )
    },
    "forks in a save": lambda size: {
        "a.py": _in_save(size, "        if isinstance(thread, T#):\n            thread = thread.model_copy()\n")
    },
    "dumps that are written as JSON": lambda size: {
        "a.py": "import json\n"
        + _in_save(size, "        data# = thread.model_dump()\n        self.db.execute('REPLACE', json.dumps(data#))\n")
    },
    "rows of a pool": lambda size: {
        "a.py": _POOL
        + _in_save(
            size,
            "        row = await get_pool().fetchrow('SELECT id FROM threads')\n        thread.x = row['at'].isoformat()\n",
        )
    },
    "stores on a pool": lambda size: {
        "a.py": each(
            size,
            f"{_POOL}{STORE}class S(Store):\n    async def load_thread(self, thread_id, context):\n"
            "        row = await get_pool().fetchrow('SELECT id FROM threads')\n        return T(at=row['at'].isoformat())\n\n\nS()\n",
        )
    },
    "rows of rows": lambda size: {
        "a.py": _in_load(
            size, "        rows = await self.session.execute(select(Row))\n        rows = rows.scalars().all()\n"
        )
    },
    "rows that are saved": lambda size: {
        "a.py": "from django.db import models\nclass Row(models.Model): ...\n"
        + _in_save(size, "        row = Row(id=thread.id)\n        row.save()\n")
    },
    "stores of one name that are not async": lambda size: {
        "a.py": each(
            size,
            f"{STORE}class S(Store):\n    def delete_thread(self, thread_id, context) -> None:\n        self.threads.pop(thread_id)\n\n\ndef f(store: S) -> None:\n    store.delete_thread('#', {{}})\n",
        )
    },
    "stores that save nothing": lambda size: {
        "a.py": each(
            size,
            f"{STORE}class S#(Store):\n    def __init__(self):\n        self.items = {{}}\n\n"
            "    async def add_thread_item(self, thread_id, item, context):\n        self.items[thread_id].append(item)\n\n"
            "    async def save_item(self, thread_id, item, context):\n        pass\n\n\nS#()\n",
        )
    },
    "doubles of a test": lambda size: {
        "tests/test_a.py": each(
            size,
            f"{STORE}class S(Store):\n    async def save_thread(self, thread):\n        pass\n\n\ndef test():\n    f(S())\n",
        )
    },
    "templates of widgets": lambda size: {
        "a.py": each(
            size,
            "from chatkit.widgets import WidgetTemplate\nrows = WidgetTemplate.from_file('a.widget')\nrows.build({'a': #})\n",
        ),
        "a.widget": '{"version": "1.0", "name": "A", "template": "{\\"type\\":\\"Card\\"}", "jsonSchema": {"required": ["a"]}}',
    },
    "a global that is set": lambda size: {
        "a.py": STORE
        + each(size, "pool = None\n\ndef start#():\n    global pool\n    pool = connect(#)\n")
        + "class S(Store):\n    async def save_thread(self, thread, context):\n"
        + each(size, "        pool.execute(#)\n")
        + "\nS()\n"
    },
    "servers of one name with stores": lambda size: {
        "a.py": each(size, f"{SERVER}{STORE}class S(Store): ...\nclass C(ChatKitServer): ...\n\n\nserver = C(S())\n")
    },
    "slices that are not named": lambda size: {
        "a.py": f"from django.db import models\n{STORE}{TYPES}class Row(models.Model): ...\nclass S(Store):\n"
        "    async def load_threads(self, limit, after, order, context):\n"
        + each(
            size,
            "        rows# = list(Row.objects.all()[:limit])\n        return Page(data=[T(**row.data) for row in rows#])\n",
        )
        + "\nS()\n"
    },
    "slices of rows": lambda size: {
        "a.py": "from django.db import models\nclass Row(models.Model): ...\n"
        + _in_load(
            size,
            "        rows = Row.objects.order_by('a#')\n        for row in rows.filter(id=#)[:#]:\n            f(row)\n",
        )
    },
    "stores in memory that sort": lambda size: {
        "a.py": each(
            size,
            f"{STORE}class S#(Store):\n    def __init__(self):\n        self.items = []\n\n{_LOAD}"
            "        open('a').close()\n        return Page(data=sorted(self.items, key=lambda each: each.created_at))\n\n\n"
            "s# = S#()\ns#.save_thread(1)\n",
        )
    },
    "tables": lambda size: {
        "a.py": STORE
        + "from sqlalchemy import Column, JSON\n"
        + each(size, "class T#(Base):\n    data = Column(JSON)\ndef f#(t: T#):\n    t.data.append(1)\n")
    },
    "one Json column": lambda size: {
        "a.py": STORE
        + "from sqlalchemy import Column, JSON\nclass T(Base):\n    data = Column(JSON)\n"
        + each(size, "def f#(t: T):\n    t.data.append(1)\n")
    },
    "calls of the store": lambda size: {
        "a.py": f"{STORE}class S(Store):\n    async def save_thread(self, thread, context): ...\n\n\nstore = S()\n"
        + each(size, "store.save_thread(#)\n")
    },
    "servers": lambda size: {
        "a.py": SERVER
        + AGENTS
        + each(
            size,
            f"class S#(ChatKitServer):\n{_RESPOND}        result = Runner.run_streamed(agent, await simple_to_agent_input(item))\n        async for event in stream_agent_response(context, result):\n            yield event\n\n\n",
        )
    },
    "servers without init": lambda size: {
        "a.py": SERVER + each(size, "class S#(ChatKitServer):\n    def __init__(self):\n        self.a = 1\n\n\nS#()\n")
    },
    "runs in a respond": lambda size: {
        "a.py": _in_respond(
            size,
            "        r# = Runner.run_streamed(agent, item.text)\n        async for event in stream_agent_response(context, r#):\n            yield event\n",
        )
    },
    "turns said again": lambda size: {
        "a.py": "def with_page(item, context):\n    return item if 'page' not in context else item.model_copy(update={})\n\n\n"
        + _in_respond(
            size,
            "        page = await self.store.load_thread_items(thread.id, None, #, 'desc', context)\n"
            "        items = list(reversed(page.data))\n        items.append(with_page(item, context))\n"
            "        items += [{'role': 'user', 'content': [{'type': 'text', 'text': item.content[0].text}]}]\n"
            "        r = Runner.run_streamed(agent, await simple_to_agent_input(items), context=context)\n"
            "        async for event in stream_agent_response(context, r):\n            yield event\n",
        )
    },
    "agents of one name": lambda size: {
        "a.py": STORE
        + AGENTS
        + "MODEL = 'gpt-5'\n"
        + each(size, "MODEL = 'litellm/#'\ntool = {'a': #}\nagent = Agent(name='a', model=MODEL, tools=[tool])\n")
    },
    "models of one helper": lambda size: {
        "a.py": f"{STORE}{AGENTS}def setting(name):\n"
        + each(size, "    if name == '#':\n        return name\n    if name:\n        return 'x/#'\n")
        + "\n\nagent = Agent(name='a', model=setting('x'))\n"
    },
    "columns of rows": lambda size: {
        "a.py": f"{STORE}from sqlalchemy import JSON, Column\n\n\nclass Row(Base):\n    items = Column(JSON)\n\n\nclass S(Store):\n"
        "    async def save_thread(self, thread, context):\n"
        + each(size, "        row = session.get(Row, #)\n        row.items = thread.model_dump()\n")
        + "\n\nS()\n"
    },
    "changes of rows": lambda size: {
        "a.py": "from chatkit.types import Page\nfrom sqlalchemy import JSON, Column\n\n\nclass Row:\n"
        "    items = Column(JSON)\n\n\ndef change(session):\n"
        + each(
            size,
            "    row# = session.get(Row, #)\n    held# = row#.items\n    held#.append(#)\n    row#.items.append(#)\n",
        )
    },
    "branches in a respond": lambda size: {
        "a.py": _in_respond(
            size,
            "        if a == #:\n            yield ThreadItemDoneEvent(item=AssistantMessageItem(id='x', content=[]))\n",
        )
    },
    "one agent's name in responds without a history": lambda size: {
        "a.py": f"{SERVER}{AGENTS}from agents.extensions.models.litellm_model import LitellmModel\n"
        + each(
            size,
            "\n\nassistant = Agent(name='a', model=LitellmModel(model='x/y'), tools=[f])\n\n\n"
            f"class S#(ChatKitServer):\n{_RESPOND}"
            "        result = Runner.run_streamed(assistant, await simple_to_agent_input(item), context=context)\n"
            "        async for event in stream_agent_response(context, result):\n            yield event\n",
        )
    },
    "returns in a respond": lambda size: {"a.py": _in_respond(size, "        if a == #:\n            return\n")},
    "names in a respond": lambda size: {
        "a.py": _in_respond(size, "        x# = x#-1\n", f"        Runner.run_streamed(agent, x{size})\n")
    },
    "lists in a respond": lambda size: {
        "a.py": _in_respond(size, "        x = x + [item]\n", "        Runner.run_streamed(agent, x)\n")
    },
    "awaits": lambda size: {"a.py": _in_respond(size, "        await stream_agent_response(context, x#)\n")},
    "comparisons of types": lambda size: {
        "a.py": _in_respond(size, "        if item.type == 'x#':\n            pass\n")
    },
    "helpers of a respond": lambda size: {
        "a.py": SERVER
        + AGENTS
        + each(size, "async def f#(a):\n    async for e in f#-1(a):\n        yield e\n")
        + f"class S(ChatKitServer):\n{_RESPOND}        async for e in f{size}(item):\n            yield e\n"
    },
    "agents": lambda size: {
        "a.py": STORE + AGENTS + each(size, "a# = Agent(name='a', model='gpt-4-vision-preview', tools=[f#])\n")
    },
    "agents that hand off": lambda size: {
        "a.py": SERVER
        + AGENTS
        + "a0 = Agent(name='a')\n"
        + each(size, "a# = Agent(name='a', model='litellm/x', handoffs=[a#-1, a0])\n")
        + f"class S(ChatKitServer):\n{_RESPOND}        Runner.run_streamed(a{size}, item)\n        yield 1\n"
    },
    "agents with tools": lambda size: {
        "a.py": SERVER
        + AGENTS
        + "from agents import WebSearchTool\nAgent(name='a', model='litellm/x', tools=["
        + each(size, "WebSearchTool(), ")
        + "])\n"
    },
    "models by name": lambda size: {"a.py": STORE + AGENTS + each(size, "MODEL_# = 'gpt-4-vision-preview'\n")},
    "endpoints": lambda size: {
        "a.py": API
        + each(
            size,
            "@app.post('/chat#')\nasync def chat#(request: Request):\n    return await server.process(await request.body(), {})\n",
        )
    },
    "an endpoint of branches": lambda size: {
        "a.py": API
        + "@app.post('/chat')\nasync def chat(request: Request):\n    r = await server.process(await request.body(), {})\n"
        + each(size, "    if a == #:\n        return r\n")
    },
    "an endpoint of results": lambda size: {
        "a.py": "from chatkit.server import StreamingResult\nfrom fastapi import FastAPI\napp = FastAPI()\n\n"
        "@app.post('/chat')\nasync def chat(request):\n    server = given()\n"
        + each(size, "    r# = await server.process(await request.body(), {})\n")
        + "    if isinstance(r1, StreamingResult):\n        return r1\n"
    },
    "routers": lambda size: {
        "a.py": API
        + "from fastapi import APIRouter\n"
        + each(size, "r# = APIRouter(prefix='/a')\nr#-1.include_router(r#)\n")
        + f"@r{size}.post('/x')\nasync def f(): ...\n"
    },
    "middlewares": lambda size: {
        "a.py": API + each(size, "app.add_middleware(CORSMiddleware, allow_origins=['http://a#'])\n")
    },
    "origins": lambda size: {
        "a.py": API + "app.add_middleware(CORSMiddleware, allow_origins=[" + each(size, "'http://a#', ") + "])\n"
    },
    "routes that are matched": lambda size: {
        "a.py": API + each(size, "@app.post('/{a}/{b#}')\nasync def chat#(request: Request): ...\n"),
        "a.html": "<openai-chatkit></openai-chatkit><script>document.querySelector('openai-chatkit').setOptions({ api: { url: '/x/y/z', domainKey: 'k' } })</script>",
    },
}
