"""CK4 and CK5 in the reference app: options that ChatKit refuses, threads that get lost, a page without the script."""

from __future__ import annotations

from chatkit_doctor.finding import Severity
from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT, ONE_KEY, PAGE

SCHEME = "frontend/src/useColorScheme.ts"

_SCRIPT = '<script src="https://cdn.platform.openai.com/deployments/chatkit/chatkit.js" async></script>'
_IMPORTED = "import { ChatKit, useChatKit, type ColorScheme } from '@openai/chatkit-react'"
_IMPORTED_STATE = "import { useState } from 'react'\n"
_KEY = "      domainKey: DOMAIN_KEY,\n"
_UPLOADS = "      uploadStrategy: { type: 'two_phase' },\n"
_API = f"    api: {{\n      url: CHATKIT_URL,\n{_KEY}      fetch: fetchAsUser,\n{_UPLOADS}    }},\n"
_HOSTED = "      getClientSecret: async () => (await fetchAsUser('/secret')).text(),\n"
_SET = "      if (threadId) localStorage.setItem(threadKey, threadId)\n"
_REMOVE = "      else localStorage.removeItem(threadKey)\n"
_HEARD = f"    onThreadChange: ({{ threadId }}) => {{\n{_SET}{_REMOVE}    }},\n"
_READ = """\
  // ChatKit reads its first thread once, so the saved one has to be there at the first render.
  const [initialThread] = useState(() => localStorage.getItem(threadKey))

"""


def _chat(old: str, new: str) -> Edit:
    return Edit(CHAT, old, new)


_UNREAD = (_chat(_READ, ""), _chat(_IMPORTED_STATE, ""), _chat("    initialThread,\n", ""))

_API_SHAPES = (
    mutation(
        "CK401",
        "options-in-a-constant",
        "api",
        _chat(_API, "    api: API,\n"),
        _chat(
            "export function Chat",
            f"const API = {{\n  url: CHATKIT_URL,\n{_UPLOADS[4:]}}} as const\n\nexport function Chat",
        ),
    ),
    mutation(
        "CK403", "other-name-of-url", "apiURL", _chat("      url: CHATKIT_URL,\n", "      apiURL: CHATKIT_URL,\n")
    ),
    mutation(
        "CK403",
        "uploads-at-the-composer",
        "uploadStrategy",
        _chat(_UPLOADS, ""),
        _chat("        enabled: true,\n", "        enabled: true,\n        uploadStrategy: { type: 'two_phase' },\n"),
    ),
    mutation(
        "CK403",
        "beside-api",
        "fetch",
        _chat(
            _API,
            f"    api: {{\n      url: CHATKIT_URL,\n{_KEY}{_UPLOADS}    }},\n    fetch: fetchAsUser,\n",
        ),
    ),
    mutation(
        "CK403",
        "both-shapes",
        "getClientSecret",
        _chat(_API, f"    api: {{\n      url: CHATKIT_URL,\n{_KEY}{_HOSTED}    }},\n"),
        fixable=False,
        beside={"CK606"},
    ),
    mutation("CK403", "neither-shape", "api", _chat("      url: CHATKIT_URL,\n", ""), fixable=False),
    mutation("CK403", "no-object", "CHATKIT_URL", _chat(_API, "    api: CHATKIT_URL,\n"), fixable=False),
)

_PROMPTS = (
    mutation("CK404", "title", "title", _chat("label: 'Count the days'", "title: 'Count the days'")),
    mutation("CK404", "text-for-prompt", "text", _chat("prompt: 'What is my name?'", "text: 'What is my name?'")),
    mutation(
        "CK404",
        "label-alone",
        "label: 'What is my name?'",
        _chat("label: 'Test my memory', prompt: 'What is my name?'", "label: 'What is my name?'"),
    ),
    mutation("CK405", "misspelt", "'calender'", _chat("icon: 'calendar'", "icon: 'calender'")),
    mutation("CK405", "address", "'/memory.svg'", _chat("icon: 'lightbulb'", "icon: '/memory.svg'")),
)

_UNKNOWN_OPTIONS = (
    mutation(
        "CK406",
        "headers",
        "headers",
        _chat("      fetch: fetchAsUser,\n", "      headers: { 'X-User-Name': userName },\n"),
        _chat("import { fetchAsUser } from './user'\n", ""),
    ),
    mutation("CK406", "with-underscores", "color_scheme", _chat("{ colorScheme, r", "{ color_scheme: colorScheme, r")),
    mutation(
        "CK406",
        "out-of-its-place",
        "greeting",
        _chat(
            "    startScreen: {\n      greeting: 'What can I do for you?',\n",
            "    greeting: 'What can I do for you?',\n    startScreen: {\n",
        ),
    ),
    mutation("CK406", "invented", "maxFiles", _chat("        maxCount: 4,\n", "        maxFiles: 4,\n")),
)

_DISCLAIMER = "'The assistant can be wrong. Check what matters.'"

