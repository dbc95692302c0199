"""CK402 in the reference app: a key that is empty, and one for localhost where the page is deployed."""

from __future__ import annotations

from chatkit_doctor.finding import Severity
from tests.mutations.app import Edit, mutation
from tests.mutations.rows import CHAT

_RIGHT = "const DOMAIN_KEY = import.meta.env.VITE_CHATKIT_DOMAIN_KEY || 'local-dev'"

MUTATIONS = (
    mutation(
        "CK402",
        "empty",
        "''",
        Edit(CHAT, _RIGHT, "const DOMAIN_KEY = ''"),
        fixable=False,
        severity=Severity.ERROR,
    ),
    mutation(
        "CK402",
        "deployed",
        "'local-dev'",
        Edit(CHAT, _RIGHT, "const DOMAIN_KEY = 'local-dev'"),
        Edit("frontend/vercel.json", None, '{ "framework": "vite" }\n'),
        fixable=False,
    ),
)
