"""CK409 and CK410: what keeps the open thread, what forgets it, and what their fixes write."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chatkit_doctor.checks.threads.new_chat_not_cleared import new_chat_not_cleared
from chatkit_doctor.checks.threads.thread_not_persisted import thread_not_persisted
from chatkit_doctor.finding import Applicability, Finding, Fix, Severity
from tests.checks.scanning import Folder
from tests.checks.web_fixes import fixed, spans
from tests.projects import judge, project_of

_REACT = "import { ChatKit, useChatKit } from '@openai/chatkit-react';\n"
_API = "api: { url: '/c', domainKey: 'k' }"


def _component(options: str, before: str = "", top: str = "", after: str = "") -> dict[str, str]:
    """Return a component that hands options, written behind `api`, to the hook."""
    lines = (
        top,
        "export function Chat(props) {",
        before and f"  {before}",
        f"  const chat = useChatKit({{ {_API}, {options} }});",
        after and f"  {after}",
        "  return <ChatKit control={chat.control} />;",
        "}",
    )
    return {"Chat.tsx": _REACT + "\n".join(filter(None, lines)) + "\n"}


def _page(options: str, before: str = "", path: str = "index.html") -> dict[str, str]:
    return {
        path: "<openai-chatkit id='chat'></openai-chatkit>\n<script>\nconst chat = document.getElementById('chat');\n"
        f"{before}\nchat.setOptions({{ {_API}, {options} }});\n</script>\n"
    }


def _lost(root: Path, files: dict[str, str]) -> list[Finding]:
    return list(judge(thread_not_persisted, project_of(root, files)))


# The options forget the thread (CK409).

_FORGETFUL = {
    "neither option": _component("theme: 'dark'"),
    "null": _component("initialThread: null"),
    "undefined": _component("initialThread: undefined"),
    "a handler that logs": _component("onThreadChange: ({ threadId }) => { console.log('thread', threadId); }"),
    "state of the component": _component(
        "onThreadChange: ({ threadId }) => setThreadId(threadId)",
        before="const [threadId, setThreadId] = useState(null);",
        top="import { useState } from 'react';",
    ),
    "a ref": _component(
        "onThreadChange: ({ threadId }) => { open.current = threadId; }", before="const open = useRef(null);"
    ),
    "a handler that takes no id": _component("onThreadChange: () => { seen.current.clear(); props.refresh(); }"),
    "a handler that saves something else": _component("onThreadChange: () => localStorage.setItem('seen', Date.now())"),
    "own function that logs": _component(
        "onThreadChange: (event) => note(event)", top="function note(event) { console.debug(event); }"
    ),
    "a listener that logs": _page(
        "theme: 'dark'", before="chat.addEventListener('chatkit.thread.change', (e) => console.log(e.detail));"
    ),
    "element without a listener": _page("theme: 'dark'"),
}


@pytest.mark.parametrize("files", _FORGETFUL.values(), ids=_FORGETFUL)
def test_forgotten_thread_is_advice(files: dict[str, str], tmp_path: Path) -> None:
    (finding,) = _lost(tmp_path, files)

    assert finding.at.text in {"useChatKit", "setOptions"}
    assert finding.severity is None
    assert finding.message.startswith("a reload opens an empty chat")


@pytest.mark.parametrize(
    ("options", "state"),
    [("theme: 'dark'", "is not set"), ("initialThread: null", "is null"), ("initialThread: void 0", "is undefined")],
)
def test_message_says_what_the_options_hold(options: str, state: str, tmp_path: Path) -> None:
    (finding,) = _lost(tmp_path, _component(options))

    assert f"initialThread {state} and nothing keeps the id" in finding.message


_KEPT = {
    "both options": _component("initialThread: props.thread, onThreadChange: ({ threadId }) => props.keep(threadId)"),
    "useState with an initialiser": _component(
        "initialThread, onThreadChange: ({ threadId }) => save(threadId)",
        before="const [initialThread] = useState(() => localStorage.getItem('k'));",
        top="import { save } from './save';",
    ),
    "initialThread from props": _component("initialThread: props.thread ?? undefined"),
    "initialThread from the URL": _component("initialThread: new URLSearchParams(location.search).get('thread')"),
    "handler of the parent": _component("onThreadChange: ({ threadId }) => props.onThreadChange(threadId)"),
    "handler that is imported": _component("onThreadChange: keep", top="import { keep } from './keep';"),
    "handler that calls an imported function": _component(
        "onThreadChange: ({ threadId }) => keep(threadId)", top="import { keep } from '@acme/keep';"
    ),
    "store": _component(
        "onThreadChange: ({ threadId }) => setThread(threadId)",
        before="const setThread = useThreadStore((state) => state.setThread);",
        top="import { useThreadStore } from './store';",
    ),
    "cookie": _component("onThreadChange: ({ threadId }) => { document.cookie = `thread=${threadId}`; }"),
    "hash": _component("onThreadChange: ({ threadId }) => { window.location.hash = threadId; }"),
    "router": _component(
        "onThreadChange: ({ threadId }) => router.replace(`/chat/${threadId}`)", before="const router = useRouter();"
    ),
    "history": _component("onThreadChange: ({ threadId }) => history.replaceState({}, '', `?t=${threadId}`)"),
    "server": _component("onThreadChange: ({ threadId }) => { void fetch(`/last/${threadId}`, { method: 'PUT' }); }"),
    "setThreadId of ChatKit": _component(
        "theme: 'dark'", after="useEffect(() => { chat.setThreadId(localStorage.getItem('k')); }, []);"
    ),
    "setThreadId taken out": _component(
        "theme: 'dark'", after="const { setThreadId } = chat; setThreadId(props.thread);"
    ),
    "setThreadId in another file": _component("onReady: () => props.onReady(chat)")
    | {"App.tsx": "export const open = (kit, id) => kit.setThreadId(id);"},
    "listener that keeps": _page(
        "theme: 'dark'",
        before="chat.addEventListener('chatkit.thread.change', (e) => { location.hash = e.detail.threadId ?? ''; });",
    ),
    "listener elsewhere": _page("theme: 'dark'")
    | {"keep.js": "import { keep } from './k';\nwindow.chatkit.addEventListener('chatkit.thread.change', keep);"},
    "a name of the event in a constant": _page(
        "theme: 'dark'",
        before="const EVENT = 'chatkit.thread.change';\nchat.addEventListener(EVENT, (e) => keep(e.detail));",
    ),
    "options of others": _component("...props.options"),
    "options of others under a condition": {
        "Chat.tsx": f"{_REACT}const base = {{ {_API} }};\n"
        "export const Chat = ({ more }) => useChatKit(more ? { ...base, ...more } : base);"
    },
    "an own id in the URL": {
        "Chat.tsx": f"{_REACT}export const Chat = ({{ conversation }}) => "
        "useChatKit({ api: { url: `/c?id=${conversation.id}`, domainKey: 'k' }, history: { enabled: false } });"
    },
    "an own id in a header": {
        "Chat.tsx": f"{_REACT}export const Chat = ({{ id }}) => useChatKit({{ api: {{ url: '/c', domainKey: 'k', "
        "fetch: (u, i) => fetch(u, { ...i, headers: { ...i.headers, 'X-Thread': id } }) } });"
    },
    "conditional option": _component("...(props.thread ? { initialThread: props.thread } : {})"),
    "options as a whole": {"Chat.tsx": f"{_REACT}export const Chat = ({{ options }}) => useChatKit(options);"},
    "hosted": {"Chat.tsx": f"{_REACT}export const useIt = () => useChatKit({{ api: {{ getClientSecret: secret }} }});"},
    "only declared": {
        "o.ts": f"import type {{ ChatKitOptions }} from '@openai/chatkit';\n"
        f"export const o: ChatKitOptions = {{ {_API} }};"
    },
    "initialThread in another file": _page("theme: 'dark'")
    | {"restore.js": "window.chatkit.setOptions({ ...window.options, initialThread: location.hash });"},
    "initialThread in a second call": _page("theme: 'dark'", before="const at = { initialThread: location.hash };"),
}


@pytest.mark.parametrize("files", _KEPT.values(), ids=_KEPT)
def test_thread_that_is_or_may_be_kept_is_quiet(files: dict[str, str], tmp_path: Path) -> None:
    assert [finding.message for finding in _lost(tmp_path, files)] == []


@pytest.mark.parametrize(
    ("options", "severity"),
    [
        ("history: { enabled: false }", Severity.WARNING),
        ("header: { enabled: false }", Severity.WARNING),
        ("history: { enabled: true }, header: { title: { enabled: false } }", None),
        ("history: { enabled: props.on }", None),
        ("history: { enabled: false }, onReady: () => chat.showHistory()", None),
    ],
)
def test_closed_way_back_makes_it_a_warning(options: str, severity: Severity | None, tmp_path: Path) -> None:
    (finding,) = _lost(tmp_path, _component(options))

    assert finding.severity is severity


# Half of it is there (CK409).

_HALF = {
    "saved": (
        _component("onThreadChange: ({ threadId }) => localStorage.setItem('k', threadId ?? '')"),
        "onThreadChange",
    ),
    "saved, null opened": (
        _component("initialThread: null, onThreadChange: ({ threadId }) => localStorage.setItem('k', threadId ?? '')"),
        "onThreadChange",
    ),
    "saved by a function": (
        _component(
            "onThreadChange: ({ threadId }) => keep(threadId)",
            top="const keep = (id) => sessionStorage.setItem('k', id);",
        ),
        "onThreadChange",
    ),
    "saved by a function of a module": (
        _component("onThreadChange: ({ threadId }) => keep(threadId)", top="import { keep } from './keep';")
        | {"keep.ts": "const KEY = 'k';\nexport function keep(id) { if (id) localStorage.setItem(KEY, id); }"},
        "onThreadChange",
    ),
    "saved by a callback": (
        _component(
            "onThreadChange: keep",
            before="const keep = useCallback(({ threadId }) => { localStorage.setItem('k', threadId); }, []);",
        ),
        "onThreadChange",
    ),
    "saved by an async handler": (
        _component("async onThreadChange({ threadId }) { await log(); localStorage.setItem('k', threadId ?? ''); }"),
        "onThreadChange",
    ),
    "saved by a listener": (
        _page(
            "theme: 'dark'",
            before="chat.addEventListener('chatkit.thread.change', (e) => {\n"
            "  localStorage.setItem('k', e.detail.threadId);\n});",
        ),
        "'chatkit.thread.change'",
    ),
    "saved, and read by a helper that only a test calls": (
        _component("onThreadChange: ({ threadId }) => localStorage.setItem('k', threadId ?? '')")
        | {"last.ts": "export const lastThread = () => localStorage.getItem('k');"}
        | {"last.test.ts": "import { lastThread } from './last';\nlastThread() === localStorage.getItem('k');"},
        "onThreadChange",
    ),
    "read": (_component("initialThread: localStorage.getItem('k')"), "initialThread"),
    "read with a fallback": (_component("initialThread: localStorage.getItem('k') ?? undefined"), "initialThread"),
    "read on a page": (_page("initialThread: sessionStorage.getItem('k')"), "initialThread"),
    "read by a state": (
        _component("initialThread: thread", before="const [thread] = useState(() => localStorage.getItem('k'));"),
        "initialThread",
    ),
    "read by a constant": (
        _component("initialThread", top="const initialThread = localStorage.getItem('k');"),
        "initialThread",
    ),
    "two keys, one read by a state": (
        _component(
            "initialThread: thread, onThreadChange: ({ threadId }) => localStorage.setItem('threadId', threadId ?? '')",
            before="const [thread] = useState(() => localStorage.getItem('thread'));",
        ),
        "initialThread",
    ),
    "two keys": (
        _component(
            "initialThread: localStorage.getItem('thread'), "
            "onThreadChange: ({ threadId }) => { localStorage.setItem('threadId', threadId); }"
        ),
        "initialThread",
    ),
}


@pytest.mark.parametrize(("files", "span"), _HALF.values(), ids=_HALF)
def test_half_done_persistence_is_a_warning(files: dict[str, str], span: str, tmp_path: Path) -> None:
    (finding,) = _lost(tmp_path, files)

    assert finding.at.text == span
    assert finding.severity is Severity.WARNING
    assert finding.fix is None or finding.fix.applicability is Applicability.UNSAFE


_SAVES = "onThreadChange: ({ threadId }) => localStorage.setItem(KEY, threadId ?? '')"
_READ_ONLY = {
    "read in an effect": _component(
        _SAVES, top="const KEY = 'k';", after="useEffect(() => open(localStorage.getItem(KEY)), []);"
    ),
    "read in another file": _component(_SAVES, top="const KEY = 'k';")
    | {"app.ts": "export const last = localStorage.getItem('k');"},
    "read under an unknown key": _component(_SAVES, top="const KEY = 'k';")
    | {"app.ts": "export const get = (k) => localStorage.getItem(k);"},
    "beside a cache that goes through all keys": _component(_SAVES, top="const KEY = 'k';")
    | {
        "cache.ts": "export function old() {\n  for (let i = 0; i < localStorage.length; i++) {\n"
        "    const key = localStorage.key(i);\n    if (key[0] === 'p') localStorage.removeItem(key);\n  }\n}\n"
    },
    "read by a helper that is called": _component(_SAVES, top="const KEY = 'k';")
    | {"last.ts": "export const last = () => localStorage.getItem('k');"}
    | {"App.tsx": "import { last } from './last';\nopen(last());"},
    "read by a helper that has no name": _component(_SAVES, top="const KEY = 'k';")
    | {"last.ts": "export default function last() { return localStorage.getItem('k'); }"},
    "read by a component": _component(_SAVES, top="const KEY = 'k';")
    | {"Last.tsx": "export const Last = () => <a href={localStorage.getItem('k') ?? ''} />;"},
    "read, and given to a store of the same name": _component(_SAVES, top="const KEY = 'k';")
    | {
        "store.ts": "export const useStore = create((set) => ({ setThreadId: (id) => set({ id }) }));\n"
        "export const pick = (state) => state.setThreadId;\n",
        "App.tsx": "const { setThreadId } = useStore();\nsetThreadId(localStorage.getItem('k'));\n",
    },
    "read, beside a table of the events": _component(_SAVES, top="const KEY = 'k';")
    | {
        "vendor.ts": "export const MAP = { 'chatkit.thread.change': 'onThreadChange' };\n"
        "export interface Events { 'chatkit.thread.change': CustomEvent }\nlocalStorage.getItem('k');\n",
    },
}
_WHOLE = {
    "read, and opened by the method": _component(_SAVES, top="const KEY = 'k';")
    | {"open.ts": "document.querySelector('openai-chatkit').setThreadId(localStorage.getItem('k'));"},
    "read, and opened by what the hook returns": _component(
        _SAVES, top="const KEY = 'k';", after="const { setThreadId: show } = chat; show(localStorage.getItem(KEY));"
    ),
    "read, and opened by a ref": _component(_SAVES, top="const KEY = 'k';")
    | {"open.ts": "const box = useRef(null);\nbox.current?.setThreadId(localStorage.getItem('k'));"},
    "read, and opened elsewhere": _component(_SAVES, top="const KEY = 'k';")
    | {"open.ts": "export const last = { initialThread: localStorage.getItem('k') };"},
    "read by an index": _component(_SAVES, top="const KEY = 'k';", after="props.open(localStorage[KEY]);"),
    "read by an alias": _component(_SAVES, top="const KEY = 'k';")
    | {"app.ts": "const storage = window.localStorage;\nstorage.getItem('k');"},
    "read by a hook": _component(_SAVES, top="const KEY = 'k';", after="const [last] = useLocalStorage(KEY);"),
    "saved under an unknown key": _component(
        "onThreadChange: ({ threadId }) => localStorage.setItem(props.key, threadId)"
    ),
    "read and saved": _component("initialThread: localStorage.getItem('k')")
    | {"app.ts": "export const keep = (id) => localStorage.setItem('k', id);"},
    "read into a variable that changes": _component(
        "initialThread: thread", before="let thread = localStorage.getItem('k'); if (props.id) thread = props.id;"
    ),
    "read, heard by a listener": _page(
        "initialThread: localStorage.getItem('k')", before="chat.addEventListener('chatkit.thread.change', keep);"
    ),
}


@pytest.mark.parametrize("files", _WHOLE.values(), ids=_WHOLE)
def test_persistence_that_may_be_whole_is_quiet(files: dict[str, str], tmp_path: Path) -> None:
    assert [finding.message for finding in _lost(tmp_path, files)] == []


@pytest.mark.parametrize("files", _READ_ONLY.values(), ids=_READ_ONLY)
def test_an_id_that_is_read_and_never_handed_to_chatkit(files: dict[str, str], tmp_path: Path) -> None:
    assert [finding.message for finding in _lost(tmp_path, files)] == [
        "nothing hands ChatKit the id that is kept as 'k', so a reload opens an empty chat"
    ]


# The snippet that many apps start from.

_GUIDE = {
    "Chat.tsx": _REACT
    + f"""import {{ useEffect, useState }} from 'react';

