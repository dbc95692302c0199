"""The other requests of the page: a client tool's result, feedback, titles, lists, attachments, a widget's action."""

from __future__ import annotations

from typing import Any

from chatkit import types as kit
from chatkit.server import ChatKitServer

from chatkit_doctor.conformance import samples
from chatkit_doctor.conformance.registry import shows
from chatkit_doctor.conformance.results import BrokenError, SkippedError
from chatkit_doctor.conformance.stage import ServerStage

_FILES = (("notes.txt", "text/plain"), ("picture.png", "image/png"), ("paper.pdf", "application/pdf"))


@shows("server", "no-message")
async def no_message(stage: ServerStage) -> None:
    """Send a client tool's result: respond is called without a message."""
    (first,) = await stage.talk("Hello")
    store = stage.server.store
    thread = await store.load_thread(first.thread_id, context=stage.context)
    call = kit.ClientToolCallItem(
        id=store.generate_item_id("tool_call", thread, stage.context),
        thread_id=thread.id,
        created_at=thread.created_at + (samples.moment(1000) - samples.START) * 1000,
        call_id="call_check",
        name="check",
        arguments={"a": 1},
    )
    await store.add_thread_item(thread.id, call, context=stage.context)
    turn = await stage.stream("threads.add_client_tool_output", {"thread_id": thread.id, "result": {"done": True}})
    if turn.error and kit.ClientToolCallItem.__name__ in turn.error:
        raise BrokenError(
            f"the store gives another item for the newest, so that a client tool's result ends in: {turn.error}",
            "threads.add_client_tool_output",
            "load_thread_items",
        )
    if turn.error:
        raise BrokenError(
            f"a client tool's result, which brings no message, ends in: {turn.error}",
            "threads.add_client_tool_output",
            "respond",
        )


@shows("server", "lists")
async def lists(stage: ServerStage) -> None:
    """List the threads and load one, as the page does when it opens."""
    (turn,) = await stage.talk("Hello")
    listed = await stage.ask("threads.list", {"limit": 100, "order": "desc", "after": None})
    if turn.thread_id not in [each["id"] for each in listed["data"]]:
        raise BrokenError("a thread is not among the threads that the page lists", "threads.list", "")
    loaded = await stage.ask("threads.get_by_id", {"thread_id": turn.thread_id})
    kinds = [each.get("type") for each in loaded["items"]["data"]]
    if "user_message" not in kinds:
        raise BrokenError("a thread that is opened again lacks the message that began it", "threads.get_by_id", "")


@shows("server", "title")
async def title(stage: ServerStage) -> None:
    """Rename a thread: it keeps the name."""
    (turn,) = await stage.talk("Hello")
    await stage.ask("threads.update", {"thread_id": turn.thread_id, "title": samples.TEXT})
    loaded = await stage.ask("threads.get_by_id", {"thread_id": turn.thread_id})
    if loaded.get("title") != samples.TEXT:
        raise BrokenError(f"a thread that was renamed is called {loaded.get('title')!r}", "threads.update", "")
    (turn,) = [await stage.say("And now?", turn.thread_id)]
    loaded = await stage.ask("threads.get_by_id", {"thread_id": turn.thread_id})
    if loaded.get("title") != samples.TEXT:
        raise BrokenError(
            "the next message takes away the name that the user gave a thread", "threads.update", "respond"
        )


@shows("server", "feedback")
async def feedback(stage: ServerStage) -> None:
    """Like an answer."""
    if type(stage.server).add_feedback is ChatKitServer.add_feedback:
        raise SkippedError("add_feedback is the SDK's, which drops it")
    (turn,) = await stage.talk("Hello")
    liked = [each["id"] for each in turn.done("assistant_message")]
    for kind in ("positive", "negative"):
        params = {"thread_id": turn.thread_id, "item_ids": liked, "kind": kind}
        try:
            await stage.ask("items.feedback", params)
        except Exception as error:
            raise BrokenError(
                f"feedback ends in {type(error).__name__}: {error}", "items.feedback", "add_feedback"
            ) from error


@shows("server", "attachments")
async def attachments(stage: ServerStage) -> None:
    """Attach a file to a message."""
    if getattr(stage.server, "attachment_store", None) is None:
        raise SkippedError("the server has no attachment store")
    await stage.talk("Hello")
    made = await _attachment(stage)
    is_created = made is not None
    turn = await stage.say("Here is a file", attachments=[made["id"] if made else await _put(stage)])
    if turn.error and not is_created and NotImplementedError.__name__ not in turn.error:
        raise SkippedError(f"the file of an attachment that the store was given is nowhere: {turn.error}")
    if turn.error:
        asked = "attachments.create" if is_created else "save_attachment"
        raise BrokenError(f"a message with an attachment is not answered: {turn.error}", asked, "respond")
    if made:
        await stage.ask("attachments.delete", {"attachment_id": made["id"]})


async def _put(stage: ServerStage) -> str:
    """Return the id of an attachment that the store is given, as by the route to which a page sends its files itself.

    Raises SkippedError where the store takes none.
    """
    name, mime_type = _FILES[0]
    made = kit.FileAttachment(id="atc_check", name=name, mime_type=mime_type)
    try:
        await stage.server.store.save_attachment(made, context=stage.context)
        await stage.server.store.load_attachment(made.id, stage.context)
    except Exception as error:  # noqa: BLE001 - a store may refuse in its own way what its own route did not make
        raise SkippedError(
            f"the attachment store makes no attachments, and the store takes none: {type(error).__name__}: {error}"
        ) from None
    return made.id


async def _attachment(stage: ServerStage) -> dict[str, Any] | None:
    """Return an attachment of the first kind of file that is taken; None where the page brings files in another way.

    Raises SkippedError where none is taken.
    """
    refused: list[str] = []
    for name, mime_type in _FILES:
        try:
            return dict(await stage.ask("attachments.create", {"name": name, "size": 5, "mime_type": mime_type}))
        except NotImplementedError:
            return None
        except Exception as error:
            # A web framework's exception with a status is an answer to the page, and no fault.
            if not isinstance(getattr(error, "status_code", None), int):
                raise
            refused.append(str(error))
    raise SkippedError(
        f"the attachment store takes no text, no picture and no PDF: {'; '.join(dict.fromkeys(refused))}"
    )
