"""Whether a constant in the source is a value that a type of the SDK takes, as pydantic decides it.

pydantic converts while it validates: `"1"` is an int, `"yes"` a bool. Where the answer depends on more than is known
here (dates, URLs), there is none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from chatkit_doctor.contracts import PythonContract
from chatkit_doctor.contracts.sdk.models import Type
from chatkit_doctor.patterns import regex

NOT_CONSTANT: Final = object()

_TRUTHS = frozenset({"0", "off", "f", "false", "n", "no", "1", "on", "t", "true", "y", "yes"})
_WHOLE_NUMBER = regex(r"\s*[+-]?\d+(?:_\d+)*(?:\.0*)?\s*")


def constant(expr: ast.expr) -> Any:
    """Return the value of a literal, a number's sign included, or NOT_CONSTANT."""
    if isinstance(expr, ast.Constant):
        return expr.value
    if isinstance(expr, ast.UnaryOp) and isinstance(expr.op, ast.USub) and isinstance(expr.operand, ast.Constant):
        value = expr.operand.value
        return -value if isinstance(value, int | float) and not isinstance(value, bool) else NOT_CONSTANT
    return NOT_CONSTANT


def takes(contract: PythonContract, type_: Type, value: object) -> bool | None:
    """Return whether a type takes a constant; None where that cannot be told."""
    named = _unaliased(contract, type_)
    if named is None or isinstance(named, str):
        return _atom_takes(contract, named, value) if named else None
    if "union" in named:
        return _any_of(takes(contract, each, value) for each in named["union"])
    if "literal" in named or "enum" in named:
        return _is_among(value, named.get("literal") or list(named["enum"].values()))
    if "pattern" in named:
        return isinstance(value, str) and re.search(named["pattern"], value) is not None
    if "generic" in named:
        return _atom_takes(contract, named["generic"], value)
    return False if {"list", "dict"} & set(named) and _is_scalar(value) else None


def allowed_values(contract: PythonContract, type_: Type) -> Iterator[str]:
    """Yield the texts that a type lists as its values."""
    named = _unaliased(contract, type_)
    if isinstance(named, str):
        named = contract.type_(named) if "." in named else None
    if named is None or isinstance(named, str):
        return
    for each in named.get("union", ()):
        yield from allowed_values(contract, each)
    listed = named.get("literal") or list(named.get("enum", {}).values())
    yield from (each for each in listed if isinstance(each, str))


def _unaliased(contract: PythonContract, type_: Type) -> Type | None:
    if isinstance(type_, str) or "alias" not in type_:
        return type_
    return contract.type_(type_["alias"])


def _any_of(answers: Iterator[bool | None]) -> bool | None:
    found = list(answers)
    if True in found:
        return True
    return None if None in found else False


def _is_scalar(value: object) -> bool:
    return value is None or isinstance(value, str | bytes | int | float)


def _is_among(value: object, allowed: list[object]) -> bool | None:
    if any(type(each) is type(value) and each == value for each in allowed):
        return True
    # 0 and False are equal for Python; whether they are for pydantic depends on more than the type.
    return None if value in allowed else False


def _atom_takes(contract: PythonContract, name: str, value: object) -> bool | None:
    if name in _ATOMS:
        return _judged(_ATOMS[name], value)
    if contract.model(name):
        return False if _is_scalar(value) else None
    named = contract.type_(name)
    return None if named is None else takes(contract, named, value)


def _judged(judge: Callable[[object], bool | None], value: object) -> bool | None:
    """Return what is judged of a value; of bytes, as of the text that they may be read as, that it does not fit."""
    if not isinstance(value, bytes) or judge in {_is_data, _is_anything}:
        return judge(value)
    return None if judge(value.decode(errors="replace")) is not False else False


def _is_anything(value: object) -> bool | None:  # noqa: ARG001 - of the shape of the others
    return True


def _is_none(value: object) -> bool | None:
    return value is None


def _is_text(value: object) -> bool | None:
    return isinstance(value, str)


def _is_data(value: object) -> bool | None:
    return isinstance(value, str | bytes)


def _is_whole_number(value: object) -> bool | None:
    if isinstance(value, int):
        return True
    if isinstance(value, float):
        return value.is_integer()
    return isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value) is not None


def _is_number(value: object) -> bool | None:
    if isinstance(value, int | float):
        return True
    if not isinstance(value, str):
        return False
    try:
        float(value)
    except ValueError:
        return False
    return True


def _is_truth(value: object) -> bool | None:
    if isinstance(value, bool):
        return True
    if isinstance(value, int | float):
        return value in {0, 1}
    return isinstance(value, str) and value.lower() in _TRUTHS


def _is_time(value: object) -> bool | None:
    """Judge a date: what a text without a digit says is none, of the others pydantic knows more forms than this."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, str):
        return None if any(each.isdigit() for each in value) else False
    return True if isinstance(value, int | float) else None


def _is_url(value: object) -> bool | None:
    """Judge a URL: without a scheme it is none."""
    return None if isinstance(value, str) and ":" in value else False


_ATOMS: dict[str, Callable[[object], bool | None]] = {
    "any": _is_anything,
    "none": _is_none,
    "str": _is_text,
    "int": _is_whole_number,
    "float": _is_number,
    "bool": _is_truth,
    "bytes": _is_data,
    "datetime": _is_time,
    "url": _is_url,
}
