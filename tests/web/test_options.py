from __future__ import annotations

import pytest

from chatkit_doctor.frontend.options.sites import OptionsSite, options_sites
from tests.web.support import MemoryFiles, short

REACT = "import { useChatKit, type UseChatKitOptions } from '@openai/chatkit-react';\n"
TYPES = "import type { ChatKitOptions } from '@openai/chatkit';\n"


def sites(text: str, name: str = "a.tsx", **others: str) -> list[OptionsSite]:
    texts = {key.replace("_", "."): value for key, value in others.items()}
    files = MemoryFiles({name: text, **texts})
    return list(options_sites(files.evaluator(), [files[name]]))


def summary(found: list[OptionsSite]) -> list[tuple[str, object]]:
    return [(site.kind.value, short(site.value)) for site in found]


@pytest.mark.parametrize(
    "text",
    [
        REACT + "useChatKit({ theme: 'dark' })",
        "import { useChatKit as use } from '@openai/chatkit-react'; use({ theme: 'dark' })",
        "import * as kit from '@openai/chatkit-react'; kit.useChatKit({ theme: 'dark' })",
        "const { useChatKit } = require('@openai/chatkit-react'); useChatKit({ theme: 'dark' })",
        "const kit = await import('@openai/chatkit-react'); kit.useChatKit({ theme: 'dark' })",
        "import { useChatKit } from 'https://esm.sh/@openai/chatkit-react@1'; useChatKit({ theme: 'dark' })",
        "import { useChatKit } from './barrel'; useChatKit({ theme: 'dark' })",
        "import { useChatKit } from './named'; useChatKit({ theme: 'dark' })",
        "import { useChatKit } from './local'; useChatKit({ theme: 'dark' })",
        "import { useChatKit } from 'vue-chatkit-vue'; useChatKit({ theme: 'dark' })",
        "import('@openai/chatkit-react'); function Inner({ useChatKit }) { useChatKit({ theme: 'dark' }) }",
        REACT + "const o = { theme: 'dark' } as const; useChatKit(o as any)",
        REACT + "const o: UseChatKitOptions = { theme: 'dark' }; useChatKit(o)",
        REACT + "const o = useMemo<UseChatKitOptions>(() => ({ theme: 'dark' }), []); useChatKit(o)",
        REACT + "import { o } from './opts'; useChatKit(o)",
        REACT + "import { o } from '@/opts'; useChatKit(o)",
        REACT + "useChatKit(makeOptions()); function makeOptions() { return { theme: 'dark' } }",
    ],
)
def test_arguments_of_the_hook(text: str) -> None:
    found = sites(
        text,
        barrel_ts="export * from '@openai/chatkit-react';",
        named_ts="export { useChatKit } from '@openai/chatkit-react';",
        local_ts="import { useChatKit } from '@openai/chatkit-react'; export { useChatKit };",
        opts_ts="export const o = { theme: 'dark' };",
    )
    assert summary(found) == [("useChatKit", {"theme": "dark"})]
    assert found[0].hook
    assert not found[0].partial


@pytest.mark.parametrize(
    "text",
    [
        "useChatKit({ theme: 'dark' })",
        "function useChatKit(o) {} useChatKit({ theme: 'dark' })",
        "import { useChatKit } from './own'; useChatKit({ theme: 'dark' })",
        "import { useChatKit } from '@/hooks/chatkit-react'; useChatKit({ theme: 'dark' })",
        "import { useChatKit } from '@pusher/chatkit-react'; useChatKit({ theme: 'dark' })",
        "import { ChatManager } from '@pusher/chatkit-client'; new ChatManager({ instanceLocator: 'x' })",
        "import Chatkit from '@pusher/chatkit-client'; Chatkit.setOptions({ theme: 'dark' })",
        "import type { ChatKitOptions } from './types'; const o: ChatKitOptions = { theme: 'dark' };",
        "type ChatKitOptions = { a: 1 }; const o: ChatKitOptions = { theme: 'dark' };",
        TYPES + "const o: ChatKitOptions['theme'] = { colorScheme: 'dark' };",
        TYPES + "const o: ChatKitOptions[] = [{ theme: 'dark' }];",
        TYPES + "const o: Record<string, ChatKitOptions> = { a: { theme: 'dark' } };",
        "chart.setOptions({ theme: 'dark' })",
        "x = <other-element ref={(el) => el?.setOptions({ theme: 'dark' })} />",
        "const el = document.querySelector('canvas') as HTMLElement; el.setOptions({ theme: 'dark' })",
        "document.querySelector('.chat').setOptions({ theme: 'dark' })",
        "chatkitConfig.options = { theme: 'dark' }",
        "// useChatKit({ theme: 'dark' })\nconst s = \"chatkit.setOptions({ theme: 'dark' })\";",
    ],
)
def test_what_is_not_chatkit(text: str) -> None:
    assert summary(sites(text, own_ts="export function useChatKit(o) { return o }")) == []


