"""Edits of object and array literals and of imports, in the style of the file they are made in.

All nodes must belong to the given document. Edits of one call never overlap; edits of two calls on the same
literal can touch each other, so make them in one round only where they are on different members. Names and
values are inserted as given: quote strings with `quoted`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from chatkit_doctor.finding import Edit
from chatkit_doctor.patterns import regex
from chatkit_doctor.remarks import count_going
from chatkit_doctor.web.evaluation.values import EntryKind
from chatkit_doctor.web.tree import without_comments

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.source import Location, Source
    from chatkit_doctor.web.document import Document
    from chatkit_doctor.web.evaluation.values import Entry

_IDENTIFIER = regex(r"[A-Za-z_$][\w$]*\Z")
_REST_OF_LINE = regex(r"[^\r\n]*")
_COMMENTS_ONLY = regex(r"[ \t]*+(?:/\*(?:[^*\r\n]|\*(?!/))*+\*/[ \t]*+)*+(?://[^\r\n]*+)?\Z")


def insert_property(
    document: Document, target: Node, name: str, value: str, *, after: Node | None = None
) -> list[Edit]:
    """Write an entry into an object literal: behind the member `after` (an entry's node), else as the last."""
    members = without_comments(target)
    if not _is_whole_object(target):
        return []
    entry = f"{_key(document, members, name)}: {value}"
    if not members:
        return [_into_empty(document, target, entry)]
    return _behind(document, target, after or members[-1], entry)


def remove_member(document: Document, member: Node, *, is_moved: bool = False) -> list[Edit]:
    """Take a member out of the object, array, call or import list it stands in, with its comma and its line.

    Comments above that are about it alone go with it, unless it is only moved.
    """
    parent = member.parent
    if parent is None:
        return []
    source = document.source
    at = _without_remark(document, member)
    comma = _comma_behind(parent, member)
    before = _comma_before(parent, member)
    end = document.location(comma).end if comma is not None else at.end
    if comma is not None and source.text[at.end : document.location(comma).start].strip():
        return _delete_apart(document, member, comma)
    line_start, line_end = _whole_lines(source, at.start, end)
    edits: list[Edit] = []
    if comma is None and before is not None:
        comma_at = document.location(before)
        if not source.text[comma_at.end : at.start].strip():
            return [_cut(source, comma_at.start, at.end)]
        edits.append(_cut(source, comma_at.start, comma_at.end))
    if line_start is not None and line_end is not None:
        start = line_start if is_moved else _above_what_goes(document, member, parent, line_start)
        return [*edits, _cut(source, start, line_end)]
    start, end = _with_spaces(source, at.start, end, alone=comma is None and before is None)
    return [*edits, _cut(source, start, end)]


def _without_remark(document: Document, member: Node) -> Location:
    """Return where a member stands: a statement without a semicolon has the comment behind it in its node."""
    at = document.location(member)
    said = next((each for each in reversed(member.children) if each.type != "comment"), member)
    return document.source.location(at.start, document.location(said).end) if member.children else at


def rename_key(entry: Entry, name: str) -> list[Edit]:
    """Give an entry another name; a shorthand becomes a pair, quotes stay. No edits for a computed key."""
    document = entry.document
    at = entry.key_location
    if entry.kind is EntryKind.SHORTHAND:
        return [Edit(at, f"{name}: {at.text}")]
    if entry.key.type == "string":
        return [Edit(at, f"{at.text[0]}{name}{at.text[0]}")]
    if entry.key.type != "property_identifier":
        return []
    return [Edit(at, name if _IDENTIFIER.match(name) else quoted(document, name))]


def replace_value(entry: Entry, text: str) -> list[Edit]:
    """Give an entry another value; a shorthand becomes a pair. No edits for a method or getter."""
    if entry.kind is EntryKind.PAIR:
        return [Edit(entry.value_location, text)]
    if entry.kind is EntryKind.SHORTHAND:
        return [Edit(entry.location, f"{entry.name}: {text}")]
    return []


def insert_import(document: Document, clause: str, specifier: str) -> list[Edit]:
    """Import something from a package: `clause` stands between `import` and `from` (`Script`, `{ a, b as c }`).

    The line follows the last import of a package, where the file has one, and else the last import.
    """
    if not document.scripts:
        return []
    source = document.source
    statements = without_comments(document.scripts[-1].root)
    line = f"import {clause} from {quoted(document, specifier)}{_semicolon(document, statements)}"
    imports = [each for each in statements if each.type == "import_statement"]
    prologue = [each for each in statements if _is_prologue(each)]
    of_packages = [each for each in imports if not _is_relative(document, each)]
    if anchor := (of_packages or imports or prologue)[-1:]:
        at = document.location(anchor[0]).end
        gap = "" if imports else source.newline
        return [Edit(source.location(at, at), f"{gap}{source.newline}{indentation(source, at)}{line}")]
    if not statements:
        return []
    at = document.location(statements[0]).start
    separator = f"{source.newline}{indentation(source, at)}"
    return [Edit(source.location(at, at), f"{line}{separator}{separator}")]


def quoted(document: Document, text: str) -> str:
    """Return text as a string literal with the quotes that the file uses most (double where it has none)."""
    mark = document.derive(_usual_quote)
    escaped = text.replace("\\", "\\\\").replace(mark, f"\\{mark}").replace("\n", "\\n").replace("\r", "\\r")
    return f"{mark}{escaped}{mark}"


def braced(document: Document, text: str) -> str:
    """Return text in braces, with blanks inside of them where the file writes them so."""
    blank = document.derive(_blank_in_braces)
    return f"{{{blank}{text}{blank}}}"


def literal_code(document: Document, value: str | float | bool) -> str:
    """Return a string, number or truth value as the file would write it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return quoted(document, value) if isinstance(value, str) else str(value)


def indentation(source: Source, offset: int) -> str:
    """Return the white space that the line of an offset starts with."""
    start = source.line_start(source.position(offset).line)
    end = start
    while end < len(source.text) and source.text[end] in " \t":
        end += 1
    return source.text[start:end]


# Each fix of a file asks.
@lru_cache(maxsize=8)
def indent_unit(source: Source) -> str:
    """Return one level of the file's indentation: that of its first indented line, or two spaces."""
    match = re.search(r"^(\t| {2,8})(?=[^\s*])", source.text, re.MULTILINE)
    return match[1] if match else "  "


def starts_line(source: Source, offset: int) -> bool:
    """Return whether only white space stands before an offset in its line."""
    return not source.text[source.line_start(source.position(offset).line) : offset].strip()


def above_comments(document: Document, statement: Node) -> int:
    """Return where a line goes that is put before a statement: above the comments that are about that one."""
    first = statement
    while (before := first.prev_sibling) is not None and before.type == "comment":
        start = document.location(before).start
        if before.end_point[0] + 1 != first.start_point[0] or not starts_line(document.source, start):
            break
        first = before
    return document.location(first).start


def _above_what_goes(document: Document, member: Node, parent: Node, line_start: int) -> int:
    """Return where whole lines begin that go with a member: above comments that are about it alone."""
    source = document.source
    comments: list[Node] = []
    while (before := (comments[-1] if comments else member).prev_sibling) is not None and before.type == "comment":
        below = comments[-1] if comments else member
        is_right_above = before.end_point[0] + 1 == below.start_point[0]
        if not is_right_above or not starts_line(source, document.location(before).start):
            break
        comments.append(before)
    is_header = comments and parent.type == "program" and comments[-1].prev_sibling is None
    if not comments or is_header:
        return line_start
    following = member.next_named_sibling
    is_alone = following is None or following.type == "comment" or following.start_point[0] > member.end_point[0] + 1
    left = None if is_alone or following is None else document.text(following)
    count = count_going([document.text(each) for each in reversed(comments)], document.text(member), left)
    if not count:
        return line_start
    return source.line_start(source.position(document.location(comments[count - 1]).start).line)


def _is_whole_object(target: Node) -> bool:
    """Return whether a node is an object literal with nothing strange between its own braces."""
    strange = any(child.is_error or child.is_missing for child in target.children)
    return target.type == "object" and not strange


def _into_empty(document: Document, target: Node, entry: str) -> Edit:
    source = document.source
    at = document.location(target)
    close = at.end - 1
    if target.start_point.row == target.end_point.row:
        inside = source.text[at.start + 1 : close]
        if not inside.strip():
            return Edit(source.location(at.start + 1, close), f" {entry} ")
        return Edit(source.location(close, close), f"{'' if inside[-1:].isspace() else ' '}{entry} ")
    outer = indentation(source, close)
    line = f"{outer}{indent_unit(source)}{entry},{source.newline}"
    if starts_line(source, close):
        start = source.line_start(source.position(close).line)
        return Edit(source.location(start, start), line)
    return Edit(source.location(close, close), f"{source.newline}{line}{outer}")


def _behind(document: Document, target: Node, anchor: Node, entry: str) -> list[Edit]:
    source = document.source
    end = document.location(anchor).end
    comma = _comma_behind(target, anchor)
    on_own_line = starts_line(source, document.location(anchor).start)
    shares_line = (
        comma is not None and (follower := comma.next_named_sibling) is not None and _same_line(comma, follower)
    )
    if target.start_point.row == target.end_point.row or not on_own_line or shares_line:
        return [Edit(source.location(end, end), f", {entry}")]
    separator = f"{source.newline}{indentation(source, document.location(anchor).start)}"
    after_comma = document.location(comma).end if comma is not None else end
    rest = _REST_OF_LINE.match(source.text, after_comma)
    line_end = rest.end() if rest is not None and _COMMENTS_ONLY.match(rest[0]) else after_comma
    if not source.text[after_comma:line_end].strip():
        line_end = after_comma
    if comma is not None:
        return [Edit(source.location(line_end, line_end), f"{separator}{entry},")]
    if line_end == end:
        return [Edit(source.location(end, end), f",{separator}{entry}")]
    return [Edit(source.location(end, end), ","), Edit(source.location(line_end, line_end), f"{separator}{entry}")]


def _same_line(comma: Node, follower: Node) -> bool:
    return follower.type != "comment" and comma.end_point.row == follower.start_point.row


def _key(document: Document, members: list[Node], name: str) -> str:
    keys = [key for each in members if (key := each.child_by_field_name("key")) is not None]
    all_quoted = bool(keys) and all(key.type == "string" for key in keys)
    return name if _IDENTIFIER.match(name) and not all_quoted else quoted(document, name)


def _comma_behind(parent: Node, member: Node) -> Node | None:
    return _neighbour([each for each in parent.children if each.start_byte >= member.end_byte])


def _comma_before(parent: Node, member: Node) -> Node | None:
    return _neighbour([each for each in parent.children if each.end_byte <= member.start_byte][::-1])


def _neighbour(siblings: list[Node]) -> Node | None:
    nearest = next((each for each in siblings if each.type != "comment"), None)
    return nearest if nearest is not None and nearest.type == "," else None


def _delete_apart(document: Document, member: Node, comma: Node) -> list[Edit]:
    """Delete a member and its comma where a comment stands between them."""
    return [Edit(document.location(member), ""), Edit(document.location(comma), "")]


def _whole_lines(source: Source, start: int, end: int) -> tuple[int | None, int | None]:
    """Return the stretch of whole lines, with their ends, that a stretch fills; (None, None) if it shares one."""
    rest = _REST_OF_LINE.match(source.text, end)
    if rest is None or rest[0].strip() or not starts_line(source, start):
        return None, None
    line = source.position(end).line
    if line == source.line_count:
        return None, None
    return source.line_start(source.position(start).line), source.line_start(line + 1)


def _with_spaces(source: Source, start: int, end: int, *, alone: bool) -> tuple[int, int]:
    """Widen a stretch over the blanks behind it, and before it where nothing else is left between the brackets."""
    while end < len(source.text) and source.text[end] in " \t":
        end += 1
    while alone and start > 0 and source.text[start - 1] in " \t":
        start -= 1
    return start, end


def _cut(source: Source, start: int, end: int) -> Edit:
    return Edit(source.location(start, end), "")


def _usual_quote(document: Document) -> str:
    marks = [document.text(node)[:1] for node in document.find("string")]
    return "'" if marks.count("'") > marks.count('"') else '"'


def _blank_in_braces(document: Document) -> str:
    texts = [document.text(node) for node in document.find("named_imports", "object_pattern", "object")]
    on_one_line = [each for each in texts if len(each) > 2 and "\n" not in each]
    return "" if sum(each[1] != " " for each in on_one_line) * 2 > len(on_one_line) else " "


def _semicolon(document: Document, statements: list[Node]) -> str:
    ends = [document.text(each)[-1:] for each in statements if each.type in {"import_statement", "lexical_declaration"}]
    return "" if ends and ";" not in ends else ";"


def _is_relative(document: Document, statement: Node) -> bool:
    """Return whether an import names a file of the project by its place."""
    source = statement.child_by_field_name("source")
    return source is not None and document.text(source)[1:2] == "."


def _is_prologue(statement: Node) -> bool:
    """Return whether a statement is a `#!` line or a directive such as "use client"."""
    if statement.type == "hash_bang_line":
        return True
    inner = statement.named_children if statement.type == "expression_statement" else []
    return len(inner) == 1 and inner[0].type == "string"
