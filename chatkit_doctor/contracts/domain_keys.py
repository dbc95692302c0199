"""What a domain key looks like, and what stands in for one."""

from __future__ import annotations

import re
from functools import cache

from chatkit_doctor.contracts.data_files import kept
from chatkit_doctor.patterns import regex

_WORD = regex(r"[^\W_]+")
# Where a template language or a step of the build writes the key, as in `{{ key }}`, `%KEY%` and `__KEY__`.
_FILLED_IN = regex(r"\{\{|\{%|<[?%]|\$\{|\$\w|%\w+%|^__\w+__$|^#\{")


def is_placeholder_key(text: str) -> bool:
    """Return whether a text stands where the key of a domain should, and is none."""
    known = kept("web")["domain_key"]
    if _FILLED_IN.search(text) or _form().fullmatch(text.strip()):
        return False
    words = [word.lower() for word in _WORD.findall(text)]
    return any(word in known["telling"] for word in words) or set(words) <= set(known["fillers"])


@cache
def _form() -> re.Pattern[str]:
    return re.compile(kept("web")["domain_key"]["form"])