@pytest.mark.parametrize(
    "text",
    [
        "document.querySelector('openai-chatkit').setOptions({ theme: 'dark' })",
        "document.querySelector<OpenAIChatKit>('#x')!.setOptions({ theme: 'dark' })",
        "const el = document.createElement('openai-chatkit'); el.setOptions({ theme: 'dark' })",
        "const el = document.getElementById('x') as OpenAIChatKit; el?.setOptions({ theme: 'dark' })",
        "const el = useRef<OpenAIChatKit | null>(null); el.current?.setOptions({ theme: 'dark' })",
        "const node = useRef<OpenAIChatKit>(null); const el = node.current; el.setOptions({ theme: 'dark' })",
        "document.getElementById('my-chatkit').setOptions({ theme: 'dark' })",
        "function boot(chatKit) { chatKit.setOptions({ theme: 'dark' }) }",
        "function boot(el: OpenAIChatKit) { el.setOptions({ theme: 'dark' }) }",
        "const el = useRef(null); el.current.setOptions({ theme: 'dark' }); x = <openai-chatkit ref={el} />",
        "x = <openai-chatkit ref={(el) => el?.setOptions({ theme: 'dark' })} />",
        "x = <openai-chatkit ref={(el: any) => { el.setOptions({ theme: 'dark' }) }} />",
        "this.chatkitEl.setOptions({ theme: 'dark' })",
    ],
)
def test_set_options_of_the_element(text: str) -> None:
    assert summary(sites(text)) == [("setOptions", {"theme": "dark"})]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            (
                "<template><openai-chatkit ref='el'/></template>"
                "<script setup>const el = ref(); el.value.setOptions({ a: 1 })</script>"
            ),
            "a.vue",
        ),
        (
            "<script>let el; el.setOptions({ a: 1 })</script><openai-chatkit bind:this={el}></openai-chatkit>",
            "a.svelte",
        ),
    ],
)
def test_an_element_is_known_by_the_ref_of_its_component(text: str, name: str) -> None:
    assert summary(sites(text, name)) == [("setOptions", {"a": 1})]
    assert sites(text.replace("openai-chatkit", "other-element"), name) == []


@pytest.mark.parametrize("lookup", ["getElementById('x')", "querySelector('#x')"])
def test_an_element_is_known_by_its_id_on_the_page(lookup: str) -> None:
    script = f"const w = document.{lookup}; w.setOptions({{ theme: 'dark' }});"
    page = f"<openai-chatkit id=x></openai-chatkit><script>{script}</script>"
    assert summary(sites(page, "a.html")) == [("setOptions", {"theme": "dark"})]
    assert sites(page.replace("id=x", "id=y"), "a.html") == []


def test_options_assigned_to_the_element() -> None:
    text = "const el = document.createElement('openai-chatkit'); el.options = { theme: 'dark' };"
    assert summary(sites(text)) == [("assignment", {"theme": "dark"})]


