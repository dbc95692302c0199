"""A small server that speaks ChatKit's protocol as it should, except for one fault."""

from __future__ import annotations

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any

Json = dict[str, Any]

_TEN_MEGABYTES = 10_000_000


class Server:
    """Enter it to listen, leave it to stop. fault: what is wrong with it. threads: the items of each, by its id."""

    def __init__(self, fault: str = "") -> None:
        self.fault = fault
        self.threads: dict[str, list[Json]] = {}
        self.kinds: list[str] = []
        self.closing = threading.Event()
        self.streaming = threading.Event()
        self.numbers = count(1)
        self._http = _Http(("127.0.0.1", 0), _Handler)
        self._http.app = self
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_port}"

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def health(self) -> str:
        if self.is_("no health"):
            return ""
        return self.fault.removeprefix("health at ") if self.fault.startswith("health at ") else "/health"

    def is_(self, *faults: str) -> bool:
        return self.fault in faults

    def message(self, role: str, text: str) -> Json:
        fakes = role == "assistant" and self.is_("fake ids")
        kind = {"user": "input_text", "assistant": "output_text"}[role]
        item_id = "__fake_id__" if fakes else f"msg_{next(self.numbers)}"
        return {"id": item_id, "type": f"{role}_message", "content": [{"type": kind, "text": text}]}

    def save(self, thread_id: str, item: Json) -> None:
        items = self.threads[thread_id]
        answers = [each for each in items if each["type"] == "assistant_message"]
        if self.is_("merged") and item["type"] == "assistant_message" and answers:
            answers[0]["content"][0]["text"] += item["content"][0]["text"]
            return
        for index, each in enumerate(items):
            if each["id"] == item["id"]:
                items[index] = item
                return
        items.append(item)
        if self.is_("user message twice") and item["type"] == "user_message":
            items.append(item | {"id": f"{item['id']}b"})

    def answer_to(self, thread_id: str) -> str:
        said = [each["content"][0]["text"] for each in self.threads[thread_id] if each["type"] == "user_message"]
        if self.is_("one subject"):
            return f"{len(said)}: Ask me about the book."
        told = re.search(r"My name is (\w+)", said[0] if not self.is_("forgets") else said[-1])
        return f"{len(said)}: {told[1]}" if told else f"{len(said)}: who knows"


