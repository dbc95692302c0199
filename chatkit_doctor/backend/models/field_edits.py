"""Edits of the fields that a call or a dict gives: one renamed, one taken out, some put behind the last."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from chatkit_doctor.backend.models.values import Fields, Given
from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.module import Module
from chatkit_doctor.source import Location

_REST_OF_LINE = regex(r",?[ \t]*(?:#.*)?")
_END = regex(r"(?:\s|#[^\n]*+)*+,?(?:\s|#[^\n]*+)*+[)}]")


def name_location(module: Module, given: Given) -> Location:
    """Return where a field is named."""
    return module.keyword_location(given.node) if isinstance(given.node, ast.keyword) else module.location(given.node)


def renamed(module: Module, given: Given, name: str) -> Edit:
    """Return the edit that writes another name for a field, in the quotes that a key has."""
    at = name_location(module, given)
    return Edit(at, name if isinstance(given.node, ast.keyword) else f"{at.text[0]}{name}{at.text[-1]}")


def removed(module: Module, fields: Fields, given: Given) -> Edit | None:
    """Return the edit that takes a field out with its comma; None where that would take a comment along."""
    parts = _parts(module, fields)
    index = next(number for number, each in enumerate(parts) if each.start == module.location(given.node).start)
    source = module.source
    if index + 1 < len(parts):
        at = source.location(parts[index].start, parts[index + 1].start)
    elif _is_last(module, fields, parts[index]):
        at = source.location(parts[index - 1].end if index else parts[index].start, parts[index].end)
    else:
        return None
    return None if "#" in at.text else Edit(at, "")


def added(module: Module, fields: Fields, texts: Mapping[str, str]) -> list[Edit]:
    """Return the edits that put fields behind the last one, laid out as that is; none where there is no place."""
    source, whole = module.source, module.location(fields.node)
    is_call = isinstance(fields.node, ast.Call)
    written = [f"{name}={text}" if is_call else f'"{name}": {text}' for name, text in texts.items()]
    parts = _parts(module, fields)
    if not parts:
        return [] if "#" in whole.text else [Edit(source.location(whole.end - 1, whole.end - 1), ", ".join(written))]
    last = parts[-1]
    if not _is_last(module, fields, last):
        return []
    before = source.text[source.line_start(last.first.line) : last.start]
    if before and not before.strip():
        return list(_added_lines(module, last, before, written))
    return [Edit(source.location(last.end, last.end), "".join(f", {each}" for each in written))]


def _added_lines(module: Module, last: Location, indent: str, written: list[str]) -> Iterator[Edit]:
    """Put a line for each field behind the line that the last one ends on, where a comment may follow it."""
    source = module.source
    has_comma = source.text[last.end :].lstrip().startswith(",")
    end = source.line_start(last.last.line) + len(source.line(last.last.line))
    if not _REST_OF_LINE.fullmatch(source.text, last.end, end):
        end = last.end
    separator = f",{source.newline}{indent}"
    lines = f"{source.newline}{indent}{separator.join(written)}"
    if has_comma and end > last.end:
        yield Edit(source.location(end, end), f"{lines},")
    elif end > last.end:
        yield Edit(source.location(last.end, last.end), ",")
        yield Edit(source.location(end, end), lines)
    else:
        yield Edit(source.location(end, end), f",{lines}")


def _is_last(module: Module, fields: Fields, part: Location) -> bool:
    """Return whether nothing but the end comes behind a part; parentheses around a value are not part of its node."""
    return _END.fullmatch(module.source.text, part.end, module.location(fields.node).end) is not None


def _parts(module: Module, fields: Fields) -> list[Location]:
    """Return where the arguments of a call, or the entries of a dict, stand, in the order of the text."""
    node = fields.node
    if isinstance(node, ast.Call):
        found = [*map(module.location, node.args), *map(module.location, node.keywords)]
    else:
        found = [_entry(module, key, value) for key, value in zip(node.keys, node.values, strict=True)]
    return sorted(found, key=lambda each: each.start)


def _entry(module: Module, key: ast.expr | None, value: ast.expr) -> Location:
    return module.source.location(module.location(key or value).start, module.location(value).end)