export function Chat() {{
  const [initialThread, setInitialThread] = useState<string | null>(null);

  useEffect(() => {{
    const saved = localStorage.getItem('chatkit-thread-id');
    setInitialThread(saved);
  }}, []);

  const {{ control }} = useChatKit({{
    {_API},
    initialThread: initialThread,
    onThreadChange: ({{ threadId }}) => {{
      if (threadId) localStorage.setItem('chatkit-thread-id', threadId);
    }},
  }});
  return <ChatKit control={{control}} />;
}}
"""
}


def test_usual_snippet_keeps_the_thread_and_never_clears_it(tmp_path: Path) -> None:
    assert spans(thread_not_persisted, tmp_path, _GUIDE) == []
    assert spans(new_chat_not_cleared, tmp_path, _GUIDE) == ["localStorage.setItem('chatkit-thread-id', threadId)"]
    assert fixed(new_chat_not_cleared, tmp_path, _GUIDE) == {
        "Chat.tsx": _GUIDE["Chat.tsx"].replace(
            "threadId);\n    }",
            "threadId);\n      else localStorage.removeItem('chatkit-thread-id');\n    }",
        )
    }


# What the fix of CK409 writes.


def _fixed_hook(text: str, tmp_path: Path, path: str = "Chat.tsx", **more: str) -> str:
    return fixed(thread_not_persisted, tmp_path, {path: _REACT + text, **more})[path].removeprefix(_REACT)


def test_one_line_options_get_a_line_for_each_member(tmp_path: Path) -> None:
    text = "export const useIt = () => useChatKit({ api: { url: '/c' }, theme: 'dark' });\n"

    assert _fixed_hook(text, tmp_path) == (
        "export const useIt = () => useChatKit({\n"
        "  api: { url: '/c' },\n"
        "  initialThread: localStorage.getItem('chatkit-thread-id'),\n"
        "  onThreadChange: ({ threadId }) => {\n"
        "    if (threadId) localStorage.setItem('chatkit-thread-id', threadId);\n"
        "    else localStorage.removeItem('chatkit-thread-id');\n"
        "  },\n"
        "  theme: 'dark',\n"
        "});\n"
    )


def test_one_line_options_with_a_comment_keep_it_in_its_place(tmp_path: Path) -> None:
    text = "export const useIt = () => useChatKit({ api: { url: '/c' }, /* see docs */ theme: 'dark' });\n"

    assert "/* see docs */ theme: 'dark'" in _fixed_hook(text, tmp_path)


def test_tabs_crlf_double_quotes_and_missing_semicolons_are_kept(tmp_path: Path) -> None:
    text = (
        'import { ChatKit, useChatKit } from "@openai/chatkit-react"\r\n'
        "export function useIt() {\r\n\treturn useChatKit({\r\n\t\t// own server\r\n"
        '\t\tapi: { url: "/c" }\r\n\t\t// the end\r\n\t})\r\n}\r\n'
    )

    read_once = (
        'import { useState } from "react"\r\n'
        "export function useIt() {\r\n"
        '\tconst [savedThread] = useState(() => localStorage.getItem("chatkit-thread-id"))\r\n'
    )
    expected = text.replace("export function useIt() {\r\n", read_once)
    assert fixed(thread_not_persisted, tmp_path, {"Chat.jsx": text})["Chat.jsx"] == expected.replace(
        '"/c" }',
        '"/c" },\r\n\t\tinitialThread: savedThread,\r\n'
        "\t\tonThreadChange: ({ threadId }) => {\r\n"
        '\t\t\tif (threadId) localStorage.setItem("chatkit-thread-id", threadId)\r\n'
        '\t\t\telse localStorage.removeItem("chatkit-thread-id")\r\n\t\t}',
    )


def test_what_is_said_of_the_call_stays_above_it(tmp_path: Path) -> None:
    text = (
        "export function useIt() {\n  const open = true\n\n  // one server\n  // for all\n"
        f"  return useChatKit({{\n    {_API},\n  }})\n}}\n"
    )

    mended = _fixed_hook(text, tmp_path)

    assert "  const open = true\n\n  const [savedThread] = useState(" in mended
    assert "  // one server\n  // for all\n  return useChatKit({" in mended


@pytest.mark.parametrize("package", ["next", "@docusaurus/core", "@remix-run/react"])
def test_frameworks_that_render_on_a_server_are_asked_for_window(package: str, tmp_path: Path) -> None:
    text = f"export const useIt = () => useChatKit({{\n  {_API},\n}});\n"
    mended = _fixed_hook(
        text, tmp_path, path="web/app/Chat.tsx", **{"web/package.json": f'{{"dependencies": {{"{package}": "1"}}}}'}
    )

    assert "initialThread: typeof window === 'undefined' ? null : localStorage.getItem(" in mended


def test_untyped_options_of_a_script_in_typescript_get_a_typed_handler(tmp_path: Path) -> None:
    text = f"export function useIt() {{\n  const options = {{\n    {_API},\n  }};\n  return useChatKit(options);\n}}\n"

    assert "({ threadId }: { threadId: string | null }) =>" in _fixed_hook(text, tmp_path)
    assert "({ threadId }) =>" in _fixed_hook(text, tmp_path / "js", path="Chat.jsx")


@pytest.mark.parametrize("none", ["null", "undefined"])
def test_whoever_writes_that_no_thread_is_opened_may_mean_it(tmp_path: Path, none: str) -> None:
    text = f"export const useIt = () => useChatKit({{\n  {_API},\n  initialThread: {none}, // none\n}});\n"

    assert [found.fix for found in _lost(tmp_path, {"Chat.tsx": _REACT + text})] == [None]


_TWO = """
export function Both() {{
  const one = useChatKit({{ api: {{ url: '{first}', domainKey: 'k' }} }});
  const two = useChatKit({{ api: {{ url: '{second}', domainKey: 'k' }} }});
  return [one, two];
}}
"""


@pytest.mark.parametrize(("second", "keys"), [("/b", 2), ("/a", 1)])
def test_two_chats_of_a_component_have_names_of_their_own(tmp_path: Path, second: str, keys: int) -> None:
    mended = _fixed_hook(_TWO.format(first="/a", second=second), tmp_path)

    assert "const [savedThread] = useState(" in mended
    assert "const [savedThread2] = useState(" in mended
    assert "initialThread: savedThread," in mended
    assert "initialThread: savedThread2," in mended
    assert len(set(re.findall(r"getItem\('(.*?)'\)", mended))) == keys


@pytest.mark.parametrize(
    ("line", "call"),
    [
        ("import { useState } from './store.js';\n", "useReactState(() => "),
        ("import { useState as useIt2 } from 'react';\n", "useIt2(() => "),
        ("import React from 'react';\n", "React.useState(() => "),
        ("import * as R from 'react';\n", "R.useState(() => "),
        ("import type { FC } from 'react';\n", "useState(() => "),
    ],
)
def test_the_hook_is_reacts_whatever_the_file_calls_it(tmp_path: Path, line: str, call: str) -> None:
    text = f"{line}export function useIt() {{\n  return useChatKit({{\n    {_API},\n  }});\n}}\n"

    mended = _fixed_hook(text, tmp_path)

    assert f"const [savedThread] = {call}" in mended
    assert line in mended


@pytest.mark.parametrize(
    "files",
    [
        {"package.json": '{"dependencies": {"next-auth": "5"}}'},
        {"api.ts": "export const call = () => fetch('/x', { headers: { Authorization: 'Bearer ' + token } })"},
    ],
)
def test_where_people_sign_in_the_fix_is_unsafe(tmp_path: Path, files: dict[str, str]) -> None:
    text = f"export function useIt() {{\n  return useChatKit({{\n    {_API},\n  }});\n}}\n"

    def applicability(root: Path, more: dict[str, str]) -> list[Applicability | Fix | None]:
        found = _lost(root, {"Chat.tsx": _REACT + text, **more})
        return [each.fix and each.fix.applicability for each in found]

    assert applicability(tmp_path / "alone", {}) == ["safe"]
    assert applicability(tmp_path / "signed", files) == ["unsafe"]


def test_missing_half_uses_the_key_and_the_storage_of_the_other(tmp_path: Path) -> None:
    text = (
        "const KEY = 'open';\nexport function useIt() {\n"
        f"  return useChatKit({{\n    {_API},\n    initialThread: window.sessionStorage.getItem(KEY),\n  }});\n}}\n"
    )

    assert _fixed_hook(text, tmp_path) == text.replace(
        "getItem(KEY),\n",
        "getItem(KEY),\n    onThreadChange: ({ threadId }) => {\n"
        "      if (threadId) window.sessionStorage.setItem(KEY, threadId);\n"
        "      else window.sessionStorage.removeItem(KEY);\n    },\n",
    )


def test_key_out_of_reach_is_written_out(tmp_path: Path) -> None:
    text = (
        "function keep(id) {\n  const key = 'open';\n  localStorage.setItem(key, id);\n}\n"
        f"export const useIt = () => useChatKit({{\n  {_API},\n"
        "  onThreadChange: ({ threadId }) => keep(threadId),\n});\n"
    )

    assert "initialThread: localStorage.getItem('open')," in _fixed_hook(text, tmp_path)


def test_saving_listener_of_a_page_gets_the_option_only(tmp_path: Path) -> None:
    files = _HALF["saved by a listener"][0]
    mended = fixed(thread_not_persisted, tmp_path, files)["index.html"]

    assert mended.count("addEventListener") == 1
    assert "initialThread: localStorage.getItem('k')" in mended


def test_optional_call_of_the_element_is_kept_for_the_listener(tmp_path: Path) -> None:
    text = f"const chatkit = document.querySelector('openai-chatkit');\nchatkit?.setOptions({{\n  {_API},\n}});\n"

    assert fixed(thread_not_persisted, tmp_path, {"main.js": text})["main.js"] == text.replace(
        "'k' },\n",
        "'k' },\n  initialThread: localStorage.getItem('chatkit-thread-id'),\n",
    ) + (
        "chatkit?.addEventListener('chatkit.thread.change', ({ detail }) => {\n"
        "  if (detail.threadId) localStorage.setItem('chatkit-thread-id', detail.threadId);\n"
        "  else localStorage.removeItem('chatkit-thread-id');\n"
        "});\n"
    )


_NO_FIX = {
    "a receiver that is no name": {
        "main.js": f"document.querySelector('openai-chatkit').setOptions({{ {_API} }});",
    },
    "several calls": {
        "main.js": "const chatkit = document.querySelector('openai-chatkit');\n"
        f"chatkit.setOptions({{ {_API} }});\nfunction dark() {{ chatkit.setOptions({{ {_API}, theme: 'dark' }}); }}",
    },
    "options of a module": {
        "chat.tsx": f"{_REACT}import {{ options }} from './options';\nexport const useIt = () => useChatKit(options);",
        "options.ts": f"export const options = {{ {_API} }};",
    },
    "options made when the module loads": {
        "chat.tsx": f"{_REACT}const options = {{ {_API} }};\nexport const useIt = () => useChatKit(options);",
    },
    "a type without handlers": {
        "chat.tsx": "import { type ChatKitOptions, useChatKit } from '@openai/chatkit-react';\n"
        "export function useIt() {\n"
        f"  const options: ChatKitOptions = {{ {_API} }};\n  return useChatKit(options);\n}}",
    },
}


_MERGED = {
    "({ threadId }) => note(threadId)": "({ threadId }) => {\n      SAVE(threadId)\n      note(threadId)\n    }",
    "(e) => { note(e) }": "(e) => {\n      SAVE(e.threadId)\n      note(e)\n    }",
    "e => {}": "e => {\n      SAVE(e.threadId)\n    }",
    "({ threadId: id }) => {\n      // say it\n      note(id)\n    }": (
        "({ threadId: id }) => {\n      SAVE(id)\n      // say it\n      note(id)\n    }"
    ),
    "async ({ threadId }) => {\n      note(threadId)\n    }": (
        "async ({ threadId }) => {\n      SAVE(threadId)\n      note(threadId)\n    }"
    ),
    "({ detail }) => note(detail)": "",
    "(...given) => note(given)": "",
    "() => note()": "",
}


@pytest.mark.parametrize(("handler", "merged"), _MERGED.items())
def test_a_handler_that_is_there_saves_the_thread_as_well(handler: str, merged: str, tmp_path: Path) -> None:
    text = (
        "import { useChatKit } from '@openai/chatkit-react'\nimport { useState } from 'react'\n"
        "const note = (x) => console.log(x)\n"
        "export function Chat() {\n  return useChatKit({\n    api: { url: '/chatkit', domainKey: 'k' },\n"
        f"    onThreadChange: {handler},\n  }})\n}}\n"
    )
    found = _lost(tmp_path, {"Chat.jsx": text})
    fix = found[0].fix if found else None
    assert (fix is not None) is bool(merged)
    if fix is None:
        return
    for edit in sorted(fix.edits, key=lambda each: each.at.start, reverse=True):
        text = text[: edit.at.start] + edit.text + text[edit.at.end :]
    thread = merged.partition("SAVE(")[2].partition(")")[0]
    key = "'chatkit-thread-id'"
    saving = f"if ({thread}) localStorage.setItem({key}, {thread})\n      else localStorage.removeItem({key})"
    assert f"onThreadChange: {merged.replace(f'SAVE({thread})', saving)}," in text
    assert "    initialThread: savedThread,\n" in text
    assert f"  const [savedThread] = useState(() => localStorage.getItem({key}))\n  return" in text


@pytest.mark.parametrize("files", _NO_FIX.values(), ids=_NO_FIX)
def test_fix_is_not_offered_where_it_could_be_wrong(files: dict[str, str], tmp_path: Path) -> None:
    found = _lost(tmp_path, files)

    assert found
    assert [finding.fix for finding in found] == [None] * len(found)


def test_type_of_the_hook_takes_the_handler(tmp_path: Path) -> None:
    text = (
        "import { type UseChatKitOptions, useChatKit } from '@openai/chatkit-react';\nexport function useIt() {\n"
        f"  const options: UseChatKitOptions = {{\n    {_API},\n  }};\n  return useChatKit(options);\n}}\n"
    )

    assert (
        "onThreadChange: ({ threadId }) => {" in fixed(thread_not_persisted, tmp_path, {"chat.tsx": text})["chat.tsx"]
    )


# The saved id stays (CK410).

_OPEN = "initialThread: localStorage.getItem('k')"
_SET = "localStorage.setItem('k', threadId)"
_REMOVE = "localStorage.removeItem('k')"
_UNCLEARED = {
    "if": (
        f"({{ threadId }}) => {{ if (threadId) {_SET}; }}",
        f"({{ threadId }}) => {{ if (threadId) {_SET}; else {_REMOVE}; }}",
    ),
    "if with a block": (
        f"({{ threadId }}) => {{ if (threadId) {{ {_SET}; }} }}",
        f"({{ threadId }}) => {{ if (threadId) {{ {_SET}; }} else {{ {_REMOVE}; }} }}",
    ),
    "if with more in it": (
        f"({{ threadId }}) => {{ if (threadId !== null) {{ console.log(threadId); {_SET}; }} }}",
        f"({{ threadId }}) => {{ if (threadId !== null) {{ console.log(threadId); {_SET}; }} else {{ {_REMOVE}; }} }}",
    ),
    "and": (
        f"({{ threadId }}) => {{ threadId && {_SET}; }}",
        f"({{ threadId }}) => {{ if (threadId) {_SET}; else {_REMOVE}; }}",
    ),
    "and, as a result": (
        f"({{ threadId }}) => threadId && {_SET}",
        f"({{ threadId }}) => threadId ? {_SET} : {_REMOVE}",
    ),
    "ternary": (f"({{ threadId }}) => threadId ? {_SET} : null", f"({{ threadId }}) => threadId ? {_SET} : {_REMOVE}"),
    "ternary with work in both": (f"({{ threadId }}) => threadId ? {_SET} : console.log('none')", None),
    "early return": (
        f"({{ threadId }}) => {{ if (!threadId) return; {_SET}; }}",
        f"({{ threadId }}) => {{ if (!threadId) {{ {_REMOVE}; return; }} {_SET}; }}",
    ),
    "early return with more": (f"({{ threadId }}) => {{ if (!threadId || !props.on) return; {_SET}; }}", None),
    "two conditions": (f"({{ threadId }}) => {{ if (props.on && threadId) {_SET}; }}", None),
    "two branches": (f"({{ threadId }}) => {{ if (threadId) {_SET}; else console.log('new'); }}", None),
    "bare": (
        f"({{ threadId }}) => {{ {_SET}; }}",
        f"({{ threadId }}) => {{ if (threadId) {_SET}; else {_REMOVE}; }}",
    ),
    "bare result": (f"({{ threadId }}) => {_SET}", f"({{ threadId }}) => threadId ? {_SET} : {_REMOVE}"),
    "asserted": (
        "({ threadId }) => { localStorage.setItem('k', threadId!); }",
        f"({{ threadId }}) => {{ if (threadId) localStorage.setItem('k', threadId!); else {_REMOVE}; }}",
    ),
    "async": (
        f"async ({{ threadId }}) => {{ await props.sync(); if (threadId) {_SET}; }}",
        f"async ({{ threadId }}) => {{ await props.sync(); if (threadId) {_SET}; else {_REMOVE}; }}",
    ),
    "an event": (
        "(event) => { const id = event.threadId; if (id) localStorage.setItem('k', id); }",
        f"(event) => {{ const id = event.threadId; if (id) localStorage.setItem('k', id); else {_REMOVE}; }}",
    ),
    "in JSON": (
        "({ threadId }) => { if (threadId) localStorage.setItem('k', JSON.stringify(threadId)); }",
        f"({{ threadId }}) => {{ if (threadId) localStorage.setItem('k', JSON.stringify(threadId)); else {_REMOVE}; }}",
    ),
    "a condition of something else": (
        f"({{ threadId }}) => {{ if (props.on) {_SET}; }}",
        f"({{ threadId }}) => {{ if (props.on) if (threadId) {_SET}; else {_REMOVE}; }}",
    ),
}


@pytest.mark.parametrize(("handler", "mended"), _UNCLEARED.values(), ids=_UNCLEARED)
def test_id_that_is_never_cleared_is_found_and_removed(handler: str, mended: str | None, tmp_path: Path) -> None:
    files = _component(f"{_OPEN}, onThreadChange: {handler}")
    (span,) = spans(new_chat_not_cleared, tmp_path, files)

    assert span.startswith("localStorage.setItem('k', ")
    assert fixed(new_chat_not_cleared, tmp_path, files) == (
        {"Chat.tsx": files["Chat.tsx"].replace(handler, mended)} if mended else {}
    )


def test_message_tells_a_kept_id_from_a_null_that_is_written(tmp_path: Path) -> None:
    kept, written = (
        judge(new_chat_not_cleared, project_of(tmp_path / name, _component(f"{_OPEN}, onThreadChange: {handler}")))[
            0
        ].message
        for name, handler in (("if", _UNCLEARED["if"][0]), ("bare", _UNCLEARED["bare"][0]))
    )

    assert kept == "'k' keeps the old thread when a new chat begins, so a reload brings it back"
    assert written == "'k' becomes the text 'null' when a new chat begins, so a reload asks for a thread 'null'"


_HELPERS = {
    "function": ("const keep = (id) => { if (id) localStorage.setItem('k', id); };", "keep(threadId)", True),
    "guarded call": ("const keep = (id) => localStorage.setItem('k', id);", "{ if (threadId) keep(threadId); }", False),
    "module": ("import { keep } from './keep';", "keep(threadId)", True),
}


@pytest.mark.parametrize(("top", "call", "mends"), _HELPERS.values(), ids=_HELPERS)
def test_helpers_that_save_are_followed(top: str, call: str, mends: bool, tmp_path: Path) -> None:
    files = _component(f"{_OPEN}, onThreadChange: ({{ threadId }}) => {call}", top=top)
    if "./keep" in top:
        files["keep.ts"] = "export function keep(id: string | null) {\n  if (id) localStorage.setItem('k', id);\n}\n"

    assert spans(new_chat_not_cleared, tmp_path, files) == ["localStorage.setItem('k', id)"]
    assert bool(fixed(new_chat_not_cleared, tmp_path, files)) is mends


def test_listener_of_a_page_is_followed(tmp_path: Path) -> None:
    files = _page(
        _OPEN,
        before="chat.addEventListener('chatkit.thread.change', (e) => {\n"
        "  if (e.detail?.threadId) {\n    localStorage.setItem('k', e.detail.threadId);\n  }\n});",
    )
    mended = fixed(new_chat_not_cleared, tmp_path, files)["index.html"]

    assert "  } else {\n    localStorage.removeItem('k');\n  }\n});" in mended


_CLEARED = {
    "removed": f"({{ threadId }}) => {{ if (threadId) {_SET}; else {_REMOVE}; }}",
    "removed first": f"({{ threadId }}) => {{ {_REMOVE}; if (threadId) {_SET}; }}",
    "empty text": "({ threadId }) => localStorage.setItem('k', threadId ?? '')",
    "empty text by a ternary": "({ threadId }) => localStorage.setItem('k', threadId ? threadId : '')",
    "empty text in the other branch": (
        f"({{ threadId }}) => {{ if (threadId) {_SET}; else localStorage.setItem('k', ''); }}"
    ),
    "null in JSON": "({ threadId }) => localStorage.setItem('k', JSON.stringify(threadId))",
    "state only": "({ threadId }) => setThread(threadId)",
    "an unknown condition": f"({{ threadId }}) => {{ if (threadId !== props.thread) {_SET}; }}",
    "another function": "({ threadId }) => props.keep(threadId)",
    "something else": "({ threadId }) => { if (threadId) localStorage.setItem('k', 'yes'); }",
    "another key": "({ threadId }) => { if (threadId) localStorage.setItem('other', threadId); }",
    "a cookie": "({ threadId }) => { if (threadId) document.cookie = `k=${threadId}`; }",
    "the URL": "({ threadId }) => { if (threadId) history.replaceState(null, '', `?t=${threadId}`); }",
}


@pytest.mark.parametrize("handler", _CLEARED.values(), ids=_CLEARED)
def test_id_that_is_or_may_be_cleared_is_quiet(handler: str, tmp_path: Path) -> None:
    files = _component(f"{_OPEN}, onThreadChange: {handler}")

    assert spans(new_chat_not_cleared, tmp_path, files) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        "export const reset = () => localStorage.removeItem('k');",
        "export const reset = () => localStorage.clear();",
        "export const reset = (key) => localStorage.removeItem(key);",
        "export const reset = () => localStorage.setItem('k', '');",
        "export const reset = () => { delete localStorage['k']; };",
        "const storage = localStorage;\nexport const reset = () => storage.removeItem('k');",
    ],
)
def test_id_that_another_file_may_clear_is_quiet(elsewhere: str, tmp_path: Path) -> None:
    files = _component(f"{_OPEN}, onThreadChange: ({{ threadId }}) => {{ if (threadId) {_SET}; }}")

    assert spans(new_chat_not_cleared, tmp_path, {**files, "reset.ts": elsewhere}) == []
    assert spans(new_chat_not_cleared, tmp_path / "alone", files) != []


def test_id_that_nothing_reads_brings_nothing_back(tmp_path: Path) -> None:
    files = _component(f"onThreadChange: ({{ threadId }}) => {{ if (threadId) {_SET}; }}")

    assert spans(new_chat_not_cleared, tmp_path, files) == []


def test_hosted_apps_are_looked_at_as_well(tmp_path: Path) -> None:
    text = (
        f"{_REACT}export const useIt = () => useChatKit({{\n  api: {{ getClientSecret: secret }},\n  {_OPEN},\n"
        f"  onThreadChange: ({{ threadId }}) => {{\n    if (threadId) {_SET}\n  }},\n}})\n"
    )

    assert spans(new_chat_not_cleared, tmp_path, {"chat.tsx": text}) == [_SET]


_WITHOUT_SEMICOLONS = {
    "early return": (
        """
            if (!threadId) return // none
            localStorage.setItem('k', threadId)
        """,
        """
            if (!threadId) {
              localStorage.removeItem('k')
              return // none
            }
            localStorage.setItem('k', threadId)
        """,
    ),
    "early return in a block": (
        """
            if (threadId === null) {
              // none
              return
            }
            localStorage.setItem('k', threadId)
        """,
        """
            if (threadId === null) {
              // none
              localStorage.removeItem('k')
              return
            }
            localStorage.setItem('k', threadId)
        """,
    ),
    "if": (
        """
            if (threadId) localStorage.setItem('k', threadId) // keep
        """,
        """
            if (threadId) localStorage.setItem('k', threadId) // keep
            else localStorage.removeItem('k')
        """,
    ),
    "and": (
        """
            threadId && localStorage.setItem('k', threadId) // keep
        """,
        """
            if (threadId) localStorage.setItem('k', threadId)
            else localStorage.removeItem('k') // keep
        """,
    ),
}


@pytest.mark.parametrize(("body", "mended"), _WITHOUT_SEMICOLONS.values(), ids=_WITHOUT_SEMICOLONS)
def test_removal_has_the_style_of_a_file_without_semicolons(body: str, mended: str, tmp_path: Path) -> None:
    text = (
        f"import {{ useChatKit }} from '@openai/chatkit-react'\nexport const useIt = () => useChatKit({{\n  {_API},\n"
    )
    text += f"  {_OPEN},\n  onThreadChange: ({{ threadId }}) => {{BODY}},\n}})\n"

    assert fixed(new_chat_not_cleared, tmp_path, {"chat.tsx": text.replace("BODY", body)}) == {
        "chat.tsx": text.replace("BODY", mended)
    }


def test_forgetful_components_of_one_file_are_told_each(tmp_path: Path) -> None:
    text = (
        f"{_REACT}export const useOne = () => useChatKit({{\n  {_API},\n}});\n"
        f"export const useTwo = () => useChatKit({{\n  {_API},\n  initialThread: props.thread,\n}});\n"
    )

    assert spans(thread_not_persisted, tmp_path, {"chat.tsx": text}) == ["useChatKit"]


MEMORY_STORE = """
from chatkit.store import Store