class _Http(ThreadingHTTPServer):
    app: Server

    def handle_error(self, *_: object) -> None:
        """Stay silent: clients that give up are what is tested."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http
    is_spent = False

    def log_message(self, *_: object) -> None:
        """Stay silent."""

    @property
    def app(self) -> Server:
        return self.server.app

    def handle_one_request(self) -> None:
        if self.is_spent:
            # As uvicorn does when an app has crashed: the connection ends without a word, when it is used again.
            self.rfile.readline()
            self.close_connection = True
        elif self.app.is_("hangs"):
            self.app.closing.wait()
            self.close_connection = True
        elif self.app.is_("not http"):
            self.wfile.write(b"220 mail ready\r\n")
            self.connection.shutdown(socket.SHUT_WR)
            # To leave what was sent unread would reset the connection, and the answer with it.
            while self.connection.recv(65536):
                pass
            self.close_connection = True
        else:
            super().handle_one_request()

    def do_GET(self) -> None:
        if self.app.is_("html"):
            self._send(200, b"<!doctype html><p>hi", "text/html")
        elif self.path == self.app.health:
            self._json({"status": "ok"})
        elif self.path == "/debug/threads" and not self.app.is_("no debug"):
            self._json({"threads": [{"id": key, "items": items} for key, items in self.app.threads.items()]})
        else:
            self._json({}, 404)

    def do_OPTIONS(self) -> None:
        self._send(405 if self.app.is_("no cors") else 204, b"", "text/plain")

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        kind, params = request["type"], request["params"]
        self.app.kinds.append(kind)
        if self._is_refused():
            return
        if kind in {"threads.create", "threads.add_user_message"}:
            self._turn(kind, params)
        else:
            getattr(self, kind.replace(".", "_"))(params)

    def _is_refused(self) -> bool:
        app = self.app
        if app.is_("hangs before headers"):
            app.closing.wait()
        elif app.is_("drips headers"):
            while not app.closing.wait(0.05):
                self.wfile.write(b"X")
        elif app.is_("html"):
            self._send(200, b"<!doctype html><p>hi", "text/html")
        elif app.is_("crash without cors"):
            self._json({"detail": "no"}, 500)
        elif app.is_("redirects"):
            self._send(307, b"", "text/plain", Location=f"{app.url}/chatkit")
        elif app.fault.isdecimal():
            self._json({"detail": "no"}, int(app.fault))
        else:
            return False
        return True

    def threads_list(self, _: Json) -> None:
        if self.app.is_("endless list"):
            self._send(200, b" " * _TEN_MEGABYTES, "application/json")
            return
        if self.app.is_("list as stream"):
            self._start_stream()
            self._event({"type": "error"})
            self._chunk(b"")
            return
        if self.app.is_("list in a string"):
            self._json(json.dumps({"data": [], "has_more": False}))
            return
        hand_written: Json = {"threads": []}
        data = [{"id": key, "items": {"data": []}} for key in self.app.threads]
        self._json(hand_written if self.app.is_("no page") else {"data": data, "has_more": self.app.is_("no cursor")})

    def threads_get_by_id(self, params: Json) -> None:
        thread_id = params["thread_id"]
        if self.app.is_("makes up threads"):
            self.app.threads.setdefault(thread_id, [])
        if thread_id not in self.app.threads:
            self._json({}, 404)
            return
        items = self.app.threads[thread_id]
        first = items[:2] if self.app.is_("pages") else items
        if self.app.is_("wrong order"):
            first = items[::-1]
        page = {"data": first, "has_more": len(first) < len(items), "after": "2"}
        self._json({"id": thread_id, "items": page})

    def items_list(self, params: Json) -> None:
        self._json({"data": self.app.threads[params["thread_id"]][int(params["after"]) :], "has_more": False})

    def threads_delete(self, params: Json) -> None:
        if self.app.is_("delete fails"):
            self._json({}, 500)
            return
        if not self.app.is_("no deletion"):
            self.app.threads.pop(params["thread_id"], None)
        self._json({})

    def _turn(self, kind: str, params: Json) -> None:
        app, is_new = self.app, kind == "threads.create"
        thread_id = f"thr_{next(app.numbers)}" if is_new else params["thread_id"]
        app.threads.setdefault(thread_id, [])
        if app.is_("json for a stream"):
            app.save(thread_id, app.message("user", params["input"]["content"][0]["text"]))
            self._json({"answer": "hi"})
            return
        self._start_stream()
        if is_new and not app.is_("hangs before events"):
            self._event({"type": "thread.created", "thread": {"id": thread_id}})
        said = app.message("user", params["input"]["content"][0]["text"])
        app.save(thread_id, said)
        app.streaming.set()
        if app.is_("hangs in the stream", "hangs before events"):
            app.closing.wait()
        elif app.is_("drips"):
            while not app.closing.wait(0.05):
                self._chunk(b": still here\n\n")
        elif app.is_("endless stream"):
            self._chunk(b"data: " + b" " * _TEN_MEGABYTES)
        elif app.is_("breaks"):
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self._event({"type": "thread.item.done", "item": said})
            self._answer(thread_id, is_new=is_new)
            self._chunk(b"")

    def _answer(self, thread_id: str, *, is_new: bool) -> None:
        app = self.app
        if app.is_("error event", "escapes") or (app.is_("error at second") and not is_new):
            message = "\x1b]0;owned\x07\x1b[31mno" if app.is_("escapes") else "the model is gone"
            self._event({"type": "error", "message": message})
            return
        whole = app.message("assistant", app.answer_to(thread_id))
        self._event({"type": "thread.item.added", "item": whole | {"content": []}})
        part = {"type": "assistant_message.content_part.text_delta", "content_index": 0, "delta": "hi"}
        self._event({"type": "thread.item.updated", "item_id": whole["id"], "update": part})
        if app.is_("unknown event"):
            self._event({"type": "message_delta", "text": "hi"})
        if app.is_("invalid utf-8"):
            self._chunk(b": \xff\n\n")
        if not app.is_("never done"):
            if app.is_("done under another id"):
                whole |= {"id": f"{whole['id']}b"}
            app.save(thread_id, whole)
            self._event({"type": "thread.item.done", "item": whole})

    def _start_stream(self) -> None:
        kinds = {"stream as html": "text/html", "stream as text": "text/plain"}
        kind = kinds.get(self.app.fault, "text/event-stream; charset=utf-8")
        self._head(200, {"Content-Type": kind, "Transfer-Encoding": "chunked"})

    def _event(self, event: Json) -> None:
        data = f"data: {json.dumps(event)}\n\n"
        match self.app.fault:
            case "wrapped twice":
                data = f"data: {data.strip()}\n\n"
            case "bytes shown":
                data = f"data: {data.encode()!r}\n\n"
            case "no empty lines":
                data = data[:-1]
            case "no json":
                data += "data: [DONE]\n\n"
            case "json lines":
                data = data.removeprefix("data: ")
        self._chunk(data.encode())

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))

    def _json(self, body: Json | str, status: int = 200) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")
        self.is_spent = self.app.is_("closes after answers")

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self._head(status, {"Content-Type": kind, "Content-Length": str(len(body)), **headers})
        self.wfile.write(body)

    def _head(self, status: int, headers: dict[str, str]) -> None:
        self.send_response(status)
        has_cors = not self.app.is_("no cors") and (status < 500 or not self.app.is_("crash without cors"))
        if has_cors and (origin := self.headers.get("Origin")):
            headers |= {"Access-Control-Allow-Origin": origin, "Access-Control-Allow-Headers": "content-type"}
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
