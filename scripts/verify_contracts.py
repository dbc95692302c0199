"""Compare the Python contracts with the truth of a real import, for every published release.

    python scripts/verify_contracts.py [--python INTERPRETER] [RELEASE …]

Every release is asked about every module and name that any release has, each name in every module, and about
invented ones; about the abstract methods of every class; about the required fields of every model. Prints the
disagreements; exit code 1 if there are any.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import contracts_registry as registry

sys.path.insert(0, str(Path(__file__).parents[1]))

from chatkit_doctor.contracts import python_contract, releases
from chatkit_doctor.contracts.published import CHATKIT

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKER = Path(__file__).with_name("contracts_questions.py")
INVENTED_MODULES = (
    "chatkit.stores",
    "chatkit.models",
    "chatkit.helpers",
    "chatkit.store.Store",
    "openai_chatkit",
    "chatkit.x",
)
INVENTED_NAMES = ("Event", "FilePart", "ClientToolCallOutputItem", "MemoryStore", "Stores", "__nothing__")


def main() -> int:
    """Ask the releases given, or all of them."""
    parser = argparse.ArgumentParser(description="Compare the Python contracts with real imports.")
    parser.add_argument("--python", type=Path, help="an interpreter that has the SDK's dependencies")
    parser.add_argument("releases", nargs="*", default=releases(CHATKIT))
    arguments = parser.parse_args()
    disagreements = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        python = arguments.python or registry.interpreter_with((CHATKIT,), folder / "venv")
        for release in arguments.releases:
            found = list(compare(release, str(python), registry.unpack_wheel(CHATKIT, release, folder)))
            disagreements += len(found)
            print(*found, f"{release}: {len(found)} disagreements", sep="\n")
    return 1 if disagreements else 0


def compare(release: str, python: str, folder: Path | None = None) -> Iterator[str]:
    """Yield each question on which the contract and a real SDK give different answers."""
    asked = questions(release)
    told = ask(asked, python, folder)
    known = answers(release, asked)
    for section, subjects in asked.items():
        for subject, claim, truth in zip(subjects, known[section], told[section], strict=True):
            if claim != truth:
                yield f"{release} {section} {subject}: the contract says {claim}, the SDK {truth}"


def questions(release: str) -> dict[str, list[Any]]:
    """Return what a release is asked."""
    contracts = [python_contract(known) for known in releases(CHATKIT)]
    modules = sorted({module for contract in contracts for module in contract.modules})
    names = {name for contract in contracts for module in contract.modules for name in contract.names(module)}
    asked = sorted(names | set(INVENTED_NAMES))
    contract = python_contract(release)
    return {
        "modules": [*modules, *INVENTED_MODULES],
        "names": [[module, name] for module in (*modules, *INVENTED_MODULES) for name in asked],
        "classes": list(contract.classes),
        "models": list(contract.models),
    }


def answers(release: str, asked: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return what the contract says to the same questions."""
    contract = python_contract(release)
    classes = [contract.class_(dotted) for dotted in asked["classes"]]
    models = [contract.model(dotted) for dotted in asked["models"]]
    return {
        "modules": [contract.has_module(module) for module in asked["modules"]],
        "names": [contract.has_name(module, name) for module, name in asked["names"]],
        "classes": [sorted(found.abstract_methods) if found else None for found in classes],
        "models": [sorted(found.required) if found else None for found in models],
    }


def ask(asked: dict[str, list[Any]], python: str, folder: Path | None) -> dict[str, list[Any]]:
    """Return what a real SDK answers: the one in a folder, or the one the interpreter has installed."""
    command = [python, str(ASKER), *([str(folder)] if folder else [])]
    done = subprocess.run(command, input=json.dumps(asked), check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, list[Any]] = json.loads(done.stdout)
    return told


if __name__ == "__main__":
    sys.exit(main())
