"""CK609 in the reference app: a page beside it that asks for React's binding and draws a chat of its own."""

from __future__ import annotations

from tests.mutations.app import Edit, mutation

_MANIFEST = '{ "private": true, "dependencies": { "@openai/chatkit-react": "^1.6.1", "react": "^18.3.1" } }\n'

MUTATIONS = (
    mutation(
        "CK609",
        "beside",
        "@openai/chatkit-react",
        Edit("kiosk/package.json", None, _MANIFEST),
        Edit("kiosk/main.js", None, "document.title = 'In the manner of ChatKit'\n"),
        fixable=False,
    ),
)
