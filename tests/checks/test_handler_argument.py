"""CK421: spellings of handlers and listeners that a page cannot hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.scanning import Folder

_HOOK = (
    "import {{ useChatKit }} from '@openai/chatkit-react'\n"
    "export const useChat = () => useChatKit({{ api: {{ url: '/c', domainKey: 'k' }}, {handler} }})\n"
)
_LISTENER = "const chat = document.querySelector('openai-chatkit')\nchat.addEventListener({listener})\n"


@pytest.mark.parametrize(
    ("handler", "span"),
    [
        ("onThreadChange(id) { localStorage.setItem('t', id) }", "id"),
        ("onThreadChange: function (id) { sessionStorage.thread = id }", "id"),
        ("onThreadChange: async (id) => { await fetch(`/threads/${id}`) }", "id"),
        ("onThreadChange: (thread) => console.log(thread!.id)", "thread!.id"),
        ("onThreadChange: (thread) => { const id = thread.id; console.log(id) }", "thread.id"),
        ("onThreadChange: (event) => { const { thread } = event; console.log(thread) }", "thread"),
        ("onError: (error) => console.log('failed: ' + error)", "error"),
        ("onError: ({ message: text }) => console.log(text)", "message: text"),
        ("onError: ({ message = 'failed' }) => console.log(message)", "message = 'failed'"),
        ("onError: ({ detail: { error } }) => console.log(error)", "error"),
        ("onResponseEnd: (response) => console.log(response.text)", "response.text"),
    ],
)
def test_handlers(handler: str, span: str, tmp_path: Path) -> None:
    assert Folder(tmp_path, "CK421").spans({"chat.ts": _HOOK.format(handler=handler)}) == [span]


@pytest.mark.parametrize(
    "handler",
    [
        "onThreadChange: (id) => keep(id)",
        "onThreadChange: (event) => localStorage.setItem('t', JSON.stringify(event))",
        "onThreadChange: (event) => { const { threadId } = event; console.log(threadId) }",
        "onThreadChange: ({ ...rest }) => console.log(rest.id)",
        "onThreadChange: (event) => console.log(event[name])",
        "onThreadChange: (event) => { event = event || {}; console.log(event.threadId) }",
        "onThreadChange: (id) => { const show = (id: string) => `${id}`; show(id.threadId) }",
        "onError: (error) => console.error(error)",
        "onError: (...all) => console.error(all)",
        "onResponseEnd: (response) => console.log(response?.text)",
        "onResponseEnd: () => undefined",
        "onClientTool: (call) => call.anything",
    ],
)
def test_right_or_unknown_handlers(handler: str, tmp_path: Path) -> None:
    assert Folder(tmp_path, "CK421").spans({"chat.ts": _HOOK.format(handler=handler)}) == []


@pytest.mark.parametrize(
    ("listener", "fixed"),
    [
        ("'chatkit.error', (e) => alert(e.message)", "'chatkit.error', (e) => alert(e.detail.error.message)"),
        ("'chatkit.error', (e) => alert(e?.error)", "'chatkit.error', (e) => alert(e?.detail.error)"),
        (
            "'chatkit.error', ({ detail }) => alert(`${detail}`)",
            "'chatkit.error', ({ detail }) => alert(`${detail.error}`)",
        ),
        (
            "'chatkit.tool.change', ({ toolId: id }) => alert(id)",
            "'chatkit.tool.change', ({ detail: { toolId: id } }) => alert(id)",
        ),
        ("'chatkit.log', (e) => alert(e.detail.message)", None),
    ],
)
def test_listeners(listener: str, fixed: str | None, tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK421")
    text = _LISTENER.format(listener=listener)
    assert len(folder.findings({"chat.js": text})) == 1
    assert folder.fixed({"chat.js": text}, "chat.js") == (_LISTENER.format(listener=fixed) if fixed else None)


def test_a_function_that_others_may_call_is_not_rewritten(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "CK421")
    text = "const keep = (id) => localStorage.setItem('t', id)\n" + _HOOK.format(handler="onThreadChange: keep")
    assert folder.spans({"chat.js": text}) == ["id"]
    assert folder.fixed({"chat.js": text}, "chat.js") is None


def test_a_hook_of_another_package_has_handlers_of_its_own(tmp_path: Path) -> None:
    text = _HOOK.format(handler="onError: (e) => alert(e.message)").replace("@openai", "@xpert-ai")
    assert Folder(tmp_path, "CK421").spans({"chat.js": text}) == []
