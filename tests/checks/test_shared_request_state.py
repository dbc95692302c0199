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
