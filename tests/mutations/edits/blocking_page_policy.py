"""CK504 in the reference app: a policy of the page that lets in its own scripts alone, and one of its host."""

from __future__ import annotations

from tests.mutations.app import Edit, Mutation, mutation
from tests.mutations.rows import PAGE

_META = '<meta http-equiv="Content-Security-Policy" content="script-src \'self\'" />'
_HEADERS = "/*\n  Cross-Origin-Embedder-Policy: require-corp\n"

MUTATIONS = (
    mutation(
        "CK504",
        "meta",
        "content=\"script-src 'self'\"",
        Edit(PAGE, '<meta charset="UTF-8" />', f'<meta charset="UTF-8" />\n    {_META}'),
        fixable=False,
    ),
    Mutation(
        "CK504",
        "headers",
        (Edit("frontend/public/_headers", None, _HEADERS),),
        path="frontend/public/_headers",
        marked="require-corp",
        fixable=False,
    ),
)
