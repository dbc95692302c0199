"""Run programs with the SDK that is on the path and print as JSON which of them pydantic lets fail.

`python pydantic_judge.py FILE VERSION`; None stands for a program that fails in another way.
"""

from __future__ import annotations

import json
import sys
import types
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any


def main() -> None:
    """Run them."""
    assert version("openai-chatkit") == sys.argv[2]
    given = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    store = import_module("chatkit.store").Store
    stubs = types.ModuleType("stubs")
    stubs.__dict__["STORE"] = type("Stub", (store,), dict.fromkeys(store.__abstractmethods__))()
    sys.modules["stubs"] = stubs
    scope: dict[str, Any] = {}
    exec(given["head"], scope)  # noqa: S102 - written by the tests
    print(json.dumps([_fails(text, scope) for text in given["programs"]]))  # noqa: T201


def _fails(text: str, scope: dict[str, Any]) -> bool | None:
    from pydantic import ValidationError

    exec(text, scope)  # noqa: S102 - written by the tests
    name = text.partition("(")[0].removeprefix("def ")
    try:
        scope[name]()
    except ValidationError:
        return True
    except Exception:  # noqa: BLE001 - a program that says nothing of a model
        return None
    return False


if __name__ == "__main__":
    main()
