"""CK501 and CK502 on small projects: the ways to mount ChatKit, to load its script, and to only look like either."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.checks.page.missing_cdn_script import missing_cdn_script
from chatkit_doctor.checks.page.wrong_cdn_script import wrong_cdn_script
from chatkit_doctor.contracts.web import cdn_script_url
from tests.projects import judge, project_of
from tests.web.support import applied

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chatkit_doctor.finding import Finding

URL = cdn_script_url()
WRONG = (
    "https://cdn.jsdelivr.net/npm/@openai/chatkit@1.9.0/dist/chatkit.js",
    "//unpkg.com/@openai/chatkit",
    "https://unpkg.com/@openai/chatkit-react@latest/dist/index.umd.js",
    "https://cdn.openai.com/chatkit/v1/chatkit.js",
)
HTML = "<!doctype html>\n<html>\n  <head>\n    <title>x</title>\n  </head>\n  <body>{body}</body>\n</html>\n"
SPA = HTML.format(body='<script type="module" src="/src/main.tsx"></script>')
MAIN = 'import { Chat } from "./Chat";\n'
CHAT = 'import { ChatKit } from "@openai/chatkit-react";\nexport const Chat = (p) => <ChatKit control={p.control} />;\n'
LAYOUT = "export default ({ children }) => (\n  <html>\n    <body>\n      {children}\n    </body>\n  </html>\n);\n"


def package(*dependencies: str, **others: object) -> str:
    return json.dumps({"name": "app", "dependencies": dict.fromkeys(dependencies, "*"), **others})


def find(root: Path, files: Mapping[str, str]) -> list[Finding]:
    return list(judge(missing_cdn_script, project_of(root, files)))


def places(root: Path, found: list[Finding]) -> list[str]:
    return [f"{each.at.path.relative_to(root).as_posix()}: {each.at.text}" for each in found]


def vite(**files: str) -> dict[str, str]:
    return {"package.json": package("react"), "index.html": SPA, "src/main.tsx": MAIN, "src/Chat.tsx": CHAT, **files}


def test_one_html_page_is_marked_and_mended_in_its_head(tmp_path: Path) -> None:
    found = find(tmp_path, vite())

    assert places(tmp_path, found) == ["index.html: <head>"]
    assert (
        found[0].message == "index.html does not load chatkit.js, so <ChatKit> in Chat.tsx stays blank without an error"
    )
    assert found[0].fix is not None
    assert f'<title>x</title>\n    <script src="{URL}" async></script>\n  </head>' in applied(found[0].fix.edits)


@pytest.mark.parametrize(
    ("name", "text", "span"),
    [
        ("a.tsx", 'import { useChatKit as use } from "@openai/chatkit-react";\nuse({});\n', "use"),
        (
            "a.tsx",
            'import * as kit from "@openai/chatkit-react";\nexport const A = () => <kit.ChatKit />;\n',
            "<kit.ChatKit",
        ),
        ("a.tsx", 'import { ChatKit } from "@openai/chatkit";\nexport const A = () => <ChatKit />;\n', "<ChatKit"),
        ("a.jsx", "export const A = () => <openai-chatkit />;\n", "<openai-chatkit"),
        ("a.vue", "<template><openai-chatkit ref='kit' /></template>\n", "<openai-chatkit"),
        ("a.svelte", "<openai-chatkit bind:this={kit}></openai-chatkit>\n", "<openai-chatkit"),
        ("a.js", "const kit = document.createElement('openai-chatkit');\n", "'openai-chatkit'"),
        ("a.ts", "box.innerHTML = `<openai-chatkit></openai-chatkit>`;\n", "`<openai-chatkit></openai-chatkit>`"),
        ("a.tsx", 'const kit = await import("@openai/chatkit-react");\n', 'import("@openai/chatkit-react")'),
    ],
)
def test_mounts_are_found_in_every_form(name: str, text: str, span: str, tmp_path: Path) -> None:
    found = find(tmp_path, {"package.json": package("nuxt"), f"src/{name}": text})

    assert places(tmp_path, found) == [f"src/{name}: {span}"]
    assert found[0].fix is None


@pytest.mark.parametrize(
    "text",
    [
        'import { ChatKit } from "@openai/chatkit-react";\n',
        'import { ChatKit } from "./ChatKit";\nexport const A = () => <ChatKit />;\n',
        'import { ChatKit } from "@pusher/chatkit";\nexport const A = () => <ChatKit />;\n',
        'import { ChatKit } from "@pusher/chatkit-react";\nexport const A = () => <ChatKit />;\n',
        'import type { ChatKitControl } from "@openai/chatkit-react";\nlet a: ChatKitControl;\n',
        'throw new Error("put <openai-chatkit></openai-chatkit> on the page");\n',
        "// <openai-chatkit></openai-chatkit>\nconst kit = document.querySelector('openai-chatkit');\n",
    ],
)
def test_what_mounts_nothing_is_left_alone(text: str, tmp_path: Path) -> None:
    assert not find(tmp_path, vite(**{"src/Chat.tsx": text}))


@pytest.mark.parametrize(
    "path",
    ["src/a.test.tsx", "src/__tests__/a.tsx", "src/a.stories.tsx", ".storybook/a.tsx", "examples/a.tsx"],
)
def test_mounts_of_tests_stories_and_examples_do_not_count(path: str, tmp_path: Path) -> None:
    files = vite(**{path: CHAT})
    del files["src/Chat.tsx"]

    assert not find(tmp_path, files)


WAYS = (
    ("src/load.ts", f'const s = document.createElement("script");\ns.src = "{URL}";\n'),
    ("src/load.ts", f'export const CHATKIT_URL = "{URL}";\n'),
    ("src/load.ts", "const CDN = x;\nexport const url = `${ CDN }/deployments/chatkit/chatkit.js`;\n"),
    ("src/load.ts", f'loadScript("{URL}");\n'),
    ("src/load.ts", f'await import(/* @vite-ignore */ "{URL}");\n'),
    ("src/load.ts", f'import "{URL}";\n'),
    ("src/load.ts", f"document.head.innerHTML += '<script async src=\"{URL}\"></script>';\n"),
    ("src/load.ts", f"s.textContent = \"var s = document.createElement('script'); s.src = '{URL}';\";\n"),
    ("src/load.ts", f'useHead({{ script: [{{ src: "{URL}", async: true }}] }});\n'),
    ("src/load.ts", 's = document.createElement("script");\ns.src = chatkitConfig.address;\n'),
    ("src/load.ts", 's = document.createElement("script");\ns.src = import.meta.env.VITE_UI; // chatkit\n'),
    ("src/load.ts", f'preinit("{URL}", {{ as: "script" }});\n'),
    ("src/load.ts", 'customElements.define("openai-chatkit", Stand);\n'),
    ("src/load.tsx", f'export const A = () => <Helmet><script src="{URL}" async /></Helmet>;\n'),
    ("src/load.tsx", "export const A = () => <Script src={config.chatkitScript} />;\n"),
    ("src/load.ts", "s = document.createElement('script');\ns.setAttribute('src', chatkitUrl);\n"),
    ("src/load.tsx", 'export const A = () => <script src="/lib/chatkit.js" />;\n'),
    ("src/load.tsx", f'export const A = () => <ChatScripts url="{URL}" />;\n'),
    ("src/load.tsx", f'export const A = () => <b ref={{() => load("{URL}")}} />;\n'),
    ("src/Layout.tsx", "export const A = ({ src }) => <Script id='chatkit' src={src} />;\n"),
    ("nuxt.config.ts", f"export default {{ app: {{ head: {{ script: [{{ src: '{URL}' }}] }} }} }};\n"),
    (
        "src/routes/__root.tsx",
        f"export const R = make({{ head: () => ({{ scripts: [{{ src: '{URL}' }}] }}) }});\n",
    ),
    ("docusaurus.config.js", f"module.exports = {{ scripts: ['{URL}'] }};\n"),
    ("docusaurus.config.ts", f"headTags: [{{ tagName: 'script', attributes: {{ src: '{URL}' }} }}]\n"),
    ("src/App.vue", f'<template><component :is="\'script\'" src="{URL}" /></template>\n'),
    ("src/App.svelte", f'<svelte:head><script src="{URL}"></script></svelte:head>\n'),
    (
        "src/Layout.astro",
        f'---\nconst a = 1;\n---\n<html><script is:inline src="{URL}"></script></html>\n',
    ),
    ("plugin.php", f"<?php wp_enqueue_script('kit', '{URL}');\n"),
    ("serve.py", f"PAGE = '<script src=\"{URL}\"></script>'\n"),
    ("index.html", SPA.replace("<title>", '<script src="{{ chatkit_url }}"></script><title>')),
    ("index.html", SPA.replace("<title>", '<script src="%VITE_CHATKIT_URL%"></script><title>')),
    ("index.html", SPA.replace("<title>", '<script src="/lib/chatkit.js"></script><title>')),
    ("other.html", SPA.replace("<title>", f'<script src="{URL}"></script><title>')),
    (
        "index.html",
        SPA.replace("<title>", '<script src="https://cdn.jsdelivr.net/npm/@openai/chatkit"></script><title>'),
    ),
)


@pytest.mark.parametrize(("name", "text"), WAYS)
def test_every_way_to_load_the_script_counts(name: str, text: str, tmp_path: Path) -> None:
    assert not find(tmp_path, vite(**{name: text}))


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize(("name", "text"), [way for way in WAYS if URL in way[1]])
def test_a_wrong_script_is_told_once_however_it_is_loaded(name: str, text: str, wrong: str, tmp_path: Path) -> None:
    project = project_of(tmp_path, vite(**{name: text.replace(URL, wrong)}))

    found = [*judge(missing_cdn_script, project), *judge(wrong_cdn_script, project)]

    # Where it takes ChatKit's own address to tell that something is loaded, another is no load.
    unsure: tuple[str, ...] = (
        "export const CHATKIT_URL",
        "preinit(",
        "<ChatScripts",
        "{() => load(",
        "PAGE =",
    )
    unsure += ("import",) if "chatkit-react" in wrong else ()
    expected = ("CK501", "<head>") if any(each in text for each in unsure) else ("CK502", wrong)
    assert [(each.code, each.at.text) for each in found] == [expected]


@pytest.mark.parametrize("named", ["", '<script src="/embed.js"></script>'])
def test_what_other_sites_load_gets_nothing_from_the_pages_of_the_app(named: str, tmp_path: Path) -> None:
    loader = f"const tag = document.createElement('script');\ntag.src = '{WRONG[0]}';\ndocument.head.append(tag);\n"
    page = SPA.replace("<title>", f'<script src="{URL}"></script>{named}<title>')
    files = vite(**{"index.html": page, "public/embed.js": loader})

    found = judge(wrong_cdn_script, project_of(tmp_path, files))

    assert [each.at.text for each in found] == ([] if named else [WRONG[0]])


@pytest.mark.parametrize("wrong", WRONG)
def test_the_fix_of_a_wrong_script_leaves_nothing_to_say(wrong: str, tmp_path: Path) -> None:
    files = vite(**{"index.html": SPA.replace("<title>", f'<script src="{wrong}"></script><title>')})
    [found] = judge(wrong_cdn_script, project_of(tmp_path / "before", files))
    assert found.fix is not None
    files["index.html"] = applied(found.fix.edits)

    mended = project_of(tmp_path / "after", files)

    assert files["index.html"] == SPA.replace("<title>", f'<script src="{URL}"></script><title>')
    assert not [*judge(missing_cdn_script, mended), *judge(wrong_cdn_script, mended)]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("src/a.ts", f'// s.src = "{URL}"\n'),
        ("src/a.ts", f'console.error("not loaded", "{URL}");\n'),
        ("src/a.ts", f'throw new Error("{URL}");\n'),
        ("src/a.ts", f'if (s.src === "{URL}") ready();\n'),
        ("src/a.ts", f"document.querySelector('script[src=\"{URL}\"]');\n"),
        ("src/a.ts", f'if (s.src.includes("{URL}")) ready();\n'),
        ("src/a.ts", f"const csp = \"script-src 'self' {URL};\";\n"),
        ("src/a.ts", f'helmet({{ directives: {{ scriptSrc: ["\'self\'", "{URL}"] }} }});\n'),
        ("src/a.ts", f"helmet({{ directives: {{ 'script-src': [\"{URL}\"] }} }});\n"),
        ("src/a.ts", f'useHead({{ link: [{{ rel: "preload", href: "{URL}", as: "script" }}] }});\n'),
        ("src/a.ts", f'preload("{URL}", {{ as: "script" }});\n'),
        ("src/a.ts", 'const api = "https://example.com/chatkit";\n'),
        ("src/a.ts", 'const a = await import("./chatkit-panel");\n'),
        ("src/a.tsx", f'export const A = () => <link rel="preload" as="script" href="{URL}" />;\n'),
        ("src/a.tsx", f"export const A = () => <code>{URL}</code>; // chatkit\n"),
        ("src/a.tsx", 'export const A = () => <img src="/chatkit.png" />;\n'),
        ("src/a.test.ts", f'expect(s.src).toBe("{URL}");\ns.src = "{URL}";\n'),
        (".storybook/preview-head.html", f'<script src="{URL}"></script>\n'),
        ("README.md", f'<script src="{URL}"></script>\n'),
        ("index.html", SPA.replace("<title>", f'<!-- <script src="{URL}"></script> --><title>')),
        ("index.html", SPA.replace("<title>", f'<link rel="modulepreload" href="{URL}"><title>')),
        ("index.html", SPA.replace("<title>", '<script src="/src/chatkit-start.js"></script><title>')),
        ("index.html", SPA.replace("<title>", '<script src="https://example.com/analytics.js"></script><title>')),
    ],
)
def test_what_loads_nothing_does_not_count(name: str, text: str, tmp_path: Path) -> None:
    files = vite(**{"src/chatkit-start.js": "start();\n", name: text})

    assert places(tmp_path, find(tmp_path, files)) == ["index.html: <head>"]
    wrong = vite(**{"src/load.ts": f'loadScript("{URL}");\n', name: text.replace(URL, WRONG[0])})
    assert not judge(wrong_cdn_script, project_of(tmp_path / "wrong", wrong))


def test_each_app_of_a_repository_is_judged_alone(tmp_path: Path) -> None:
    good = {f"good/{name}": text for name, text in vite(**{"src/load.ts": f'loadScript("{URL}");\n'}).items()}
    bad = {f"bad/{name}": text for name, text in vite().items()}
    good["good/package.json"] = bad["bad/package.json"] = package("shared")
    shared = {"shared/package.json": '{"name": "shared"}'}

    assert places(tmp_path, find(tmp_path, good | bad | shared)) == ["bad/index.html: <head>"]


def test_a_script_above_or_in_a_package_that_the_app_uses_is_in_reach(tmp_path: Path) -> None:
    app = {f"apps/web/{name}": text for name, text in vite().items()}
    app["apps/web/package.json"] = package("ui")
    ui = {"packages/ui/package.json": '{"name": "ui"}', "packages/ui/load.ts": f'loadScript("{URL}");\n'}

    assert find(tmp_path / "without", app)
    assert not find(tmp_path / "used", app | ui)
    assert not find(tmp_path / "above", app | {"package.json": "{}", "load.ts": f'loadScript("{URL}");\n'})


@pytest.mark.parametrize("library", [{"peerDependencies": {"react": "*"}}, {"exports": "./a.js"}, {"types": "a.ts"}])
def test_libraries_leave_the_script_to_their_users(library: dict[str, object], tmp_path: Path) -> None:
    assert not find(tmp_path, vite(**{"package.json": package("react", **library)}))


def test_an_app_that_bun_made_is_no_library(tmp_path: Path) -> None:
    manifest = package("react", module="index.ts", private=True, peerDependencies={"typescript": "^5"})

    assert places(tmp_path, find(tmp_path, vite(**{"package.json": manifest}))) == ["index.html: <head>"]


def test_components_without_a_page_say_nothing(tmp_path: Path) -> None:
    assert not find(tmp_path, {"package.json": package("react"), "src/Chat.tsx": CHAT})


def test_two_html_pages_of_which_one_leads_to_the_chat(tmp_path: Path) -> None:
    found = find(
        tmp_path, vite(**{"about.html": HTML.format(body="<script src='/about.js'></script>"), "about.js": ""})
    )

    assert places(tmp_path, found) == ["index.html: <head>"]
    assert found[0].fix is not None


def test_two_html_pages_that_both_lead_to_the_chat_have_no_fix(tmp_path: Path) -> None:
    found = find(tmp_path, vite(**{"admin.html": SPA}))

    assert places(tmp_path, found) == ["src/Chat.tsx: <ChatKit"]
    assert found[0].fix is None


def test_html_pages_with_the_element_are_judged_one_by_one(tmp_path: Path) -> None:
    page = HTML.format(body="<openai-chatkit></openai-chatkit>")
    loading = page.replace("<title>", f'<script src="{URL}"></script><title>')

    found = find(tmp_path, {"a.html": page, "b.html": loading, "c.html": page})

    assert places(tmp_path, found) == ["a.html: <openai-chatkit", "c.html: <openai-chatkit"]
    assert found[0].message == "a.html does not load chatkit.js, so <openai-chatkit> stays blank without an error"
    assert all(each.fix is not None for each in found)


@pytest.mark.parametrize(
    ("source", "count"), [("/chat.js", 1), ("dist/chat.js?v=2", 1), ("https://example.com/a.js", 1), ("/bundle.js", 0)]
)
def test_a_page_may_get_the_script_from_a_program_that_is_not_there(source: str, count: int, tmp_path: Path) -> None:
    page = HTML.format(body=f"<openai-chatkit></openai-chatkit><script src='{source}'></script>")

    assert len(find(tmp_path, {"chat.html": page, "src/chat.ts": "start();\n"})) == count


def test_next_layouts_use_the_script_component_that_they_import(tmp_path: Path) -> None:
    layout = 'import Script from "next/script";\n' + LAYOUT.replace(
        "<body>", "<head>\n      <meta />\n    </head>\n    <body>"
    )
    files = {"package.json": package("next"), "src/app/layout.tsx": layout, "src/app/page.tsx": CHAT}

    found = find(tmp_path, files)

    assert places(tmp_path, found) == ["src/app/page.tsx: <ChatKit"]
    assert found[0].fix is not None
    mended = applied(found[0].fix.edits)
    assert f'<meta />\n      <Script src="{URL}" strategy="beforeInteractive" />\n    </head>' in mended
    assert mended.count("next/script") == 1


def test_next_pages_are_mended_in_their_document(tmp_path: Path) -> None:
    document = (
        'import { Head, Html } from "next/document";\nexport default () => (\n  <Html>\n    <Head />\n  </Html>\n);\n'
    )
    files = {"package.json": package("next"), "pages/_document.tsx": document, "pages/index.tsx": CHAT}

    found = find(tmp_path, files)

    assert found[0].fix is not None
    assert f'<Head><script src="{URL}" async /></Head>' in applied(found[0].fix.edits)


@pytest.mark.parametrize(
    "files",
    [
        {"pages/index.tsx": CHAT},
        {"app/layout.tsx": LAYOUT, "pages/index.tsx": CHAT},
        {"app/(a)/layout.tsx": LAYOUT, "app/(b)/layout.tsx": LAYOUT, "app/(a)/page.tsx": CHAT},
        {"app/layout.tsx": "export default Shell;\n", "app/page.tsx": CHAT},
    ],
)
def test_next_projects_without_one_root_have_no_fix(files: dict[str, str], tmp_path: Path) -> None:
    found = find(tmp_path, {"package.json": package("next"), **files})

    assert len(found) == 1
    assert found[0].fix is None


def test_roots_of_other_frameworks_get_a_plain_script(tmp_path: Path) -> None:
    root = "export default () => (\n  <html>\n    <head>\n      <Meta />\n    </head>\n    <body />\n  </html>\n);\n"
    files = {"package.json": package("@remix-run/react"), "app/root.tsx": root, "app/routes/chat.tsx": CHAT}

    found = find(tmp_path, files)

    assert found[0].fix is not None
    assert f'<Meta />\n      <script src="{URL}" async />\n    </head>' in applied(found[0].fix.edits)


def test_astro_layouts_are_mended_like_pages(tmp_path: Path) -> None:
    layout = (
        "---\nconst { title } = Astro.props;\n---\n<html>\n  <head>\n    <title>{title}</title>\n  </head>\n</html>\n"
    )
    found = find(tmp_path, {"package.json": package("astro"), "src/layouts/Base.astro": layout, "src/Chat.tsx": CHAT})

    assert places(tmp_path, found) == ["src/layouts/Base.astro: <head>"]
    assert found[0].fix is not None
    assert f'    <script src="{URL}" async is:inline></script>\n  </head>' in applied(found[0].fix.edits)


def test_every_fix_clears_its_finding(tmp_path: Path) -> None:
    found = find(tmp_path, vite())
    assert found[0].fix is not None

    assert not find(tmp_path, {"index.html": applied(found[0].fix.edits)})
