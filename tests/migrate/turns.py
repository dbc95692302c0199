"""Runs a migrated server in a process of its own, turn by turn in one thread, and prints what a person sees.

Called with the server's folder and the messages; prints a list with one entry for each turn.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any


async def turns(messages: list[str]) -> list[dict[str, Any]]:
    """Return what each message is answered with: the texts, the kinds of the events, and what went wrong."""
    from app.context import RequestContext  # type: ignore[import-not-found]
    from app.main import server, store  # type: ignore[import-not-found]

    thread_id, found = None, []
    for message in messages:
        body = {"content": [{"type": "input_text", "text": message}], "attachments": [], "inference_options": {}}
        kind = "threads.add_user_message" if thread_id else "threads.create"
        params = {"input": body} | ({"thread_id": thread_id} if thread_id else {})
        result = await server.process(json.dumps({"type": kind, "params": params}).encode(), RequestContext("ada"))
        events = [json.loads(line.removeprefix(b"data: ")) async for line in result]
        thread_id = thread_id or next(each["thread"]["id"] for each in events if each["type"] == "thread.created")
        done = [each["item"] for each in events if each["type"] == "thread.item.done"]
        found.append(
            {
                "said": [item["content"][0]["text"] for item in done if item["type"] == "assistant_message"],
                "ids": [item["id"] for item in done],
                "events": [each["type"] for each in events],
                "errors": [each for each in events if each["type"] == "error"],
            }
        )
    await store.close()
    return found


if __name__ == "__main__":
    sys.path.insert(0, sys.argv[1])
    print(json.dumps(asyncio.run(turns(sys.argv[2:]))))  # noqa: T201 - what the test reads
