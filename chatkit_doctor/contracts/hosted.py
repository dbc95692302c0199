"""How a server has OpenAI make a session for a hosted workflow, whatever language it is written in."""

from __future__ import annotations

from chatkit_doctor.patterns import regex

# The path of OpenAI's endpoint, not of one's own behind /api.
SESSIONS_PATH = regex(r"(?<!/api)/v1/chatkit/sessions(?![\w-])")
# The same behind a base of the file's own: `${BASE}/chatkit/sessions`, `BASE + "/chatkit/sessions"`.
SESSIONS_BEHIND_BASE = regex(r"""(?:\}|\$\w+|(?:\+|\.)\s*["'`])/chatkit/sessions(?![\w-])""")
# Such a base: OpenAI's, by itself.
OPENAI_BASE = regex(rb"""api\.openai\.com/v1/?["'`]""")
# What a file with the path has in any case.
SESSIONS_NEEDLE = b"/chatkit/sessions"
# Only a file that speaks to OpenAI says one of these.
OPENAI = (b"api.openai.com", b"chatkit_beta", b"OPENAI_API_KEY", b"OPENAI_KEY")
# Packages of others, with their function that asks for a session: chatkit-vue 0.1.3, README.md and its exports.
HOSTED_MAKERS = {"chatkit-vue": "createHostedClientSecret"}
