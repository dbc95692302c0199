"""Which names and texts are those of secrets, and which names of variables browsers get to see."""

from __future__ import annotations

import re
from functools import cache

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.patterns import regex


def is_public_secret(name: str) -> bool:
    """Return whether a variable of the environment is a secret by its name and gets into what browsers load."""
    known = kept("web")["secrets"]
    prefix = next((each for each in known["prefixes"] if name.startswith(each)), None)
    if prefix is None:
        return False
    rest = name.removeprefix(prefix)
    words = rest.split("_")
    is_secret = rest.endswith(tuple(known["endings"])) and any(each in words for each in known["providers"])
    return is_secret and not any(each in words for each in known["public"])


def holds_key(text: str) -> bool:
    """Return whether a text is a key of a provider's, and no placeholder for one."""
    found = _key().fullmatch(text.strip())
    if found is None or _PLACEHOLDER.search(text.lower()):
        return False
    return any(each.isdigit() for each in text) and any(each.isupper() for each in text) and len(set(text)) > _FEWEST


@cache
def _key() -> re.Pattern[str]:
    return re.compile(kept("web")["secrets"]["key"])


_PLACEHOLDER = regex(r"your|example|placeholder|xxxx|replace|dummy|fake|insert|test")
# A text of so few different characters was typed to look like a key.
_FEWEST = 14
