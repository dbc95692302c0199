"""Who `user` was in a session: somebody the app knows, or whoever came."""

from __future__ import annotations

import re

# What an app calls somebody who has signed in.
_SIGNED_IN = re.compile(
    r"\bauth\b|\bsession\??\.user\b|currentUser|current_user|getUser|get_user|\bclerk|supabase|\bjwt\b|\breq\.user\??\.\w"
    r"|request\.user\b|\bg\.user|getServerSession|getSession\(|verifyToken|decoded\.|\bDepends\(",
    re.IGNORECASE,
)
# What an app makes up for whoever comes, or takes a browser's word for.
_MADE_UP = re.compile(
    r"randomUUID|Math\.random|Date\.now|uuid|token_hex|token_urlsafe|cookie|device|anon|visitor|guest|demo"
    r"|\breq(?:uest)?\.body|await\s+req(?:uest)?\.json|body\.|headers\.get|\.ip\b|REMOTE_ADDR|session_?id",
    re.IGNORECASE,
)


# How a route turns away somebody whom it does not know.
_TURNED_AWAY = re.compile(r"\b401\b|unauthori[sz]ed|not.logged.in|not.authenticated", re.IGNORECASE)


def is_signed_in(expression: str, around: str) -> bool:
    """Return whether a `user` is somebody who has signed in.

    expression: the value of `user`, with what its names stand for. around: the function that makes the session.
    """
    if re.fullmatch(r"""\s*+(?:(?:"[^"]*"|'[^']*')\s*+)?""", expression):
        return False
    if _SIGNED_IN.search(expression) or _TURNED_AWAY.search(around):
        return True
    return bool(_SIGNED_IN.search(around)) and not _MADE_UP.search(expression)
