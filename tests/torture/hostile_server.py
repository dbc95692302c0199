"""A server that answers whatever it was given for an answer, byte by byte as it was given, and reads no further."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator

# What is sent for a request, from its method, its path and the kind of ChatKit request that it is ("" for none).
Answering = Callable[[str, str, str], Iterator[bytes]]

_MOST_SENT = 30_000_000


class HostileServer:
    """Enter it to listen, leave it to stop."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> HostileServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing alone would not wake who waits for a connection.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            method, path, kind = _request(connection)
            sent = 0
            for piece in self._answering(method, path, kind):
                connection.sendall(piece)
                sent += len(piece)
                if sent > _MOST_SENT:
                    return
            connection.shutdown(socket.SHUT_WR)
            # To leave what was sent unread would reset the connection, and the answer with it.
            while connection.recv(65536):
                pass


def _request(connection: socket.socket) -> tuple[str, str, str]:
    data = b""
    while b"\r\n\r\n" not in data and (piece := connection.recv(65536)):
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    method, path, *_ = [*head.decode("latin-1").split(" "), "", ""]
    sizes = (line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
    size = int(next(sizes, b":0").partition(b":")[2])
    while len(body) < size and (piece := connection.recv(65536)):
        body += piece
    return method, path, json.loads(body)["type"] if body else ""
