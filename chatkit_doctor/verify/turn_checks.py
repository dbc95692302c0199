"""Checks on the turns of a conversation as they came over the wire. They ask nothing: they judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from chatkit_doctor.contracts.agents import placeholder_id
from chatkit_doctor.verify.events import quoted
from chatkit_doctor.verify.objections import is_page, status_objection
from chatkit_doctor.verify.result import Status, Verdict, failed, passed, skipped
from chatkit_doctor.verify.turn import ASSISTANT_MESSAGE, USER_MESSAGE, Item, Turn

REUSED_IDS = "CK302"
_EVENT_STREAM = "text/event-stream"
# Below, a fast model cannot be told from a stream that was held back.
_SPREAD_SECONDS = 0.05
# A stream that came at once and later than this was held back: no model thinks so long and speaks so fast.
_HELD_BACK_SECONDS = 2.0
_FEW_PIECES = 3


def streamed(turn: Turn) -> Verdict:
    """Judge that a turn is answered by a stream of events that has an end."""
    if turn.head is None:
        return failed(turn.broken)
    if objection := status_objection(replace(turn.head, body=turn.body)):
        return objection
    if turn.head.media_type != _EVENT_STREAM:
        kind = "an HTML page" if is_page(turn.head) else f"{turn.head.media_type or 'nothing that says what it is'}"
        return failed(f"answers with {kind}, not with {_EVENT_STREAM}", "CK702")
    if turn.broken:
        return failed(f"{_events(turn)}, then: {turn.broken}")
    if not turn.events:
        return failed("the stream ends without an event")
    if not turn.answers and not turn.error:
        return _unanswered(turn)
    return passed(_events(turn))


def _unanswered(turn: Turn) -> Verdict:
    if any(item.type == ASSISTANT_MESSAGE for item in turn.added):
        return failed(f"{_events(turn)}: the answer is announced and never done", "CK307")
    others = sorted({item.type for item in turn.done} - {USER_MESSAGE, ""})
    if others:
        return passed(f"{_events(turn)}; the answer is no message but {', '.join(others)}")
    return failed(f"{_events(turn)}, none of them an answer", "CK308")


def _events(turn: Turn) -> str:
    return f"{len(turn.events)} event{'' if len(turn.events) == 1 else 's'}"


def well_formed(turns: Sequence[Turn]) -> Verdict:
    """Judge the form of the streams and the sequence of their events."""
    if problems := next((turn.problems for turn in turns if turn.problems), []):
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return failed(problems[0].text + more, problems[0].rule)
    for turn in turns:
        added = {item.id for item in turn.added}
        if unknown := [each for each in turn.typed_ids if each not in added]:
            return failed(f"text is sent for {quoted(unknown[0])}, which was never announced", "CK303")
        if turn.is_complete and (open_ids := sorted(added - turn.settled_ids)):
            return failed(f"{quoted(open_ids[0])} is announced and never done", "CK307")
    return passed()


def in_pieces(turns: Sequence[Turn]) -> Verdict:
    """Judge whether streams arrive as they are made, or are held back until all is there."""
    streams = [turn for turn in turns if turn.is_complete and turn.pieces]
    if not streams:
        return skipped("no turn was answered to its end")
    if all(_is_held_back(turn) for turn in streams):
        late = min(turn.pieces[0].seconds for turn in streams)
        helping = "turn off buffering on the way to the browser: middleware, compression, proxy"
        return failed(f"nothing for {late:.1f} s, then all {_events(streams[0])} at once", help=helping)
    if max(map(_spread, streams)) >= _SPREAD_SECONDS or max(map(_whole_pieces, streams)) >= _FEW_PIECES:
        return passed()
    return skipped("the answers came too fast to tell")


def _spread(turn: Turn) -> float:
    return turn.pieces[-1].seconds - turn.pieces[0].seconds


def _whole_pieces(turn: Turn) -> int:
    return sum(piece.is_whole and piece.events > 0 for piece in turn.pieces)


def _is_held_back(turn: Turn) -> bool:
    return len(turn.events) > 1 and turn.pieces[0].seconds >= _HELD_BACK_SECONDS and _spread(turn) < _SPREAD_SECONDS


def no_errors(turns: Sequence[Turn]) -> Verdict:
    """Judge that the server reports no error to the user, and that later turns are answered as the first is."""
    first = streamed(turns[0]).status
    for number, turn in enumerate(turns, 1):
        # A converter that cannot read its own answers fails from the second turn on.
        rule = "CK306" if number > 1 else None
        if turn.error:
            reason = f"turn {number} ends with the error {quoted(turn.error, 200)}"
            return failed(reason, rule, "look into the server's log for the cause")
        verdict = streamed(turn)
        if first is Status.PASSED and verdict.status is Status.FAILED:
            return failed(f"turn {number}: {verdict.reason}", verdict.rule, verdict.help)
    return passed()


def remembers(turn: Turn, word: str) -> Verdict:
    """Judge whether a turn that asks for a word said before gets it."""
    if not turn.is_complete:
        return skipped("the second turn was not answered")
    if not turn.answer.strip():
        return skipped("the second answer has no text")
    if word.lower() in turn.answer.lower():
        return passed()
    return failed(f"told the name {word} and then asked for it, the assistant says {quoted(turn.answer)}", "CK301")


def unique_ids(turns: Sequence[Turn], stored: Sequence[Item] = ()) -> Verdict:
    """Judge that no two messages have one id, on the wire and where they are stored, and none a placeholder."""
    # Other items, such as workflows, may be done more than once.
    messages = {USER_MESSAGE, ASSISTANT_MESSAGE}
    streamed_ids = [item.id for turn in turns for item in turn.done if item.type in messages]
    if not streamed_ids:
        return skipped("no message was done")
    for ids in (streamed_ids, [item.id for item in stored]):
        if problem := ids_problem(ids):
            return problem
    return passed(f"{len(streamed_ids)} ids")


def ids_problem(ids: Sequence[str]) -> Verdict | None:
    """Return what is wrong with the ids of different items; None for nothing."""
    counts = Counter(ids)
    if number := counts[placeholder_id()]:
        items = "1 item has" if number == 1 else f"{number} items have"
        return failed(f"{items} the id {placeholder_id()}", REUSED_IDS)
    if number := counts[""]:
        return failed(f"{number} of {len(ids)} items have no id")
    shared, number = counts.most_common(1)[0] if counts else ("", 0)
    return failed(f"{number} items have the id {quoted(shared)}", REUSED_IDS) if number > 1 else None
