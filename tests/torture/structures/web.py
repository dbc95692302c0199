"""Structures of scripts, pages and components, each in a file that uses ChatKit."""

from __future__ import annotations

from tests.torture.structures import Structure, each, files

HOOK = "import { useChatKit, ChatKit } from '@openai/chatkit-react'\n"
OPTIONS = "api: { url: '/c', domainKey: 'k' }"
PAGE = "<html><body><openai-chatkit></openai-chatkit>"
ELEMENT = "const el = document.querySelector('openai-chatkit')\n"


# Of options that upload files directly, so that the `fetch` of their own is looked at.
_UPLOADS = "api: { url: '/c', domainKey: 'k', uploadStrategy: { type: 'direct', uploadUrl: '/u' }, fetch: async (input, init) => {\n"


# Each level is two, and a file may nest as deep as five thousand.
_DEEP = 2_000


def _with_options(more: str) -> str:
    return f"useChatKit({{ {OPTIONS}, {more} }})\n"


STRUCTURES: dict[str, Structure] = {
    "shared constants": lambda size: {
        "a.ts": f"{HOOK}const c0 = {{ a: 1 }}\n"
        + each(size, "const c# = { a: c#-1, b: c#-1 }\n")
        + _with_options(f"theme: c{size}")
    },
    "imports of one constant": lambda size: {
        "b.ts": "export const P = [{ name: 'Hi', prompt: 'hi' }]\nP.map((p) => p.name)\n",
        "a.ts": HOOK
        + each(size, f"import {{ P }} from './b'\nuseChatKit({{ {OPTIONS}, startScreen: {{ prompts: P }} }})\n"),
    },
    "shared spreads": lambda size: {
        "a.ts": f"{HOOK}const c0 = {{ {OPTIONS} }}\n"
        + each(size, "const c# = { ...(x ? c#-1 : {}), ...c#-1 }\n")
        + f"useChatKit(c{size})\n"
    },
    "a chain of names": lambda size: {
        "a.ts": f"{HOOK}const c0 = {{ {OPTIONS} }}\n" + each(size, "const c# = c#-1\n") + f"useChatKit(c{size})\n"
    },
    "texts added up": lambda size: {
        "a.ts": HOOK + "useChatKit({ api: { url: " + "'a' + " * size + "'b', domainKey: 'k' } })\n"
    },
    "a template": lambda size: {
        "a.ts": HOOK + "const a = 'x'\nuseChatKit({ api: { url: `" + "${a}" * size + "`, domainKey: 'k' } })\n"
    },
    "a template that doubles": lambda size: {
        "a.ts": f"{HOOK}const c0 = 'ab'\n"
        + each(size, "const c# = `${c#-1}${c#-1}`\n")
        + f"useChatKit({{ api: {{ url: c{size}, domainKey: 'k' }} }})\n"
    },
    "templates in each other": lambda size: {"a.ts": HOOK + "x = " + "`${" * size + "1" + "}`" * size + "\n"},
    "a long text": lambda size: {"a.ts": HOOK + "x = '" + "a" * size + "'\n"},
    "hooks": lambda size: {"a.tsx": HOOK + each(size, f"export const use# = () => useChatKit({{ {OPTIONS} }})\n")},
    "hooks in branches in each other": lambda size: {
        "a.tsx": HOOK
        + "export function A() {\n"
        + f"if (a) {{ useChatKit({{ {OPTIONS} }})\n" * min(size, _DEEP)
        + "}" * min(size, _DEEP)
        + "}\n"
    },
    "hooks in files": lambda size: files(
        size, "a#.tsx", f"{HOOK}export const use# = () => useChatKit({{ {OPTIONS} }})\n"
    ),
    "hooks with mistakes": lambda size: {
        "a.tsx": HOOK
        + each(size, "export const use# = () => useChatKit({ api: { url: '/c' }, them: 1, header: { x: 1 } })\n")
    },
    "hooks of shared options": lambda size: {
        "a.tsx": f"{HOOK}const options = {{ {OPTIONS}, them: 1 }}\n"
        + each(size, "export const use# = () => useChatKit(options)\n")
    },
    "hooks of a function": lambda size: {
        "a.tsx": f"{HOOK}const use = (o) => useChatKit({{ {OPTIONS}, ...o }})\n" + each(size, "use({ them: # })\n")
    },
    "components": lambda size: {
        "a.tsx": HOOK
        + each(
            size,
            f"export const C# = () => {{ const {{ control }} = useChatKit({{ {OPTIONS} }}); return <ChatKit control={{control}} /> }}\n",
        )
    },
    "hooks in a component": lambda size: {
        "a.tsx": f"{HOOK}export function C() {{\n"
        + f"const {{ control }} = useChatKit({{ {OPTIONS} }})\n" * size
        + "return <ChatKit control={control} />\n}\n"
    },
    "chats without control": lambda size: {"a.tsx": HOOK + each(size, "export const C# = () => <ChatKit />\n")},
    "members": lambda size: {"a.tsx": f"{HOOK}const chat = useChatKit({{ {OPTIONS} }})\n" + each(size, "chat.x#()\n")},
    "arguments": lambda size: {
        "a.tsx": f"{HOOK}const chat = useChatKit({{ {OPTIONS} }})\n" + each(size, "chat.setThreadId(#)\n")
    },
    "handlers": lambda size: {
        "a.tsx": HOOK
        + each(size, f"useChatKit({{ {OPTIONS}, onThreadChange: (id#) => localStorage.setItem('a', id#.x) }})\n")
    },
    "a handler of statements": lambda size: {
        "a.tsx": HOOK
        + _with_options(
            "onThreadChange: (e) => {\n" + each(size, "if (e.threadId) localStorage.setItem('a#', e.threadId)\n") + "}"
        )
    },
    "a handler that leaves and saves": lambda size: {
        "a.tsx": HOOK
        + "const read = () => localStorage.getItem('a')\n"
        + _with_options(
            "initialThread: read(), onThreadChange: ({ threadId }) => {\n"
            + "if (!threadId) return;\nlocalStorage.setItem('a', threadId);\n" * size
            + "}"
        )
    },
    "helpers of the storage": lambda size: {
        "a.tsx": HOOK
        + each(size, "const read# = () => localStorage.getItem('a#')\n")
        + _with_options("onThreadChange: (e) => {\n" + each(size, "localStorage.setItem('a#', e.threadId)\n") + "}")
    },
    "a fetch that sets headers": lambda size: {
        "a.ts": f"{HOOK}useChatKit({{ {_UPLOADS}const headers = new Headers(init?.headers)\n"
        + "headers.set('content-type', 'application/json')\n" * size
        + "return fetch(input, { ...init, headers })\n} } })\n"
    },
    "a fetch of fetches": lambda size: {
        "a.ts": f"{HOOK}useChatKit({{ {_UPLOADS}const headers = new Headers(init?.headers)\n"
        + "headers.set('content-type', 'application/json')\nawait fetch(input, { ...init, headers })\n" * size
        + "} } })\n"
    },
    "a fetch of entries": lambda size: {
        "a.ts": f"{HOOK}useChatKit({{ {_UPLOADS}return fetch(input, {{ ...init, headers: {{\n"
        + "'content-type': 'application/json',\n" * size
        + "} })\n} } })\n"
    },
    "env": lambda size: {
        "a.tsx": HOOK + each(size, "useChatKit({ api: { url: process.env.X#, domainKey: import.meta.env.K# } })\n"),
        "package.json": '{"dependencies": {"vite": "5"}}',
    },
    "prompts": lambda size: {
        "a.ts": HOOK
        + _with_options("startScreen: { prompts: [\n" + each(size, "{ name: 'a#', prompt: 'b', icon: 'x' },\n") + "] }")
    },
    "prompts that are mapped": lambda size: {
        "a.ts": HOOK
        + "const p = [\n"
        + each(size, "{ name: 'a#', prompt: 'b' },\n")
        + "]\n"
        + _with_options("startScreen: { prompts: p.map(x => x) }")
    },
    "prompts of many chats": lambda size: {
        "b.ts": "export const Q = [{ id: 1, label: 'Hi', prompt: 'hi' }]\n",
        "c.ts": "import { Q } from './b'\nQ.map((q) => q.label)\n",
        "a.ts": f"{HOOK}import {{ Q }} from './b'\n"
        + each(size, f"export const use# = () => useChatKit({{ {OPTIONS}, startScreen: {{ prompts: Q }} }})\n"),
    },
    "unknown options": lambda size: {"a.ts": HOOK + _with_options(each(size, "them#: 1, "))},
    "one option again and again": lambda size: {"a.ts": HOOK + _with_options("theme: 'dark', " * size)},
    "options of options": lambda size: {"a.ts": HOOK + _with_options("theme: " + "{ a: " * size + "1" + " }" * size)},
    "spreads": lambda size: {"a.ts": HOOK + _with_options("...a, " * size)},
    "spreads of one": lambda size: {
        "a.ts": HOOK + f"const a = {{ {OPTIONS} }}\nuseChatKit({{ " + "...a, " * size + "})\n"
    },
    "conditions": lambda size: {"a.ts": HOOK + _with_options("theme: " + "a ? 'dark' : " * size + "'x'")},
    "ands": lambda size: {"a.ts": HOOK + _with_options("theme: " + "a && " * size + "'x'")},
    "calls of calls": lambda size: {"a.ts": HOOK + "f(" * size + ")" * size + "\n"},
    "methods of methods": lambda size: {"a.ts": HOOK + "a" + ".b()" * size + "\n"},
    "methods of methods, often": lambda size: {"a.ts": HOOK + each(size // 90 + 1, "a" + ".b()" * 90 + "\n")},
    "a list": lambda size: {"a.ts": HOOK + "const a = [" + "1," * size + "]\n"},
    "semicolons": lambda size: {"a.ts": HOOK + "a;" * size + "\n"},
    "empty statements": lambda size: {"a.ts": HOOK + ";" * size + "\n"},
    "blocks in each other": lambda size: {"a.ts": HOOK + "{" * size + "}" * size + "\n"},
    "functions in each other": lambda size: {"a.ts": HOOK + "() => (" * size + "1" + ")" * size + "\n"},
    "functions": lambda size: {
        "a.ts": HOOK + each(size, "function f#(a) { return f#-1(a) }\n") + f"useChatKit(f{size}({{ {OPTIONS} }}))\n"
    },
    "scopes": lambda size: {"a.ts": HOOK + each(size, "{ const a = #; { const b = a } }\n")},
    "many names": lambda size: {"a.ts": HOOK + each(size, "const a# = #\n")},
    "one name again and again": lambda size: {"a.ts": HOOK + each(size, "a = a + #\n") + _with_options("theme: a")},
    "writes": lambda size: {
        "a.ts": f"{HOOK}const o = {{ {OPTIONS} }}\n" + each(size, "o.a# = #\n") + "useChatKit(o)\n"
    },
    "writes of options": lambda size: {
        "a.ts": f"{HOOK}const o = {{ {OPTIONS} }}\n" + each(size, "o.theme = { a#: # }\n") + "useChatKit(o)\n"
    },
    "reads of options": lambda size: {
        "a.ts": f"{HOOK}const o = {{ {OPTIONS}, them: 1 }}\n" + each(size, "f(o.them)\n") + "useChatKit(o)\n"
    },
    "comments without an end": lambda size: {"a.ts": HOOK + "/*" * size + "\n"},
    "comments without an end, in lines": lambda size: {"a.ts": HOOK + "/* a\n" * size + "\n"},
    "comments that end": lambda size: {"a.ts": HOOK + "/* a */\n" * size + "\n"},
    "comments within comments": lambda size: {"a.ts": HOOK + "/*" * size + " */\n"},
    "quotes without an end": lambda size: {"a.ts": HOOK + "'\n" * size + "\n"},
    "backticks": lambda size: {"a.ts": HOOK + "`" * size + "\n"},
    "regexes": lambda size: {"a.ts": HOOK + "x = /a/g\n" * size},
    "regexes without an end": lambda size: {"a.ts": HOOK + "x = /a\n" * size},
    "a regex of brackets": lambda size: {"a.ts": HOOK + "x = /" + "[" * size + "/\n"},
    "less than signs": lambda size: {"a.tsx": HOOK + "a < " * size + "b\n"},
    "type arguments": lambda size: {"a.ts": HOOK + "a<" * size + "b\n"},
    "type arguments that end": lambda size: {"a.ts": HOOK + "x = a<" + "b<" * size + ">" * size + "()\n"},
    "parentheses without an end": lambda size: {"a.ts": HOOK + "(" * size + "\n"},
    "brackets without an end": lambda size: {"a.ts": HOOK + "[" * size + "\n"},
    "braces without an end": lambda size: {"a.js": HOOK + "{" * size + "\n"},
    "ends without a beginning": lambda size: {"a.js": HOOK + ")}]" * size + "\n"},
    "arrows without an end": lambda size: {"a.ts": HOOK + "(a, " * size + "\n"},
    "garbage": lambda size: {"a.js": HOOK + "@#$ ( ] => % ` \n" * size},
    "types": lambda size: {"a.ts": HOOK + each(size, "type T# = { a: T#-1 | string }\n")},
    "interfaces": lambda size: {
        "a.ts": HOOK
        + "import type { ChatKitOptions } from '@openai/chatkit'\n"
        + each(size, "interface I# extends I#-1 { a#: ChatKitOptions }\n")
    },
    "elements of JSX": lambda size: {"a.tsx": HOOK + "const a = <div>" + "<ChatKit />" * size + "</div>\n"},
    "elements of JSX in each other": lambda size: {
        "a.tsx": HOOK + "const a = " + "<div>" * size + "</div>" * size + "\n"
    },
    "elements of JSX without an end": lambda size: {"a.tsx": HOOK + "const a = " + "<div>" * size + "\n"},
    "attributes of JSX": lambda size: {"a.tsx": HOOK + "const a = <ChatKit " + each(size, "a#={#} ") + "/>\n"},
    "spreads of JSX": lambda size: {"a.tsx": HOOK + "const a = <ChatKit " + "{...a} " * size + "/>\n"},
    "imports": lambda size: {"a.ts": HOOK + each(size, "import { a# } from './m#'\n")},
    "imports of types": lambda size: {"a.ts": each(size, "import { ChatKitOptions as O# } from '@openai/chatkit'\n")},
    "imports that are used": lambda size: {
        "a.ts": "import { useChatKit } from '@openai/chatkit'\n" + each(size, f"useChatKit({{ {OPTIONS} }})\n")
    },
    "imports of what is not there": lambda size: {
        "a.tsx": "import { ChatKit } from '@openai/chatkit'\n" * size + "export const C = () => <ChatKit />\n"
    },
    "imports from an address": lambda size: {
        "a.html": PAGE
        + "<script type=module>\n"
        + "import { ChatKit } from 'https://esm.run/@openai/chatkit'\n" * size
        + "</script>\n"
    },
    "hooks that take their options": lambda size: {
        "a.tsx": HOOK + each(size, "export const use# = (options) => useChatKit(options)\n")
    },
    "barrels": lambda size: {
        "a.ts": f"{HOOK}import {{ api }} from './m1'\nuseChatKit({{ api }})\n",
        **{
            f"m{number}.ts": f"export * from './m{number + 1}'\nexport * from './m{number + 2}'\n"
            for number in range(1, size + 1)
        },
    },
    "modules that hand on": lambda size: {
        "a.ts": f"{HOOK}import {{ c }} from './m{size}'\nuseChatKit(c)\n",
        "m0.ts": f"export const c = {{ {OPTIONS}, them: 1 }}\n",
        **files(size, "m#.ts", "import { c as d } from './m#-1'\nexport const c = { ...d }\n"),
    },
    "listeners": lambda size: {
        "a.ts": f"{ELEMENT}el.setOptions({{ {OPTIONS} }})\n"
        + "el.addEventListener('chatkit.message', () => {})\n" * size
    },
    "calls of setOptions": lambda size: {"a.ts": ELEMENT + each(size, "el.setOptions({ theme: '#' })\n")},
    "calls of setOptions with all of them": lambda size: {"a.ts": ELEMENT + f"el.setOptions({{ {OPTIONS} }})\n" * size},
    "calls of setOptions that wait": lambda size: {
        "a.ts": f"{ELEMENT}export async function set() {{\n"
        + f"if (el) await el\nconst chat = el\nchat.setOptions({{ {OPTIONS} }})\n" * size
        + "}\n"
    },
    "calls of setOptions in a function": lambda size: {
        "a.html": PAGE
        + "<script type=module>\nconst el = document.querySelector('openai-chatkit')\nfunction set() {\n"
        + f"el.setOptions({{ {OPTIONS} }})\n" * size
        + "}\nset()\n</script>\n"
    },
    "elements that are found": lambda size: {
        "a.ts": each(size, f"document.querySelector('openai-chatkit').setOptions({{ {OPTIONS} }})\n")
    },
    "elements that are made": lambda size: {
        "a.ts": each(
            size,
            f"const e# = document.createElement('openai-chatkit'); e#.setOptions({{ {OPTIONS} }}); document.body.append(e#)\n",
        )
    },
    "keys of a provider": lambda size: {
        "a.ts": HOOK + each(size, "const k# = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789abcd'\n")
    },
    "comments that hide": lambda size: {"a.ts": HOOK + "// chatkit-doctor: ignore[CK401]\n" * size},
    "comments that hide something": lambda size: {
        "a.ts": HOOK + each(size, "// chatkit-doctor: ignore[CK401]\nuseChatKit({ api: { url: '/c' } })\n")
    },
    "servers of node": lambda size: {
        "server.js": "import express from 'express' // chatkit\nconst app = express()\n"
        + each(size, "app.post('/chatkit#', (req, res) => { res.json({ type: 'threads.create' }) })\n"),
        "a.ts": HOOK + _with_options(""),
    },
    "inline scripts": lambda size: {"a.html": PAGE + each(size, "<script>var a# = 1; document.x = a#</script>\n")},
    "inline scripts that set options": lambda size: {
        "a.html": PAGE
        + each(size, f"<script>document.querySelector('openai-chatkit').setOptions({{ {OPTIONS} }})</script>\n")
    },
    "scripts of the CDN": lambda size: {
        "a.html": PAGE
        + "<script src='https://cdn.platform.openai.com/deployments/chatkit/chatkit.js' integrity='x'></script>\n"
        * size
    },
    "scripts": lambda size: {"a.html": PAGE + each(size, "<script src='a#.js'></script>\n")},
    "scripts without an end": lambda size: {"a.html": PAGE + "<script>" * size},
    "scripts without an end, in tags": lambda size: {"a.html": PAGE + "<script " * size},
    "styles without an end": lambda size: {"a.html": PAGE + "<style>" * size},
    "elements": lambda size: {"a.html": "<html><body>" + "<openai-chatkit></openai-chatkit>" * size},
    "elements in each other": lambda size: {"a.html": "<html><body>" + "<div>" * size + "<openai-chatkit>"},
    "elements that end": lambda size: {"a.html": PAGE + "</div>" * size},
    "elements with ends left out": lambda size: {"a.html": PAGE + "<p>a" * size},
    "lists with ends left out": lambda size: {"a.html": PAGE + "<ul><li>" * size},
    "attributes": lambda size: {"a.html": PAGE + "<div " + each(size, "a#='#' ") + ">"},
    "attributes without an end": lambda size: {"a.html": PAGE + "<div a='" * size},
    "comments of markup without an end": lambda size: {"a.html": PAGE + "<!--" * size},
    "comments of markup": lambda size: {"a.html": PAGE + "<!-- a -->" * size},
    "less than signs in markup": lambda size: {"a.html": PAGE + "<" * size},
    "entities": lambda size: {"a.html": PAGE + "&amp;&" * size},
    "scripts of one's own": lambda size: {
        "a.html": PAGE + "<script src='/vendor-chatkit.js' async></script>\n" * size,
        "vendor-chatkit.js": "customElements.define('openai-chatkit', class {}) // cdn.platform.openai.com\n",
    },
    "policies": lambda size: {
        "a.html": PAGE + each(size, "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self' a#\">\n")
    },
    "a policy": lambda size: {
        "a.html": PAGE
        + "<meta http-equiv='Content-Security-Policy' content=\"script-src 'self' "
        + each(size, "a#.com ")
        + '">\n'
    },
    "a policy of directives": lambda size: {
        "a.html": PAGE
        + "<meta http-equiv='Content-Security-Policy' content=\""
        + each(size, "script-src 'self' a#.com; ")
        + '">\n'
    },
    "pages": lambda size: files(size, "a#.html", PAGE + "<script src='a.js'></script>\n"),
    "pages of one script": lambda size: {
        "a.js": f"{ELEMENT}el.setOptions({{ {OPTIONS} }})\n",
        **files(size, "a#.html", PAGE + "<script src='a.js'></script>\n"),
    },
    "templates of Jinja": lambda size: {"a.html": PAGE + "{% if a %}{{ b }}" * size},
    "templates of Jinja without an end": lambda size: {"a.html": PAGE + "{{ {% {# " * size},
    "templates that extend": lambda size: {
        "a0.html": PAGE,
        **files(size, "a#.html", "{% extends 'a#-1.html' %}<openai-chatkit>\n"),
    },
    "templates that include": lambda size: {"a.html": PAGE + each(size, "{% include 'b#.html' %}\n")},
    "PHP": lambda size: {"a.php": PAGE + "<?php echo 1; ?>" * size},
    "PHP without an end": lambda size: {"a.php": PAGE + "<?php " * size},
    "components of Vue": lambda size: {
        "a.vue": "<template><openai-chatkit/></template>" + each(size, "<script setup>const a# = 1</script>\n")
    },
    "a template of Vue": lambda size: {
        "a.vue": "<template>" + "<openai-chatkit :a='b' @c='d'/>" * size + "</template>"
    },
    "a component of Svelte": lambda size: {"a.svelte": "<script>let a</script>" + "{#if a}<openai-chatkit/>" * size},
    "a component of Astro": lambda size: {
        "a.astro": "---\n" + each(size, "const a# = 1\n") + "---\n<openai-chatkit/>\n"
    },
    "dashes in Astro": lambda size: {"a.astro": "---\n" * size + "<openai-chatkit/>\n"},
    "blank lines": lambda size: {"a.ts": HOOK + "\n" * size},
    "wide characters": lambda size: {
        "a.ts": HOOK + each(size, "x = '\U0001f680é'; useChatKit({ api: { url: '/c' } })\n")
    },
    "wide characters alone": lambda size: {
        "a.ts": HOOK + "// " + "\U0001f680" * size + "\n" + _with_options("them: 1")
    },
    "carriage returns": lambda size: {"a.ts": HOOK + "\r" * size + "\n"},
}