class MemoryStore(Store[dict]):
    def __init__(self):
        self.threads: dict[str, object] = {}
"""


@pytest.mark.parametrize(
    ("store", "applicability"),
    [(MEMORY_STORE, "unsafe"), (MEMORY_STORE.replace("{}", "connect('threads.db')"), "safe")],
)
def test_keeping_a_thread_that_the_server_forgets_is_not_safe(store: str, applicability: str, tmp_path: Path) -> None:
    page = (
        "import { useChatKit } from '@openai/chatkit-react'\n"
        "export function Chat() {\n  useChatKit({ api: { url: '/chatkit', domainKey: 'local-dev' } })\n}\n"
    )

    (finding,) = judge(thread_not_persisted, project_of(tmp_path, {"backend/store.py": store, "src/Chat.jsx": page}))

    assert finding.fix
    assert finding.fix.applicability == applicability


@pytest.mark.parametrize("handler", ["", ", onThreadChange: ({ threadId }) => console.log(threadId)"])
def test_nothing_is_offered_that_the_rule_of_pairs_would_speak_against(tmp_path: Path, handler: str) -> None:
    server = (
        "from chatkit.server import ChatKitServer\nfrom fastapi import FastAPI\n\nfrom store import MemoryStore\n\n"
        "app = FastAPI()\n\n\nclass Server(ChatKitServer[dict]):\n"
        "    async def respond(self, thread, item, context):\n        yield\n\n\n"
        "server = Server(MemoryStore())\n\n\n"
        "@app.post('/chatkit')\nasync def chat(request):\n    return await server.process(await request.body(), {})\n"
    )
    options = f"{{ api: {{ url: '/chatkit', domainKey: 'local-dev' }}{handler} }}"
    page = f"import {{ useChatKit }} from '@openai/chatkit-react'\n\nexport const useIt = () => useChatKit({options})\n"
    files = {"backend/store.py": MEMORY_STORE, "backend/app.py": server, "src/Chat.jsx": page, "package.json": "{}"}
    project = project_of(tmp_path, files)

    (finding,) = judge(thread_not_persisted, project)

    assert finding.fix is None


@pytest.mark.parametrize(
    ("saving", "mended"),
    [
        ("localStorage.setItem(KEY, threadId ?? '')", "localStorage.getItem(KEY)"),
        ("window.localStorage.setItem('open', threadId ?? '')", "localStorage.getItem('open')"),
        ("sessionStorage.setItem(KEY, threadId ?? '')", None),
        ("localStorage.setItem(props.key, threadId ?? '')", None),
    ],
)
def test_an_id_is_read_under_the_key_that_it_is_saved_under(saving: str, mended: str | None, tmp_path: Path) -> None:
    files = _component(
        f"initialThread: thread, onThreadChange: ({{ threadId }}) => {saving}",
        before="const [thread] = useState(() => localStorage.getItem('thread'));",
        top="const KEY = 'k';",
    )

    assert fixed(thread_not_persisted, tmp_path, files) == (
        {"Chat.tsx": files["Chat.tsx"].replace("localStorage.getItem('thread')", mended)} if mended else {}
    )


def test_an_id_that_is_read_from_now_on_is_forgotten_in_a_new_chat(tmp_path: Path) -> None:
    files = _component(
        "initialThread: localStorage.getItem('thread'), "
        "onThreadChange: ({ threadId }) => { if (threadId) localStorage.setItem('threadId', threadId); }"
    )

    mended = fixed(thread_not_persisted, tmp_path, files)["Chat.tsx"]

    assert "initialThread: localStorage.getItem('threadId')" in mended
    assert "else localStorage.removeItem('threadId')" in mended


def test_options_of_another_module_are_added_to_where_the_hook_is_called(tmp_path: Path) -> None:
    files = {
        "options.ts": "export const options = { api: { url: '/c', domainKey: 'k' } };\n",
        "Chat.tsx": f"{_REACT}import {{ options }} from './options';\nexport function Chat() {{\n"
        "  const chat = useChatKit(options);\n  return <ChatKit control={chat.control} />;\n}\n",
    }
    result = Folder(tmp_path, "CK409").scan(files, fix=True)
    assert result.fix_result is not None
    fixed = result.fix_result.texts[tmp_path / "Chat.tsx"]

    assert "...options,\n    initialThread: savedThread,\n    onThreadChange: ({ threadId }) => {" in fixed
    assert Folder(tmp_path, "CK409").findings(files | {"Chat.tsx": fixed}) == []


@pytest.mark.parametrize(
    ("top", "made", "given"),
    [
        ("function build() {{\n  return {{ {api} }};\n}}\n", "", "build()"),
        ("const build = () => ({{ {api} }});\n", "  const options = useMemo(build, []);\n", "options"),
        ("", "  const options = useMemo(() => {{\n    return {{ {api} }};\n  }}, []);\n", "options"),
        ("", "  const build = () => {{\n    return {{ {api} }};\n  }};\n", "build()"),
    ],
    ids=["a function", "a function for useMemo", "a callback of useMemo", "a function of the component"],
)
def test_no_hook_is_called_where_react_forbids_it(top: str, made: str, given: str, tmp_path: Path) -> None:
    top, made = top.format(api=_API), made.format(api=_API)
    text = f"{top}export function Chat() {{\n{made}  const chat = useChatKit({given});\n"

    mended = _fixed_hook(f"{text}  return <ChatKit {{...chat}} />;\n}}\n", tmp_path)

    state = "  const [savedThread] = useState(() => localStorage.getItem('chatkit-thread-id'));\n"
    assert f"{made}{state}  const chat = useChatKit({{\n    ...{given},\n    initialThread: savedThread,\n" in mended


def test_a_hook_of_the_app_that_makes_the_options_may_call_others(tmp_path: Path) -> None:
    text = (
        f"function useOptions() {{\n  return {{ {_API} }};\n}}\nexport const useIt = () => useChatKit(useOptions());\n"
    )

    assert "function useOptions() {\n  const [savedThread] = useState(" in _fixed_hook(text, tmp_path)


def test_what_a_hook_of_the_app_hands_on_is_told_and_not_edited(tmp_path: Path) -> None:
    text = (
        "const useDesk = (options: Own) => useChatKit(options);\nexport function Chat() {\n"
        f"  const chat = useDesk({{ {_API} }});\n  return <ChatKit control={{chat.control}} />;\n}}\n"
    )
    (found,) = Folder(tmp_path, "CK409").findings({"Chat.tsx": _REACT + text})

    assert found.at.text == "useDesk"
    assert found.fix is None
