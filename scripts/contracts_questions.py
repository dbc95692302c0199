"""Ask a real openai-chatkit what the contracts claim to know about it.

Run as a program of its own in an interpreter that can import the SDK: `python contracts_questions.py [FOLDER]`
reads questions as JSON from standard input and writes the answers to standard output. FOLDER, if given, holds
the `chatkit` package to ask. It imports nothing of chatkit_doctor, and asks in other ways than the probe does:
with import statements, by instantiating classes and by validating empty data.
"""

from __future__ import annotations

import importlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any


def main() -> None:
    """Answer `{"names": [[module, name], …], "modules": […], "classes": […], "models": […]}` in the same shape."""
    for folder in sys.argv[1:2]:
        sys.path.insert(0, folder)
        if not (Path(folder) / "chatkit").exists():
            sys.modules["chatkit"] = None  # type: ignore[assignment] # an empty release, not the installed one
    warnings.simplefilter("ignore")
    questions = json.load(sys.stdin)
    answers = {
        "modules": [runs(f"import {module}") for module in questions["modules"]],
        "names": [runs(f"from {module} import {name}") for module, name in questions["names"]],
        "classes": [missing_methods(dotted) for dotted in questions["classes"]],
        "models": [missing_fields(dotted) for dotted in questions["models"]],
    }
    json.dump(answers, sys.stdout)


def runs(statement: str) -> bool:
    """Tell whether an import statement raises no ImportError."""
    try:
        exec(statement, {})  # noqa: S102 -- the statement itself is the question
    except ImportError:
        return False
    return True


def missing_methods(dotted: str) -> list[str]:
    """Return the abstract methods for which Python refuses to instantiate a class, sorted."""
    try:
        object.__new__(find(dotted))
    except TypeError as error:
        _, _, names = str(error).partition("abstract method")
        return sorted(name.strip(" '") for name in names.removeprefix("s").split(",") if names)
    return []


def missing_fields(dotted: str) -> list[str]:
    """Return the fields that pydantic reports as missing from empty data, sorted."""
    from pydantic import TypeAdapter, ValidationError  # only an SDK that has models needs it

    try:
        TypeAdapter(find(dotted)).validate_python({})
    except ValidationError as error:
        return sorted(str(problem["loc"][0]) for problem in error.errors() if problem["type"] == "missing")
    return []


def find(dotted: str) -> Any:
    """Return the object with a dotted name."""
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


if __name__ == "__main__":
    main()
