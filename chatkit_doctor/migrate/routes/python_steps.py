"""Which statements of a handler stay once it hands the chat on: what tells who is asking, and nothing for a session."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from chatkit_doctor.python.module import FunctionNode
from chatkit_doctor.records import dataclass

# What asks whether a session can be made at all.
_OF_SESSIONS = re.compile(r"openai|workflow|wf_|api_?key|chatkit", re.IGNORECASE)
# What is said to somebody who may not chat, and where a request says who sends it.
_REFUSES = re.compile(r"\b40[13]\b|unauthori[sz]ed|forbidden|login|sign.?in|headers|cookies|!=|csrf", re.IGNORECASE)
_LOGS = re.compile(r"(?:^|\.)(?:log\w*|print|debug|info|warning|error)(?:\.|$)", re.IGNORECASE)
_READS_BODY = re.compile(r"\brequest\.(?:get_json|json\b|data\b|POST\b|body\b|form\b)|\.json\(\)$|json\.loads\(")
_ENDS = (ast.Return, ast.Raise)


@dataclass(frozen=True, slots=True)
class HandlerSteps:
    """How a handler changes.

    first, last: the statements between which, both with them, everything goes for the answer. gone: other statements
    that served the session alone.
    """

    first: ast.stmt
    last: ast.stmt
    gone: list[ast.stmt]


def steps_of(function: FunctionNode, call: ast.AST, user: ast.expr) -> HandlerSteps | None:
    """Return how a handler changes; None where what it does cannot be told apart."""
    before: list[ast.stmt] = []
    behind: list[ast.stmt] = []
    block = function.body
    while True:
        index = next((number for number, each in enumerate(block) if _holds(each, call)), None)
        if index is None:
            return None
        step = block[index]
        before += block[:index]
        inner = _inner_block(step, call, before, user)
        if inner is None:
            removed = block[index:]
            gone = _gone(before, [*removed, *behind], user)
            is_whole = _is_whole([each for each in before if each not in gone], [*removed, *behind, *gone], user)
            return HandlerSteps(step, removed[-1], [*gone, *behind]) if is_whole else None
        if block[index + 1 :] and not _ends_without(step):
            # What comes behind a branch would answer with what is gone.
            return None
        behind += block[index + 1 :]
        block = inner


def _ends_without(step: ast.stmt) -> bool:
    """Return whether nothing behind a statement is reached but by the block in it that is replaced."""
    if not isinstance(step, ast.Try) or step.orelse or step.finalbody:
        return False
    return all(isinstance(each.body[-1], _ENDS) for each in step.handlers)


def _holds(statement: ast.stmt, node: ast.AST) -> bool:
    return any(each is node for each in ast.walk(statement))


def _inner_block(step: ast.stmt, call: ast.AST, above: list[ast.stmt], user: ast.expr) -> list[ast.stmt] | None:
    """Return the block of a statement that has to be looked into; None where all of the statement goes."""
    needed = _needed(above, user)
    blocks: list[list[ast.stmt]] = []
    if isinstance(step, ast.Try):
        blocks = [step.body]
    elif isinstance(step, ast.If):
        blocks = [step.body, step.orelse]
    for block in blocks:
        index = next((number for number, each in enumerate(block) if _holds(each, call)), None)
        if index is not None:
            inside = block[:index]
            asks = isinstance(step, ast.If) and bool(_names(step.test) & needed)
            binds = {name for each in inside for name in _bound(each)} & (needed | _names(user))
            turns_away = any(_turns_away(each) for each in inside)
            return block if asks or binds or turns_away else None
    return None


def _turns_away(statement: ast.stmt) -> bool:
    """Return whether a statement may refuse somebody, for a reason that is not the session's."""
    if isinstance(statement, ast.If):
        ends = any(isinstance(each, _ENDS) for each in ast.walk(statement))
        return ends and not _OF_SESSIONS.search(ast.unparse(statement.test))
    return False


def _gone(above: list[ast.stmt], removed: list[ast.stmt], user: ast.expr) -> list[ast.stmt]:
    """Return the statements that served only what is removed."""
    gone: list[ast.stmt] = []
    suspects = {name for each in removed for name in _names(each)}
    needed = _needed(above, user)
    while True:
        kept = [each for each in above if each not in gone]
        found = next((each for each in reversed(kept) if _is_dead(each, kept, suspects, needed, user)), None)
        if found is None:
            return gone
        gone.append(found)
        suspects |= _names(found)


def _is_dead(statement: ast.stmt, kept: list[ast.stmt], suspects: set[str], needed: set[str], user: ast.expr) -> bool:
    elsewhere = {name for each in kept if each is not statement for name in _names(each)} | _names(user)
    match statement:
        case ast.Assign() | ast.AnnAssign() | ast.Import() | ast.ImportFrom():
            bound = set(_bound(statement))
            return (
                bool(bound)
                and not bound & elsewhere
                and (bound <= suspects or bool(_READS_BODY.search(ast.unparse(statement))))
            )
        case ast.If(orelse=[]):
            return _asks_for_a_session(statement, kept, suspects, needed)
        case ast.Expr(value=ast.Call(func=function)) if _LOGS.search(ast.unparse(function)):
            return bool(_OF_SESSIONS.search(ast.unparse(statement))) and not _names(statement) & needed
    return False


def _asks_for_a_session(statement: ast.If, kept: list[ast.stmt], suspects: set[str], needed: set[str]) -> bool:
    """Return whether a statement only ends where no session can be made; whoever turns somebody away does more."""
    names = _names(statement.test)
    made_here = {name for each in kept if isinstance(each, ast.Assign | ast.AnnAssign) for name in _bound(each)}
    is_asked = bool(_OF_SESSIONS.search(ast.unparse(statement.test))) or (bool(names) and names <= suspects & made_here)
    ends = all(isinstance(each, (*_ENDS, ast.Expr)) for each in statement.body)
    return is_asked and ends and not names & needed and not _REFUSES.search(ast.unparse(statement))


def _is_whole(kept: list[ast.stmt], removed: list[ast.stmt], user: ast.expr) -> bool:
    """Return whether nothing that stays reads the body, which is the chat's, or a name that is gone."""
    if any(_READS_BODY.search(ast.unparse(each)) for each in kept):
        return False
    lost = {name for each in removed for name in _bound(each)} - {name for each in kept for name in _bound(each)}
    return not lost & {name for each in (*kept, user) for name in _names(each)}


def _needed(above: list[ast.stmt], user: ast.expr) -> set[str]:
    """Return the names that tell who the user is, and what they are made of."""
    needed = _names(user)
    for statement in reversed(above):
        if set(_bound(statement)) & needed:
            needed |= _names(statement)
    return needed


def _names(node: ast.AST) -> set[str]:
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Load)}


def _bound(statement: ast.stmt) -> Iterator[str]:
    for each in ast.walk(statement):
        match each:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from ((alias.asname or alias.name).partition(".")[0] for alias in names)