_VALUES = (
    mutation("CK407", "text-for-an-object", _DISCLAIMER, _chat(f"{{ text: {_DISCLAIMER} }}", _DISCLAIMER)),
    mutation(
        "CK407",
        "switch-for-an-object",
        "true",
        _chat("    threadItemActions:", "    history: true,\n    threadItemActions:"),
    ),
    mutation("CK407", "other-letters", "'Round'", _chat("radius: 'round'", "radius: 'Round'")),
    mutation("CK407", "nearly-the-name", "'rounded'", _chat("radius: 'round'", "radius: 'rounded'")),
    mutation("CK407", "number-in-quotes", "'2'", _chat("level: 2", "level: '2'")),
    mutation("CK407", "number-out-of-range", "5", _chat("level: 2", "level: 5"), fixable=False),
    mutation("CK407", "null", "null", _chat("placeholder: 'Write a message'", "placeholder: null")),
    mutation(
        "CK407",
        "locale-with-a-region",
        "'de-AT'",
        _chat("    disclaimer:", "    locale: 'de-AT',\n    disclaimer:"),
        severity=Severity.INFO,
    ),
    mutation(
        "CK407",
        "variable-of-the-page",
        "'var(--accent)'",
        _chat("'#2f6f5e'", "'var(--accent)'"),
        fixable=False,
        severity=Severity.WARNING,
    ),
    mutation("CK408", "accent-without-level", "accent", _chat("primary: '#2f6f5e', level: 2", "primary: '#2f6f5e'")),
    mutation("CK408", "attachments-without-enabled", "attachments", _chat("        enabled: true,\n", "")),
    mutation(
        "CK408",
        "tool-without-icon",
        "id: 'search'",
        _chat("      placeholder:", "      tools: [{ id: 'search', label: 'Search' }],\n      placeholder:"),
    ),
    mutation("CK408", "no-api", "useChatKit", _chat(_API, ""), fixable=False),
)

_THREADS = (
    mutation(
        "CK409",
        "saved-and-never-read",
        "onThreadChange",
        *_UNREAD,
        ONE_KEY,
        severity=Severity.WARNING,
    ),
    mutation("CK409", "read-and-never-saved", "initialThread", _chat(_HEARD, ""), ONE_KEY, severity=Severity.WARNING),
    mutation(
        "CK409",
        "two-keys",
        "initialThread",
        ONE_KEY,
        _chat("localStorage.getItem(threadKey)", "localStorage.getItem('thread')"),
        severity=Severity.WARNING,
    ),
    mutation(
        "CK409",
        "no-way-back",
        "useChatKit",
        _chat(_HEARD, "    history: { enabled: false },\n"),
        *_UNREAD,
        severity=Severity.WARNING,
    ),
    mutation(
        "CK409",
        "handler-that-logs",
        "useChatKit",
        _chat(_HEARD, "    onThreadChange: ({ threadId }) => console.log(threadId),\n"),
        *_UNREAD,
    ),
    mutation(
        "CK410",
        "null-as-text",
        "localStorage.setItem(threadKey, threadId as string)",
        _chat(_SET + _REMOVE, "      localStorage.setItem(threadKey, threadId as string)\n"),
        ONE_KEY,
    ),
    mutation(
        "CK410",
        "early-return",
        "localStorage.setItem(threadKey, threadId)",
        _chat(_SET + _REMOVE, "      if (!threadId) return\n      localStorage.setItem(threadKey, threadId)\n"),
        ONE_KEY,
    ),
)

_HANDLERS = (
    mutation("CK411", "invented", "onMessage", _chat("    onError:", "    onMessage: () => {},\n    onError:")),
    mutation(
        "CK411",
        "nearly-the-name",
        "onResponseEnded",
        _chat("    onError:", "    onResponseEnded: () => {},\n    onError:"),
    ),
)

_IMPORTS = (
    mutation(
        "CK413", "effect", "'@openai/chatkit'", _chat(_IMPORTED_STATE, f"import '@openai/chatkit'\n{_IMPORTED_STATE}")
    ),
    mutation("CK413", "hook-of-the-types", "ChatKit", _chat(_IMPORTED, _IMPORTED.replace("-react", ""))),
    mutation(
        "CK413",
        "styles",
        "'@openai/chatkit-react/styles.css'",
        _chat(_IMPORTED_STATE, f"{_IMPORTED_STATE}import '@openai/chatkit-react/styles.css'\n"),
    ),
    mutation(
        "CK413",
        "types-kept-as-code",
        "'@openai/chatkit'",
        Edit(
            SCHEME,
            "import type { ColorScheme } from '@openai/chatkit-react'",
            "import { ColorScheme } from '@openai/chatkit'",
        ),
        Edit("frontend/tsconfig.json", '"isolatedModules": true,', '"verbatimModuleSyntax": true,'),
    ),
    mutation(
        "CK413",
        "provider",
        "ChatKitProvider",
        _chat("import { ChatKit, ", "import { ChatKit, ChatKitProvider, "),
        _chat("<ChatKit control={control} />", "<ChatKitProvider><ChatKit control={control} /></ChatKitProvider>"),
        fixable=False,
    ),
    mutation("CK414", "none", "ChatKit", _chat("<ChatKit control={control} />", "<ChatKit />")),
    mutation(
        "CK414",
        "all-of-the-hook",
        "chatkit",
        _chat("control={control}", "control={chatkit}"),
        _chat("const { control } = useChatKit(", "const chatkit = useChatKit("),
    ),
)

_PAGE = (
    mutation("CK501", "comment", "<head>", Edit(PAGE, _SCRIPT, f"<!-- {_SCRIPT} -->")),
    mutation(
        "CK501",
        "only-fetched-ahead",
        "<head>",
        Edit(
            PAGE,
            _SCRIPT,
            _SCRIPT.replace("<script src", '<link rel="preload" as="script" href').replace(" async></script>", ">"),
        ),
    ),
)

MUTATIONS = (
    *_API_SHAPES,
    *_PROMPTS,
    *_UNKNOWN_OPTIONS,
    *_VALUES,
    *_THREADS,
    *_HANDLERS,
    *_IMPORTS,
    *_PAGE,
)
