"""CK401, CK404 and CK405: the forms in which options reach ChatKit, and what their fixes write."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.checks.options.invalid_prompt_icon import invalid_prompt_icon
from chatkit_doctor.checks.options.invalid_prompt_key import invalid_prompt_key
from chatkit_doctor.checks.options.missing_domain_key import missing_domain_key
from tests.checks.web_fixes import fixed, spans
from tests.projects import judge, project_of

_REACT = "import { ChatKit, useChatKit } from '@openai/chatkit-react';\n"
_TYPES = "import type { ChatKitOptions } from '@openai/chatkit';\n"
_HOOK_TYPES = "import { type UseChatKitOptions, useChatKit } from '@openai/chatkit-react';\n"
_PROMPT_TYPE = "import type { StartScreenPrompt } from '@openai/chatkit';\n"
_ALIAS = '{ "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } } }'

# Every form once with options that lack the key and have a bad prompt (`OPTIONS`), once with good ones.
_BAD = "{ api: { url: '/chatkit' }, startScreen: { prompts: [{ name: 'A', prompt: 'a', icon: '👋' }] } }"
_GOOD = (
    "{ api: { url: '/chatkit', domainKey: 'k' }, "
    "startScreen: { prompts: [{ label: 'A', prompt: 'a', icon: 'sparkle' }] } }"
)
_FORMS: dict[str, dict[str, str]] = {
    "argument": {"src/chat.tsx": _REACT + "export const useChat = () => useChatKit(OPTIONS);"},
    "variable": {
        "src/chat.tsx": _REACT + "const options = OPTIONS;\nexport const useChat = () => useChatKit(options);"
    },
    "as const": {
        "src/chat.tsx": _REACT + "const options = OPTIONS as const;\nexport const u = () => useChatKit(options);"
    },
    "as any": {"src/chat.tsx": _REACT + "export const useChat = () => useChatKit(OPTIONS as any);"},
    "useMemo": {
        "src/chat.tsx": "import { useMemo } from 'react';\n"
        + _REACT
        + "export function useChat() {\n  const options = useMemo(() => (OPTIONS), []);\n"
        "  return useChatKit(options);\n}"
    },
    "React.useMemo with a body": {
        "src/chat.tsx": "import * as React from 'react';\n"
        + _REACT
        + "export const u = () => useChatKit(React.useMemo(() => { return OPTIONS; }, []));"
    },
    "factory": {
        "src/chat.ts": _REACT + "function make() { return OPTIONS; }\nexport const u = () => useChatKit(make());"
    },
    "module": {
        "src/chat.tsx": _REACT + "import { options } from './options';\nexport const u = () => useChatKit(options);",
        "src/options.ts": "export const options = OPTIONS;",
    },
    "default export": {
        "src/chat.tsx": _REACT + "import options from './options';\nexport const u = () => useChatKit(options);",
        "src/options.ts": "export default OPTIONS;",
    },
    "barrel": {
        "src/chat.tsx": _REACT + "import { options } from './config';\nexport const u = () => useChatKit(options);",
        "src/config/index.ts": "export * from './options';",
        "src/config/options.ts": "export const options = OPTIONS;",
    },
    "alias": {
        "src/app/chat.tsx": _REACT
        + "import { options } from '@/lib/chat';\nexport const u = () => useChatKit(options);",
        "src/lib/chat.ts": "export const options = OPTIONS;",
        "tsconfig.json": _ALIAS,
    },
    "annotation": {"src/options.ts": _TYPES + "export const options: ChatKitOptions = OPTIONS;"},
    "hook annotation": {"src/options.ts": _HOOK_TYPES + "export const options: UseChatKitOptions = OPTIONS;"},
    "satisfies": {"src/options.ts": _TYPES + "export const options = OPTIONS satisfies ChatKitOptions;"},
    "return type": {"src/options.ts": _TYPES + "export function options(): ChatKitOptions { return OPTIONS; }"},
    "spread": {
        "src/chat.tsx": _REACT + "const base = OPTIONS;\nexport const u = () => useChatKit({ ...base, theme: 'dark' });"
    },
    "ternary": {
        "src/chat.tsx": _REACT
        + "export const u = (on: boolean) => useChatKit(on ? OPTIONS : { api: { url: '/c', domainKey: 'k' } });"
    },
    "page": {
        "index.html": "<openai-chatkit id='c'></openai-chatkit>\n<script>\n"
        "document.getElementById('c').setOptions(OPTIONS);\n</script>"
    },
    "query": {"main.js": "const el = document.querySelector('openai-chatkit');\nel.setOptions(OPTIONS);"},
    "created": {"main.js": "const el = document.createElement('openai-chatkit');\nel.setOptions(OPTIONS);"},
    "ref": {
        "src/chat.tsx": "import type { OpenAIChatKit } from '@openai/chatkit';\nimport { useRef } from 'react';\n"
        "export function useIt() {\n  const ref = useRef<OpenAIChatKit>(null);\n  ref.current?.setOptions(OPTIONS);\n}"
    },
    "vue": {
        "src/Chat.vue": "<script setup lang='ts'>\nimport { onMounted, ref } from 'vue';\nconst chatkit = ref(null);\n"
        "onMounted(() => chatkit.value.setOptions(OPTIONS));\n</script>\n"
        "<template><openai-chatkit ref='chatkit' /></template>"
    },
    "svelte": {
        "src/Chat.svelte": "<script>\nlet chatkit;\n$: chatkit?.setOptions(OPTIONS);\n</script>\n"
        "<openai-chatkit bind:this={chatkit} />"
    },
    "getter": {
        "src/chat.tsx": _REACT
        + "const all = { get options() { return OPTIONS; } };\nexport const u = () => useChatKit(all.options);"
    },
}


def _with(form: dict[str, str], options: str) -> dict[str, str]:
    return {path: text.replace("OPTIONS", options) for path, text in form.items()}


@pytest.mark.parametrize("form", _FORMS.values(), ids=_FORMS)
def test_options_are_read_in_every_form(form: dict[str, str], tmp_path: Path) -> None:
    files = _with(form, _BAD)

    assert spans(missing_domain_key, tmp_path, files) == ["api"]
    assert spans(invalid_prompt_key, tmp_path, files) == ["name"]
    assert spans(invalid_prompt_icon, tmp_path, files) == ["'👋'"]


@pytest.mark.parametrize("form", _FORMS.values(), ids=_FORMS)
def test_good_options_are_quiet_in_every_form(form: dict[str, str], tmp_path: Path) -> None:
    files = _with(form, _GOOD)

    for check in (missing_domain_key, invalid_prompt_key, invalid_prompt_icon):
        assert spans(check, tmp_path, files) == []


@pytest.mark.parametrize("form", _FORMS.values(), ids=_FORMS)
def test_options_are_mended_in_every_form(form: dict[str, str], tmp_path: Path) -> None:
    files = _with(form, _BAD)
    for check in (missing_domain_key, invalid_prompt_key, invalid_prompt_icon):
        files |= fixed(check, tmp_path, files)

    written = _BAD.replace("'/chatkit' }", "'/chatkit', domainKey: 'local-dev' }")
    written = written.replace("name:", "label:").replace(", icon: '👋'", "")
    assert files == _with(form, written)


_QUIET_APIS = {
    "shorthand": ("const domainKey = 'k';", "{ url: '/c', domainKey }"),
    "getter": ("", "{ url: '/c', get domainKey() { return 'k' } }"),
    "imported": ("import { domainKey } from './keys';", "{ url: '/c', domainKey }"),
    "unresolved spread": ("import { deployed } from '@acme/settings';", "{ url: '/c', ...deployed }"),
    "spread of a call": ("", "{ url: '/c', ...window.chatkitSettings() }"),
    "conditional spread": ("const key = process.env.KEY;", "{ url: '/c', ...(key && { domainKey: key }) }"),
    "conditional spread of a ternary": ("", "{ url: '/c', ...(window.key ? { domainKey: window.key } : {}) }"),
    "computed key": ("import { NAME } from '@acme/settings';", "{ url: '/c', [NAME]: 'k' }"),
    "assigned later": ("const api = { url: '/c' };\napi.domainKey = 'k';", "api"),
    "assigned by the library": ("const api = { url: '/c' };\nObject.assign(api, window.keys);", "api"),
    "merged": ("", "Object.assign({ url: '/c' }, window.keys)"),
    "hosted": ("", "{ getClientSecret: async () => 's' }"),
    "hosted beside a url": ("", "{ url: '/c', getClientSecret: async () => 's' }"),
    "localised by PHP": ("const settings = window.chatkitSettings;", "settings.api"),
    "localised by PHP, key by key": ("", "{ url: window.cfg.url, domainKey: window.cfg.domainKey }"),
    "Docusaurus": (
        "const { siteConfig: { customFields } } = useDocusaurusContext();",
        "{ url: customFields.url, domainKey: customFields.domainKey }",
    ),
    "Docusaurus, as a whole": (
        "const fields = useDocusaurusContext().siteConfig.customFields;",
        "{ url: '/c', ...fields }",
    ),
    "url that may be absent": ("", "{ ...(window.own ? { url: '/c' } : { getClientSecret: window.secret }) }"),
    "parameter": ("", "props.api"),
    "wrong name of the url": ("", "{ apiURL: '/c' }"),
}


@pytest.mark.parametrize(("before", "api"), _QUIET_APIS.values(), ids=_QUIET_APIS)
def test_missing_domain_key_is_quiet_where_a_key_may_come(before: str, api: str, tmp_path: Path) -> None:
    text = f"{_REACT}{before}\nexport const useChat = (props) => useChatKit({{ api: {api} }});"

    assert spans(missing_domain_key, tmp_path, {"chat.tsx": text}) == []


def test_missing_domain_key_is_quiet_where_a_later_spread_may_replace_api(tmp_path: Path) -> None:
    text = _REACT + "export const useChat = (more) => useChatKit({ api: { url: '/c' }, ...more });"

    assert spans(missing_domain_key, tmp_path, {"chat.tsx": text}) == []


@pytest.mark.parametrize(
    "text",
    [
        "import { useChatKit } from '@pusher/chatkit-client';\nuseChatKit({ api: { url: '/c' } });",
        "const useChatKit = (o) => o; // chatkit\nuseChatKit({ api: { url: '/c' } });",
        "import chart from 'charts'; // chatkit\nchart.setOptions({ api: { url: '/c' } });",
        _TYPES + "const base: DeepPartial<ChatKitOptions> = { api: { url: '/c' } };",
        _TYPES + "const base = { api: { url: '/c' } } as ChatKitOptions;",
    ],
    ids=["another product", "own function", "other setOptions", "a part", "a cast"],
)
def test_missing_domain_key_is_quiet_where_nothing_reaches_chatkit(text: str, tmp_path: Path) -> None:
    assert spans(missing_domain_key, tmp_path, {"chat.ts": text}) == []


def test_missing_domain_key_is_told_once_for_one_literal(tmp_path: Path) -> None:
    text = (
        _REACT + "const api = { url: '/c' };\nexport const a = () => useChatKit({ api });\n"
        "export const b = () => useChatKit({ api });"
    )

    assert spans(missing_domain_key, tmp_path, {"chat.tsx": text}) == ["api"]
    assert fixed(missing_domain_key, tmp_path, {"chat.tsx": text}) == {
        "chat.tsx": text.replace("'/c' }", "'/c', domainKey: 'local-dev' }")
    }


def test_missing_domain_key_is_found_in_one_branch(tmp_path: Path) -> None:
    text = _REACT + "const api = window.dev ? { url: '/dev' } : { url: '/c', domainKey: 'k' };\nuseChatKit({ api });"

    assert fixed(missing_domain_key, tmp_path, {"chat.tsx": text}) == {
        "chat.tsx": text.replace("'/dev' }", "'/dev', domainKey: 'local-dev' }")
    }


@pytest.mark.parametrize(
    ("api", "expected"),
    [
        ("{ url: '/c' }", "{ url: '/c', domainKey: 'local-dev' }"),
        ("{url:'/c'}", "{url:'/c', domainKey: 'local-dev'}"),
        ("{ url: '/c', }", "{ url: '/c', domainKey: 'local-dev', }"),
        ("{ url: '/c' /* own server */ }", "{ url: '/c', domainKey: 'local-dev' /* own server */ }"),
        ("{\n\turl: '/c',\n}", "{\n\turl: '/c',\n\tdomainKey: 'local-dev',\n}"),
        ("{\n\turl: '/c'\n}", "{\n\turl: '/c',\n\tdomainKey: 'local-dev'\n}"),
        ("{\n  url: '/c', // own\n  // end\n}", "{\n  url: '/c', // own\n  domainKey: 'local-dev',\n  // end\n}"),
        ("{\n  url: '/c' // own\n}", "{\n  url: '/c', // own\n  domainKey: 'local-dev'\n}"),
        ("{ 'url': '/c' }", "{ 'url': '/c', 'domainKey': 'local-dev' }"),
        ("{ url }", "{ url, domainKey: 'local-dev' }"),
        (
            "{ url: '/c', fetch: (a, b) => fetch(a, b) }",
            "{ url: '/c', domainKey: 'local-dev', fetch: (a, b) => fetch(a, b) }",
        ),
        (
            "{ url: import.meta.env.VITE_URL }",
            "{ url: import.meta.env.VITE_URL, domainKey: import.meta.env.VITE_CHATKIT_DOMAIN_KEY || 'local-dev' }",
        ),
        (
            "{ url: process.env.NEXT_PUBLIC_A! }",
            "{ url: process.env.NEXT_PUBLIC_A!, domainKey: process.env.NEXT_PUBLIC_CHATKIT_DOMAIN_KEY || 'local-dev' }",
        ),
        (
            "{ url: process.env.REACT_APP_URL }",
            "{ url: process.env.REACT_APP_URL, domainKey: process.env.REACT_APP_CHATKIT_DOMAIN_KEY || 'local-dev' }",
        ),
        ("{ url: process.env.SERVER_URL }", "{ url: process.env.SERVER_URL, domainKey: 'local-dev' }"),
    ],
)
def test_domain_key_is_written_in_the_style_of_the_object(api: str, expected: str, tmp_path: Path) -> None:
    text = f"{_REACT}const url = '/c';\nuseChatKit({{ api: {api} }});"

    assert fixed(missing_domain_key, tmp_path, {"chat.tsx": text}) == {
        "chat.tsx": text.replace(f"api: {api}", f"api: {expected}")
    }


def test_domain_key_is_a_plain_text_where_only_other_files_read_the_environment(tmp_path: Path) -> None:
    files = {
        "chat.js": _REACT + "useChatKit({ api: { url: '/c' } }) // not import.meta.env.VITE_URL",
        "config.js": "export const url = import.meta.env.VITE_URL // chatkit",
    }

    assert "domainKey: 'local-dev'" in fixed(missing_domain_key, tmp_path, files)["chat.js"]


def test_domain_key_has_the_quotes_of_the_file(tmp_path: Path) -> None:
    text = _REACT.replace("'", '"') + 'useChatKit({ api: { url: "/c" } });'

    assert 'domainKey: "local-dev"' in fixed(missing_domain_key, tmp_path, {"chat.js": text})["chat.js"]


def test_domain_key_has_no_fix_where_no_literal_holds_the_url(tmp_path: Path) -> None:
    text = _REACT + "const at = { url: '/c' };\nuseChatKit({ api: { ...at } });"
    project = project_of(tmp_path, {"chat.tsx": text})

    assert [finding.fix for finding in judge(missing_domain_key, project)] == [None]


def _prompts(prompts: str, before: str = "", path: str = "chat.tsx") -> dict[str, str]:
    options = f"{{ api: {{ url: '/c', domainKey: 'k' }}, startScreen: {{ prompts: {prompts} }} }}"
    return {path: f"{_REACT}{before}\nexport const useChat = (props, t, rows) => useChatKit({options});"}


_WRONG_KEYS = {
    "constant": ("PROMPTS", "const PROMPTS = [{ name: 'A', prompt: 'a' }] as const;"),
    "typed constant": (
        "P",
        _PROMPT_TYPE + "const P: StartScreenPrompt[] = [{ name: 'A', prompt: 'a' }];",
    ),
    "spread": ("[...PROMPTS, { label: 'B', prompt: 'b' }]", "const PROMPTS = [{ name: 'A', prompt: 'a' }];"),
    "ternary": ("props.on ? [{ name: 'A', prompt: 'a' }] : []", ""),
    "conditional item": ("[...(props.on ? [{ name: 'A', prompt: 'a' }] : [])]", ""),
    "mapped": ("rows.map((row) => ({ name: row.title, prompt: row.text }))", ""),
    "mapped by a body": ("rows.map((row) => { return { name: row.title, prompt: row.text }; })", ""),
    "sliced": ("PROMPTS.slice(0, 3)", "const PROMPTS = [{ name: 'A', prompt: 'a' }];"),
    "memo": (
        "prompts",
        "import { useMemo } from 'react';\nconst prompts = useMemo(() => [{ name: 'A', prompt: 'a' }], []);",
    ),
    "translated": ("[{ name: t('a'), prompt: t('b') }]", ""),
    "item in a constant": ("[FIRST]", "const FIRST = { name: 'A', prompt: 'a' };"),
}


@pytest.mark.parametrize(("prompts", "before"), _WRONG_KEYS.values(), ids=_WRONG_KEYS)
def test_wrong_prompt_keys_are_found_and_renamed(prompts: str, before: str, tmp_path: Path) -> None:
    files = _prompts(prompts, before)

    assert spans(invalid_prompt_key, tmp_path, files) == ["name"]
    assert fixed(invalid_prompt_key, tmp_path, files) == {"chat.tsx": files["chat.tsx"].replace("name:", "label:")}


def test_screen_chosen_by_a_condition_is_looked_into(tmp_path: Path) -> None:
    text = (
        _REACT + "const on = window.on;\n"
        "useChatKit({ startScreen: on ? { prompts: [{ name: 'A', prompt: 'a' }] } : undefined });"
    )

    assert spans(invalid_prompt_key, tmp_path, {"chat.tsx": text}) == ["name"]


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        ("{ name: 'A', prompt: 'a' }", "{ label: 'A', prompt: 'a' }"),
        ("{ title: 'A', message: 'a' }", "{ label: 'A', prompt: 'a' }"),
        ("{ 'name': 'A', 'prompt': 'a' }", "{ 'label': 'A', 'prompt': 'a' }"),
        ("{ name, prompt: 'a' }", "{ label: name, prompt: 'a' }"),
        ("{ label: 'A', title: 'A', prompt: 'a' }", "{ label: 'A', prompt: 'a' }"),
        ("{ label: 'A', prompt: 'a', name: 'A' }", "{ label: 'A', prompt: 'a' }"),
        ("{ label: 'A' }", "{ label: 'A', prompt: 'A' }"),
        ("{ label: `A`, icon: 'sparkle' }", "{ label: `A`, prompt: `A`, icon: 'sparkle' }"),
        ("{ name: 'A' }", "{ label: 'A', prompt: 'A' }"),
        ("{ name: 'A', text: 'a' }", "{ label: 'A', prompt: 'a' }"),
        ("{ label: 'A', /* sent */ text: 'a' }", "{ label: 'A', /* sent */ prompt: 'a' }"),
        ("{\n  name: 'A', // seen\n  prompt: 'a',\n}", "{\n  label: 'A', // seen\n  prompt: 'a',\n}"),
    ],
)
def test_prompt_keys_are_mended_in_place(prompt: str, expected: str, tmp_path: Path) -> None:
    files = _prompts(f"[{prompt}]", "const name = 'A';")

    assert fixed(invalid_prompt_key, tmp_path, files) == {"chat.tsx": files["chat.tsx"].replace(prompt, expected)}


def test_lines_end_as_in_the_file(tmp_path: Path) -> None:
    text = f"{_REACT}useChatKit({{\n  api: {{\n    url: '/c',\n  }},\n}});\n".replace("\n", "\r\n")

    assert fixed(missing_domain_key, tmp_path, {"chat.tsx": text}) == {
        "chat.tsx": text.replace("'/c',\r\n", "'/c',\r\n    domainKey: 'local-dev',\r\n")
    }


@pytest.mark.parametrize(
    ("prompts", "before"),
    [
        ("[{ label: t('a.label'), prompt: t('a.prompt') }]", ""),
        ("[{ label: 'A', prompt: [{ type: 'input_text', text: 'a' }] }]", ""),
        ("rows.map(({ name, title }) => ({ label: name, prompt: title }))", ""),
        ("rows.map((row) => ({ ...row }))", ""),
        ("[{ label: 'A', ...rows[0] }]", ""),
        ("props.prompts", ""),
        ("PROMPTS", "import { PROMPTS } from '@acme/prompts';"),
        ("t('prompts', { returnObjects: true })", ""),
        ("own.map((each) => ({ label: each.name, prompt: each.text }))", "const own = [{ name: 'A', text: 'a' }];"),
        ("[]", "export const MENU = [{ name: 'A', title: 'B', text: 'C' }];"),
    ],
)
def test_right_and_unknown_prompts_are_quiet(prompts: str, before: str, tmp_path: Path) -> None:
    assert spans(invalid_prompt_key, tmp_path, _prompts(prompts, before)) == []
    assert spans(invalid_prompt_icon, tmp_path, _prompts(prompts, before)) == []


def test_wrong_key_beside_an_unknown_spread_is_told_and_left(tmp_path: Path) -> None:
    project = project_of(tmp_path, _prompts("rows.map((row) => ({ ...row, name: row.title }))"))

    assert [(found.at.text, found.fix) for found in judge(invalid_prompt_key, project)] == [("name", None)]


def test_text_to_send_is_not_invented_from_a_label_that_is_computed(tmp_path: Path) -> None:
    project = project_of(tmp_path, _prompts("[{ label: t('a') }]"))

    assert [(found.at.text, found.fix) for found in judge(invalid_prompt_key, project)] == [("label: t('a')", None)]


@pytest.mark.parametrize(
    ("icon", "marked", "expected"),
    [
        ("'👋'", "'👋'", None),
        ("'https://a.b/c.svg'", "'https://a.b/c.svg'", None),
        ("''", "''", None),
        ("<Rocket />", "<Rocket />", None),
        ("Rocket", "Rocket", None),
        ("() => null", "() => null", None),
        ("true", "true", None),
        ("42", "42", None),
        ("'lightbulp'", "'lightbulp'", "'lightbulb'"),
        ("'circleQuestion'", "'circleQuestion'", "'circle-question'"),
        ("ICONS.wave", "ICONS.wave", None),
    ],
)
def test_wrong_icons_go_or_get_the_name_nearest_to_them(
    icon: str, marked: str, expected: str | None, tmp_path: Path
) -> None:
    before = "import { Rocket } from 'lucide-react';\nconst ICONS = { wave: '👋' };"
    files = _prompts(f"[{{ label: 'A', icon: {icon}, prompt: 'a' }}]", before)
    written = f"icon: {expected}, " if expected else ""

    assert spans(invalid_prompt_icon, tmp_path, files) == [marked]
    assert fixed(invalid_prompt_icon, tmp_path, files) == {
        "chat.tsx": files["chat.tsx"].replace(f"icon: {icon}, ", written)
    }


def test_wrong_icon_on_a_line_of_its_own_goes_with_its_line(tmp_path: Path) -> None:
    prompt = "{\r\n    label: 'A',\r\n    // a wave\r\n    icon: '👋', // bye\r\n    prompt: 'a'\r\n  }"
    files = _prompts(f"[{prompt}]")

    mended = fixed(invalid_prompt_icon, tmp_path, files)["chat.tsx"]
    assert "👋" not in mended
    assert "// a wave" in mended
    assert "label: 'A',\r\n" in mended
    assert "prompt: 'a'\r\n" in mended


def test_wrong_icon_in_one_branch_is_told_and_left(tmp_path: Path) -> None:
    project = project_of(tmp_path, _prompts("[{ label: 'A', prompt: 'a', icon: props.on ? 'sparkle' : '👋' }]"))

    assert [(found.at.text, found.fix) for found in judge(invalid_prompt_icon, project)] == [("'👋'", None)]


@pytest.mark.parametrize(
    "icon",
    [
        "'sparkle'",
        "'lucide:plane'",
        "'circle-question'",
        "props.icon",
        "`lucide:${props.icon}`",
        "props.on && 'sparkle'",
        "Own",
    ],
)
def test_icons_of_chatkit_and_unknown_ones_are_quiet(icon: str, tmp_path: Path) -> None:
    files = _prompts(f"[{{ label: 'A', prompt: 'a', icon: {icon} }}]", "import Own from './own';")

    assert spans(invalid_prompt_icon, tmp_path, files) == []
