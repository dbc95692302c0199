"""A script that runs `check` on one backend after the other, and imports only once what takes seconds to import.

It is given a socket, from which it reads a JSON object a line: a request as `chatkit_doctor.conformance.child` takes
it, and the file to log to. It forks for each, and writes a line when it is done; the verdicts are in the file that the
request names.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from importlib import import_module

from chatkit_doctor.conformance import child
from chatkit_doctor.conformance.model import redirect
from chatkit_doctor.conformance.registry import functions
from tests.forked.forking import load

_ENVIRONMENT = {"ENVIRONMENT": "development", "CHAT_API_KEY": "sk-of-the-tests", "LITELLM_LOCAL_MODEL_COST_MAP": "True"}

# What a run imports once the subject's packages are known to be there.
_OF_A_RUN = ("nobody", "running", "subject")


def main() -> None:
    os.environ.update(_ENVIRONMENT)
    redirect.prepare()
    functions("store")
    functions("server")
    for name in _OF_A_RUN:
        import_module(f"chatkit_doctor.conformance.{name}")
    load()
    orders = socket.socket(fileno=int(sys.argv[1])).makefile("rw", encoding="utf-8")
    for line in orders:
        order = json.loads(line)
        pid = os.fork()
        if pid == 0:
            log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            os.dup2(log, sys.stdout.fileno())
            os.dup2(log, sys.stderr.fileno())
            os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
            # Does not return: it ends the process.
            child.main(json.dumps(order["request"]))
        _, status = os.waitpid(pid, 0)
        orders.write(f"{os.waitstatus_to_exitcode(status)}\n")
        orders.flush()


if __name__ == "__main__":
    main()
