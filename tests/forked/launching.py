"""A script that stands for a program which another process forks: it has that one's files, and ends as that one ends.

It is given the address of what forks, without its first character, and the program's arguments. For whoever can only
start a command: it imports next to nothing.
"""

import json
import os
import socket
import sys

reading, writing = os.pipe()
folder = os.getcwd()  # noqa: PTH109 - pathlib would have to be imported
order = {"arguments": sys.argv[2:], "folder": folder, "environment": dict(os.environ), "numbers": []}
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as orders:
    orders.connect(f"\0{sys.argv[1]}")
    orders.recv(16)
    socket.send_fds(orders, [json.dumps(order).encode()], [writing, 0, 1, 2])
    os.close(writing)
    # Whoever waits for the end of what is written to the program, or by it, waits for the program alone.
    nothing = os.open(os.devnull, os.O_RDWR)
    for each in (0, 1, 2):
        os.dup2(nothing, each)
    with os.fdopen(reading) as answers:
        answers.readline()
        code = int(answers.readline())
os._exit(code if code >= 0 else 128 - code)
