"""The text of a method's header, and the names that text needs: for stubs that a fix writes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.contracts.sdk.callables import CallableContract, Parameter

_STARS = {"var_positional": "*", "var_keyword": "**"}


def signature_text(method: CallableContract) -> str:
    """Return the header as the SDK's source has it, on one line, from `async def` (or `def`) to the colon."""
    texts = ", ".join(_parameter_texts(method.params))
    arrow = f" -> {method.returns}" if method.returns else ""
    keyword = "async def" if method.colour.startswith("async") else "def"
    return f"{keyword} {method.name}({texts}){arrow}:"


def _parameter_texts(params: tuple[Parameter, ...]) -> Iterator[str]:
    star_seen = False
    for parameter in params:
        if parameter.kind == "keyword_only" and not star_seen:
            yield "*"
        star_seen = star_seen or parameter.kind in {"keyword_only", "var_positional"}
        text = _STARS.get(parameter.kind, "") + parameter.name
        if parameter.annotation:
            text += f": {parameter.annotation}"
        if parameter.default:
            text += f" = {parameter.default}" if parameter.annotation else f"={parameter.default}"
        yield text


def annotation_names(method: CallableContract) -> tuple[str, ...]:
    """Return the names that the annotations of a method use, sorted, built-in ones too."""
    texts = [method.returns, *(parameter.annotation for parameter in method.params)]
    trees = [ast.parse(text, mode="eval") for text in texts if text]
    return tuple(sorted({node.id for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Name)}))
