"""The shapes in which programs keep the options that they hand to ChatKit, and the ways to the element."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.frontend.options.sites import app_options
from tests.projects import project_of
from tests.web.support import short

_REACT = "import { useChatKit } from '@openai/chatkit-react';\n"
_DARK = [{"theme": "dark"}]

_HOOK = {
    "a state": "const [o] = useState({ theme: 'dark' }); useChatKit(o);",
    "a state by a function": "const [o] = useState(() => ({ theme: 'dark' })); useChatKit(o);",
    "a ref": "const o = useRef({ theme: 'dark' }); useChatKit(o.current);",
    "a variable that is set later": "let o; o = { theme: 'dark' }; useChatKit(o);",
    "members that are set later": "const o = {}; o.theme = 'dark'; useChatKit(o);",
    "a merge": "const o = {}; Object.assign(o, { theme: 'dark' }); useChatKit(o);",
    "a clone": "const o = structuredClone({ theme: 'dark' }); useChatKit(o);",
    "a rest": "const { mode, ...o } = { mode: 1, theme: 'dark' }; useChatKit(o);",
    "a function with a parameter": "useChatKit(make('dark')); function make(theme) { return { theme }; }",
    "a default of a parameter": "useChatKit(make()); function make(theme = 'dark') { return { theme }; }",
    "a hook of one's own": "function useDesk(o) { useChatKit(o); } function C() { useDesk({ theme: 'dark' }); }",
    "a hook that spreads": "const useDesk = (o) => useChatKit({ ...o }); const C = () => useDesk({ theme: 'dark' });",
    "a hook that takes apart": (
        "const useDesk = ({ mode, ...rest }) => useChatKit(rest); const C = () => useDesk({ mode: 1, theme: 'dark' });"
    ),
    "a hook in a hook": (
        "const useA = (o) => useChatKit(o); const useB = (theme) => useA({ theme }); const C = () => useB('dark');"
    ),
    "props": "function Chat({ theme }) { useChatKit({ theme }); } const C = () => <Chat theme='dark' />;",
    "a default of a prop": "function Chat({ theme = 'dark' }) { useChatKit({ theme }); } const C = () => <Chat />;",
    "all props": "function Chat(props) { useChatKit({ ...props }); } const C = () => <Chat theme={'dark'} />;",
    "props of a memo": (
        "const Chat = memo(({ theme }) => { useChatKit({ theme }); }); const C = () => <Chat theme='dark' />;"
    ),
}
_ELEMENT = {
    "typed": "const chat: OpenAIChatKit = find(); chat.setOptions({ theme: 'dark' });",
    "handed to a function": (
        "function mount(el) { el.setOptions({ theme: 'dark' }); } mount(document.querySelector('openai-chatkit'));"
    ),
    "jQuery": "$('openai-chatkit')[0].setOptions({ theme: 'dark' });",
    "jQuery's get": "const chat = $('openai-chatkit').get(0); chat.setOptions({ theme: 'dark' });",
    "set later": "let el; el = document.createElement('openai-chatkit'); el.setOptions({ theme: 'dark' });",
    "a field of a class": (
        "class Desk { el = document.querySelector('openai-chatkit'); o = { theme: 'dark' };"
        " mount() { this.el.setOptions(this.o); } }"
    ),
    "a field that is set": (
        "class Desk { el = null; mount() { this.el = document.querySelector('openai-chatkit'); this.set(); }"
        " set() { this.el.setOptions({ theme: 'dark' }); } }"
    ),
    "the window's": (
        "window.OPTS = { theme: 'dark' }; document.querySelector('openai-chatkit').setOptions(window.OPTS);"
    ),
    "Angular": (
        "@Component({ template: '<openai-chatkit #kit></openai-chatkit>' }) class Desk {"
        " @ViewChild('kit') private el!: ElementRef; ngAfterViewInit() {"
        " this.el.nativeElement.setOptions({ theme: 'dark' }); } }"
    ),
    "Angular's signals": (
        "@Component({ template: '<openai-chatkit #kit></openai-chatkit>' }) class Desk {"
        " el = viewChild.required<ElementRef>('kit'); run() {"
        " this.el().nativeElement.setOptions({ theme: 'dark' }); } }"
    ),
}
_MARKUP = {
    "a.vue": {
        "useTemplateRef": (
            "<script setup>const el = useTemplateRef('kit'); el.value.setOptions({ theme: 'dark' })</script>"
            "<template><openai-chatkit ref='kit' /></template>"
        ),
        "$refs": (
            "<script>export default { data() { return { o: { theme: 'dark' } } },"
            " mounted() { this.$refs.kit.setOptions(this.o) } }</script>"
            "<template><openai-chatkit ref='kit' /></template>"
        ),
        "a computed": (
            "<script>export default { computed: { o() { return { theme: 'dark' } } },"
            " methods: { go() { this.$refs.kit.setOptions(this.o) } } }</script>"
            "<template><openai-chatkit ref='kit' /></template>"
        ),
    },
    "a.svelte": {
        "an action": (
            "<script>function setup(node) { node.setOptions({ theme: 'dark' }) }</script><openai-chatkit use:setup />"
        ),
        "an action with options": (
            "<script>const setup = (node) => { node.setOptions({ theme: 'dark' }) }</script>"
            "<openai-chatkit use:setup={1}></openai-chatkit>"
        ),
    },
    "a.tsx": {
        "a ref that is a function": (
            "const setup = (el) => { el?.setOptions({ theme: 'dark' }); };"
            " export const C = () => <openai-chatkit ref={setup} />;"
        ),
    },
}
_IMPORT = "import('@openai/chatkit').ChatKitOptions"
_COMMENTS = {
    "type": f"/** @type {{{_IMPORT}}} */ const o = {{ theme: 'dark' }};",
    "a part": f"/** @type {{Partial<{_IMPORT}> | null}} */ const o = {{ theme: 'dark' }};",
    "satisfies": f"const o = /** @satisfies {{{_IMPORT}}} */ ({{ theme: 'dark' }});",
    "a cast": f"send(/** @type {{{_IMPORT}}} */ ({{ theme: 'dark' }}));",
    "a typedef": f"/** @typedef {{{_IMPORT}}} Opts */\n/** @type {{Opts}} */ export const o = {{ theme: 'dark' }};",
    "an import": (
        "/** @import { ChatKitOptions as Opts } from '@openai/chatkit' */\n"
        "/** @type {Opts} */ const o = { theme: 'dark' };"
    ),
    "returns": f"/** @returns {{{_IMPORT}}} */ function make() {{ return {{ theme: 'dark' }}; }}",
    "a field": f"class Desk {{ /** @type {{{_IMPORT}}} */ o = {{ theme: 'dark' }}; }}",
}
_OTHERS = {
    "another type": "/** @type {import('./own').ChatKitOptions} */ const o = { theme: 'dark' };",
    "an element of another tag": "$('own-chat')[0].setOptions({ theme: 'dark' });",
    "another element handed over": (
        "function mount(el) { el.setOptions({ theme: 'dark' }); } mount(document.querySelector('own-chat'));"
    ),
    "a template variable of another": (
        "@Component({ template: '<own-chat #kit></own-chat>' }) class Desk { @ViewChild('kit') el;"
        " run() { this.el.nativeElement.setOptions({ theme: 'dark' }); } }"
    ),
}


def _found(root: Path, files: dict[str, str]) -> list[object]:
    project = project_of(root, {"package.json": '{ "dependencies": { "@openai/chatkit-react": "1" } }', **files})
    return [short(site.value) for app in project.apps for site in app_options(app)]


@pytest.mark.parametrize("text", _HOOK.values(), ids=_HOOK)
def test_what_the_hook_gets(text: str, tmp_path: Path) -> None:
    assert _found(tmp_path, {"a.jsx": _REACT + text}) == _DARK


@pytest.mark.parametrize("text", _ELEMENT.values(), ids=_ELEMENT)
def test_what_the_element_gets(text: str, tmp_path: Path) -> None:
    assert _found(tmp_path, {"a.ts": f"// openai-chatkit\n{text}"}) == _DARK


@pytest.mark.parametrize(("name", "text"), [(name, text) for name in _MARKUP for text in _MARKUP[name].values()])
def test_what_the_element_of_a_component_gets(name: str, text: str, tmp_path: Path) -> None:
    assert _found(tmp_path, {name: text}) == _DARK


@pytest.mark.parametrize("text", _COMMENTS.values(), ids=_COMMENTS)
def test_what_a_comment_gives_the_type_of(text: str, tmp_path: Path) -> None:
    assert _found(tmp_path, {"a.js": text}) == _DARK


@pytest.mark.parametrize("text", _OTHERS.values(), ids=_OTHERS)
def test_what_is_none_of_chatkits(text: str, tmp_path: Path) -> None:
    assert _found(tmp_path, {"a.js": f"// openai-chatkit @openai/chatkit\n{text}"}) == []


def test_a_hook_and_a_component_of_other_files(tmp_path: Path) -> None:
    files = {
        "src/useDesk.js": f"{_REACT}export const useDesk = (o) => useChatKit(o);",
        "src/Chat.jsx": (
            "import { useDesk } from './useDesk'; export default function Chat({ theme }) { useDesk({ theme }); }"
        ),
        "src/App.jsx": "import Chat from './Chat'; export const App = () => <Chat theme='dark' />;",
        "src/Other.jsx": "import * as a from './useDesk'; export const Other = () => a.useDesk({ theme: 'light' });",
    }
    assert sorted(_found(tmp_path, files), key=str) == [{"theme": "dark"}, {"theme": "light"}]


def test_a_function_that_is_also_handed_on_keeps_what_is_unknown(tmp_path: Path) -> None:
    text = "function useDesk(o) { useChatKit(o); } function C() { useDesk({ theme: 'dark' }); } register(useDesk);"
    assert _found(tmp_path, {"a.jsx": _REACT + text}) == [{"theme": "dark"}, "unknown"]