@pytest.mark.parametrize(
    ("text", "partial", "hook"),
    [
        (TYPES + "const o: ChatKitOptions = { theme: 'dark' };", False, False),
        (TYPES + "export const o: Partial<ChatKitOptions> = { theme: 'dark' };", True, False),
        (TYPES + "const o: Readonly<ChatKitOptions> | null = { theme: 'dark' };", False, False),
        (TYPES + "type Mine = Omit<ChatKitOptions, 'api'>; const o: Mine = { theme: 'dark' };", True, False),
        (TYPES + "function f(): ChatKitOptions { return { theme: 'dark' }; }", False, False),
        (TYPES + "const f = (): ChatKitOptions => ({ theme: 'dark' });", False, False),
        (TYPES + "class C { o: ChatKitOptions = { theme: 'dark' }; }", False, False),
        ("import type * as kit from '@openai/chatkit'; const o: kit.ChatKitOptions = { theme: 'dark' };", False, False),
        (REACT + "const o: UseChatKitOptions = { theme: 'dark' };", False, True),
        ("/** @type {import('@openai/chatkit').ChatKitOptions} */\nexport const o = { theme: 'dark' };", False, False),
        ("/** @type {Partial<import('@openai/chatkit').ChatKitOptions>} */ const o = { theme: 'dark' };", True, False),
        (REACT + "const o = useMemo<UseChatKitOptions>(() => { return { theme: 'dark' }; }, []);", False, True),
        (REACT + "const [o] = useState<UseChatKitOptions>({ theme: 'dark' });", False, True),
    ],
)
def test_declared_options(text: str, partial: bool, hook: bool) -> None:
    (site,) = sites(text)
    assert (site.kind.value, short(site.value)) == ("annotation", {"theme": "dark"})
    assert (site.partial, site.hook) == (partial, hook)


@pytest.mark.parametrize("operator", ["satisfies", "as"])
def test_asserted_options(operator: str) -> None:
    assert summary(sites(TYPES + f"export default {{ theme: 'dark' }} {operator} ChatKitOptions;")) == [
        ("satisfies", {"theme": "dark"})
    ]


def test_a_literal_is_one_site_with_all_its_uses() -> None:
    files = MemoryFiles(
        {
            "a.tsx": REACT + "import { o } from './o'; useChatKit(o); other(useChatKit(o));",
            "o.ts": TYPES + "export const o: Partial<ChatKitOptions> = { theme: 'dark' };",
        }
    )
    (site,) = options_sites(files.evaluator(), [files["o.ts"], files["a.tsx"]])
    assert site.kind.value == "useChatKit"
    assert (site.partial, site.hook) == (False, True)
    assert site.value.document is files["o.ts"]
    assert [(use.kind.value, use.document.path.name) for use in site.uses] == [
        ("annotation", "o.ts"),
        ("useChatKit", "a.tsx"),
        ("useChatKit", "a.tsx"),
    ]


def test_alternatives_are_sites_of_their_own() -> None:
    assert summary(sites(REACT + "useChatKit(x ? { theme: 'dark' } : { theme: 'light' })")) == [
        ("useChatKit", {"theme": "dark"}),
        ("useChatKit", {"theme": "light"}),
    ]


def test_a_wrapping_hook_has_incomplete_options() -> None:
    (site,) = sites(REACT + "export function useMine(options) { return useChatKit({ ...options, theme: 'dark' }) }")
    assert short(site.value) == {"theme": "dark", "...": "..."}


@pytest.mark.parametrize(
    ("package", "is_chatkits"),
    [
        ("@openai/chatkit-react", True),
        ("https://esm.sh/@openai/chatkit-react@1", True),
        ("chatkit-vue", True),
        ("@xpert-ai/chatkit-react", False),
        ("@pusher/chatkit-react", False),
        ("@acme/openai-chatkit-react", False),
        ("my-chatkit-react", True),
    ],
)
def test_a_hook_of_another_product_is_none_of_chatkits(package: str, is_chatkits: bool) -> None:
    text = f"import {{ useChatKit }} from '{package}'\nuseChatKit({{ api: {{ url: '/c', name: 'x' }} }})\n"

    assert bool(sites(text)) is is_chatkits
