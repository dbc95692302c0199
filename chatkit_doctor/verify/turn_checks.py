"""Checks on the turns of a conversation as they came over the wire. They ask nothing: they judge."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from difflib import get_close_matches

from chatkit_doctor.contracts.sdk.agents import placeholder_id
from chatkit_doctor.records import replace
from chatkit_doctor.reports.counts import count
from chatkit_doctor.verify.explained import ExplainedBy
from chatkit_doctor.verify.objections import LOOK_INTO_LOG, is_page, status_objection
from chatkit_doctor.verify.result import Status, Verdict, failed, passed, skipped
from chatkit_doctor.verify.wire.events import EVENT_STREAM, quoted
from chatkit_doctor.verify.wire.turn import ASSISTANT_MESSAGE, USER_MESSAGE, ThreadItem, Turn

# Below, a fast model cannot be told from a stream that was held back.
_SPREAD_SECONDS = 0.05
# A stream that came at once and later than this was held back: no model thinks so long and speaks so fast.
_HELD_BACK_SECONDS = 2.0
_FEW_PIECES = 3
_WORD = re.compile(r"[^\W\d_]+")
_LATIN = re.compile("[A-Za-z]")
# Of all letters, so many are the same: two of twelve may differ.
_CLOSE = 0.8
_MOST_COMPARED = 10_000


def streamed(turn: Turn) -> Verdict:
    """Judge that a turn is answered by a stream of events that has an end."""
    if turn.head is None:
        return failed(turn.broken)
    if objection := status_objection(replace(turn.head, body=turn.body)):
        return objection
    if turn.head.media_type != EVENT_STREAM:
        kind = "an HTML page" if is_page(turn.head) else f"{turn.head.media_type or 'nothing that says what it is'}"
        return failed(f"answers with {kind}, not with {EVENT_STREAM}", ExplainedBy.NOT_STREAMED)
    if turn.broken:
        return failed(f"{_events(turn)}, then: {turn.broken}")
    if not turn.events:
        return failed("the stream ends without an event", help=LOOK_INTO_LOG)
    if not turn.answers and not turn.error:
        return _unanswered(turn)
    return passed(_events(turn))


def _unanswered(turn: Turn) -> Verdict:
    if any(item.type == ASSISTANT_MESSAGE for item in turn.added):
        return failed(f"{_events(turn)}: the answer is announced and never done", ExplainedBy.ITEM_NEVER_DONE)
    others = sorted({item.type for item in turn.done} - {USER_MESSAGE, ""})
    if others:
        return passed(f"{_events(turn)}; the answer is no message but {', '.join(others)}")
    return failed(f"{_events(turn)}, none of them an answer", ExplainedBy.NOT_AN_EVENT_STREAM)


def _events(turn: Turn) -> str:
    return count(len(turn.events), "event")


def well_formed(turns: Sequence[Turn]) -> Verdict:
    """Judge the form of the streams and the sequence of their events."""
    if problems := next((turn.problems for turn in turns if turn.problems), []):
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return failed(problems[0].text + more, problems[0].rule)
    return next(filter(None, map(_sequence_problem, turns)), passed())


def _sequence_problem(turn: Turn) -> Verdict | None:
    """Return what is wrong with the order in which items are announced, written and done; None for nothing."""
    added = {item.id for item in turn.added}
    if unknown := [each for each in turn.typed_ids if each not in added]:
        return failed(f"text is sent for {quoted(unknown[0])}, which was never announced", ExplainedBy.STALE_ID_MAP)
    settled = turn.settled_ids
    open_ids = [item.id for item in turn.added if item.id not in settled]
    if not turn.is_complete or not open_ids:
        return None
    if renamed := [item.id for item in turn.answers if item.id not in added]:
        reason = f"an item is announced as {quoted(open_ids[0])} and done as {quoted(renamed[0])}"
        return failed(reason, help="keep the id that an item was announced with, in the store as well")
    return failed(f"{quoted(open_ids[0])} is announced and never done", ExplainedBy.ITEM_NEVER_DONE)


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
        rule = ExplainedBy.HISTORY_CONVERTER_REJECTED if number > 1 else None
        if turn.error:
            reason = f"turn {number} ends with the error {quoted(turn.error, 200)}"
            return failed(reason, rule, LOOK_INTO_LOG)
        verdict = streamed(turn)
        if first is Status.PASSED and verdict.status is Status.FAILED:
            return failed(f"turn {number}: {verdict.reason}", verdict.rule, verdict.help)
    return passed()


def remembers(turns: Sequence[Turn], word: str) -> Verdict:
    """Judge whether the second turn, which asks for a word, gets the one that the first said and asked back."""
    first, second = turns
    if not second.is_complete:
        return skipped("the second turn was not answered")
    if not second.answer.strip():
        return skipped("the second answer has no text")
    if is_said(word, second.answer):
        return passed()
    if not _LATIN.search(second.answer):
        return skipped(f"the answer is in other letters than the name: {quoted(second.answer)}")
    if not is_said(word, first.answer):
        # Whoever keeps to one subject, or answers by rote, forgets nothing.
        return skipped(f"told the name {word} and asked to repeat it, the assistant says {quoted(first.answer)}")
    return failed(
        f"told the name {word} and then asked for it, the assistant says {quoted(second.answer)}",
        ExplainedBy.MISSING_HISTORY,
    )


def is_said(word: str, text: str) -> bool:
    """Return whether a text has a made-up word, however it is set, and also where a letter or two went astray."""
    said, wanted = unicodedata.normalize("NFKD", text).casefold(), word.casefold()
    if wanted in "".join(filter(str.isalnum, said)):
        return True
    return bool(get_close_matches(wanted, _WORD.findall(said[:_MOST_COMPARED]), n=1, cutoff=_CLOSE))


def unique_ids(turns: Sequence[Turn], stored: Sequence[ThreadItem] = ()) -> Verdict:
    """Judge that no two messages have one id, on the wire and where they are stored, and none a placeholder."""
    # Other items, such as workflows, may be done more than once.
    messages = {USER_MESSAGE, ASSISTANT_MESSAGE}
    streamed_ids = [item.id for turn in turns for item in turn.done if item.type in messages]
    if not streamed_ids:
        return skipped("no message was done")
    for ids in (streamed_ids, [item.id for item in stored]):
        if problem := ids_problem(ids):
            return problem
    return passed(count(len(streamed_ids), "id"))


def ids_problem(ids: Sequence[str]) -> Verdict | None:
    """Return what is wrong with the ids of different items; None for nothing."""
    counts = Counter(ids)
    if number := counts[placeholder_id()]:
        has = "has" if number == 1 else "have"
        return failed(f"{count(number, 'item')} {has} the id {placeholder_id()}", ExplainedBy.REUSED_PROVIDER_IDS)
    if number := counts[""]:
        return failed(f"{number} of {len(ids)} items have no id")
    shared, number = counts.most_common(1)[0] if counts else ("", 0)
    return (
        failed(f"{number} items have the id {quoted(shared)}", ExplainedBy.REUSED_PROVIDER_IDS) if number > 1 else None
    )
