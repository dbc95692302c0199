"""CK321 in spellings that its page does not show."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_CLASS = """\
    from chatkit.server import ChatKitServer


    class Server(ChatKitServer[dict]):
        async def respond(self, thread, message, context):
            BODY

        async def _load(self):
            return await rows_of(self.user)


    MADE
"""
_KEPT = "self.user = context['user']\n            await rows_of(thread)\n            yield self.user"

_MADE = {
    "with the module": ("server = Server(store)", True),
    "at start-up": ("def start(app):\n        app.state.server = Server(store)", True),
    "for a global": ("def start():\n        global server\n        server = Server(store)", True),
    "in a function that keeps it": ("@lru_cache\n    def server():\n        return Server(store)", True),
    "for each request": ("def server():\n        return Server(store)", False),
    "for each request, and once in a script": (
        "def serve():\n        return Server(store)\n\n\n    def main():\n        Server(store)\n\n\n    main()",
        False,
    ),
    "for what a script starts": (
        "def app():\n        return Server(store)\n\n\n    if __name__ == '__main__':\n        app()",
        True,
    ),
    "for each user": ("@lru_cache\n    def server(user_id):\n        return Server(store)", False),
    "for each user that asks": ("servers = defaultdict(lambda: Server(store))", False),
    "for each of some": ("servers = {each: Server(store) for each in USERS}", False),
    "kept on the request": ("def add(request):\n        request.state.server = Server(store)", False),
    "kept on the view of a request": ("def post(self, request):\n        self.server = Server(store)", False),
    "kept on Flask's g": ("def before():\n        g.server = Server(store)", False),
    "nowhere": ("", False),
}


@pytest.mark.parametrize(("made", "is_told"), _MADE.values(), ids=_MADE)
def test_a_server_that_outlives_the_turn(made: str, is_told: bool, tmp_path: Path) -> None:
    spans = Folder(tmp_path, "CK321").spans(_CLASS.replace("BODY", _KEPT).replace("MADE", made))
    assert spans == (["self.user"] if is_told else [])


_SET = "self.user = context['user']"
_NEXT = "\n            "
_BODIES = {
    "read in a method": ([_SET, "await rows_of(thread)", "yield await self._load()"], 1),
    "read behind an answer": ([_SET, "yield thread.id", "yield self.user"], 1),
    "read in the answer alone": ([_SET, "yield self.user"], 0),
    "set anew before it is read": ([_SET, "await rows_of(thread)", _SET, "yield self.user"], 0),
    "of no turn": (["self.user = USER", "await rows_of(thread)", "yield self.user"], 0),
    "kept where there is none": (
        ["if not hasattr(self, 'user'):", f"    {_SET}", "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "set where a flag of the server says so": (
        ["if not self.ready:", f"    {_SET}", "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "set where what was read of it says so": (
        ["user = self.user", "if user is None:", f"    {_SET}", "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "set where it was missed": (
        ["try:", "    self.user", "except AttributeError:", f"    {_SET}", "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "held by a semaphore": (
        ["async with self.gate:", f"    {_SET}", "    await rows_of(thread)", "    yield self.user"],
        0,
    ),
    "held with a session open": (
        ["async with session() as opened:", f"    {_SET}", "    await rows_of(thread)", "    yield self.user"],
        1,
    ),
    "held by a lock that is taken by hand": (
        ["await self.gate.acquire()", _SET, "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "refused while another turn runs": (
        ["if self.busy:", "    raise Busy", "self.busy = True", _SET, "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "allowed to the user": (
        ["if not self.allows(context):", "    return", _SET, "await rows_of(thread)", "yield self.user"],
        1,
    ),
    "of a server of its own": (
        ["self = copy(self)", _SET, "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "of the application": (
        ["self.user = context['request'].app.state.user", "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "set by a turn that ends with it": (
        ["if is_command:", f"    {_SET}", "    await rows_of(thread)", "    return", "yield self.user"],
        0,
    ),
    "set in another branch": (
        ["if is_command:", f"    {_SET}", "    await rows_of(thread)", "else:", "    yield self.user"],
        0,
    ),
    "set in a branch that goes on": (
        ["if is_command:", f"    {_SET}", "await rows_of(thread)", "yield self.user"],
        1,
    ),
    "set to what it has": (
        ["self.user = self.user or context['user']", "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "set to what it may have": (
        ["self.user = getattr(self, 'user', None) or context['user']", "await rows_of(thread)", "yield self.user"],
        0,
    ),
    "never read": ([_SET, "await rows_of(thread)", "yield thread.id"], 0),
}


@pytest.mark.parametrize(("body", "count"), _BODIES.values(), ids=_BODIES)
def test_what_a_turn_sets(body: list[str], count: int, tmp_path: Path) -> None:
    text = _CLASS.replace("BODY", _NEXT.join(body)).replace("MADE", "server = Server(store)")
    assert len(Folder(tmp_path, "CK321").findings(text)) == count


def test_an_attribute_of_respond_and_action_is_told_once(tmp_path: Path) -> None:
    both = f"{_KEPT}\n\n        async def action(self, thread, action, sender, context):\n            {_KEPT}"
    text = _CLASS.replace("BODY", both).replace("MADE", "server = Server(store)")
    assert Folder(tmp_path, "CK321").spans(text) == ["self.user"]


def test_a_class_that_says_how_an_attribute_is_kept(tmp_path: Path) -> None:
    text = _CLASS.replace("BODY", _KEPT).replace("MADE", "server = Server(store)")
    kept = text.replace("dict]):\n", "dict]):\n        user = PerTask('user')\n\n")
    assert Folder(tmp_path, "CK321").findings(kept) == []
