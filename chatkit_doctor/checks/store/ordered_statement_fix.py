"""An ORDER BY in a method's SQL that goes the way that was asked for."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from chatkit_doctor.backend.stores.paging import PagingPlace
from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.python.inserted_names import free_name
from chatkit_doctor.python.insertion import first_line, indent_of
from chatkit_doctor.python.module import walk
from chatkit_doctor.python.string_pieces import StringPiece, string_pieces

_ORDER = regex(
    r"\bORDER\s++BY\s++(?P<columns>[\w.,]++(?:\s++(?!(?:LIMIT|OFFSET|ORDER)\b)[\w.,]++)*)"
    r"(?=\s++(?:LIMIT|OFFSET)\b|\s*+(?:;\s*+)?\Z)",
    re.IGNORECASE,
)
_COLUMN = regex(r"(?P<name>\s*+[\w.]++)(?:\s++(?P<way>ASC|DESC))?\s*", re.IGNORECASE)
# A cursor's: what is compared is a value or a subquery.
_COMPARED = regex(r"(?<=\s)(?P<sign>[<>]=?)(?=\s*(?:[:?$@%{]|COALESCE\b|\(\s*SELECT\b))", re.IGNORECASE)
_BRACES = regex(r"[{}]")


def statement_edits(place: PagingPlace, order: str) -> Sequence[Edit]:
    """Return the edits of the one statement that orders rows; none where there is another, or its cursor is not plain.

    order: the name of the method's parameter.
    """
    pieces = list(_pieces(place))
    ordering = [(each, match) for each in pieces for match in _ORDER.finditer(each.body)]
    signs = [(each, match) for each in pieces for match in _COMPARED.finditer(each.body)]
    if len(ordering) != 1 or len(signs) > 1:
        return []
    piece, match = ordering[0]
    columns = [_COLUMN.fullmatch(each) for each in match["columns"].split(",")]
    ways = {(each["way"] or "ASC").upper() for each in columns if each}
    if len(ways) != 1 or None in columns:
        return []
    is_down = ways == {"DESC"}
    if any(("<" in sign["sign"]) is not is_down for _, sign in signs):
        return []
    direction = free_name(place.module, "direction", within=place.function)
    written = ",".join(f"{each['name']} {{{direction}}}" for each in columns if each)
    lines = [f'{direction} = "DESC" if {order} == "desc" else "ASC"']
    start = piece.at + match.start("columns")
    replaced = {piece: [(start, start + len(match["columns"]), written)]}
    for other, sign in signs:
        name = free_name(place.module, "compared", within=place.function)
        same = "=" if "=" in sign["sign"] else ""
        lines.append(f'{name} = "<{same}" if {order} == "desc" else ">{same}"')
        replaced.setdefault(other, []).append((other.at + sign.start(), other.at + sign.end(), f"{{{name}}}"))
    return [*_written(place, replaced), _above(place, lines)] if all(map(_can_be_filled_in, replaced)) else []


def _pieces(place: PagingPlace) -> Iterator[StringPiece]:
    """Yield the literals of a method's own strings, its docstring left out."""
    for node in walk(place.function):
        is_text = isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))
        is_part = isinstance(place.module.parents.get(node), ast.JoinedStr | ast.FormattedValue | ast.Expr)
        if is_text and not is_part:
            assert isinstance(node, ast.JoinedStr | ast.Constant)
            yield from string_pieces(place.module, node)


def _can_be_filled_in(piece: StringPiece) -> bool:
    return piece.is_formatted or (piece.prefix in {"", "r"} and not _BRACES.search(piece.body))


def _written(place: PagingPlace, replaced: dict[StringPiece, list[tuple[int, int, str]]]) -> Iterator[Edit]:
    source = place.module.source
    for piece, parts in replaced.items():
        if not piece.is_formatted:
            yield Edit(source.location(piece.start, piece.start), "f")
        for start, end, text in parts:
            yield Edit(source.location(start, end), text)


def _above(place: PagingPlace, lines: list[str]) -> Edit:
    """Put lines before the first statement of a method, below its docstring."""
    module, body = place.module, place.function.body
    is_documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant) and len(body) > 1
    first = body[1] if is_documented else body[0]
    start = module.source.line_start(first_line(module, first))
    indent = indent_of(module, first)
    text = "".join(f"{indent}{each}{module.source.newline}" for each in lines)
    return Edit(module.source.location(start, start), text)
