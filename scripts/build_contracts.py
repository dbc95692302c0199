"""Rebuild chatkit_doctor/contracts/data from the published packages.

    python scripts/build_contracts.py            writes the data
    python scripts/build_contracts.py --check    says what it would change, exit code 1 if anything

Packages come from pip and npm as they are configured. The SDK is imported release by release in an
interpreter that has its dependencies: `--python` names one, otherwise a temporary environment is made.
Without a new release, a rebuild changes no byte.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import contracts_history as history
import contracts_registry as registry
from contracts_agents import agents_facts, folded
from contracts_calls import calls_facts
from contracts_web import element_facts, react_facts

if TYPE_CHECKING:
    from collections.abc import Iterator

DATA = Path(__file__).parents[1] / "chatkit_doctor" / "contracts" / "data"
PROBE = Path(__file__).with_name("contracts_probe.py")

SDK = "openai-chatkit"
AGENTS = "openai-agents"
ELEMENT = "@openai/chatkit"
REACT = "@openai/chatkit-react"
SDK_REQUIREMENTS = (SDK,)

# Which sections of the facts go into which file, and how many keys deep their values lie.
Sections = dict[str, int]
SDK_FILES: dict[str, Sections] = {
    "python_names": {"modules": 1, "names": 2},
    "python_classes": {"classes": 1, "methods": 2, "functions": 1},
    "python_models": {"models": 1, "fields": 2, "types": 1},
    "server_calls": {"calls": 2},
}
ELEMENT_FILES: dict[str, Sections] = {
    "web_options": {"objects": 2, "types": 1},
    "web_element": {"exports": 1, "events": 1, "methods": 1, "parameters": 1, "details": 1},
}
REACT_FILES: dict[str, Sections] = {
    "web_react": {
        "react_exports": 1,
        "react_methods": 1,
        "react_handlers": 1,
        "react_dependencies": 1,
        "react_result": 1,
        "react_control": 1,
    },
}


def main() -> int:
    """Build, then write or compare."""
    parser = argparse.ArgumentParser(description="Rebuild the contracts from the published packages.")
    parser.add_argument("--check", action="store_true", help="say what would change; write nothing")
    parser.add_argument("--python", type=Path, help="an interpreter that has the SDK's dependencies")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        files = build(Path(temporary), arguments.python)
    if not arguments.check:
        print("changed:", ", ".join(history.write(files)) or "nothing")
        return 0
    difference = list(history.changes(files))
    print("\n".join(difference) or "the contracts are up to date")
    return 1 if difference else 0


def build(folder: Path, python: Path | None) -> dict[Path, str]:
    """Return the text of every data file, by its path."""
    python = python or registry.interpreter_with(SDK_REQUIREMENTS, folder / "venv")
    releases = {
        SDK: registry.pypi_releases(SDK),
        AGENTS: registry.pypi_releases(AGENTS),
        ELEMENT: registry.npm_releases(ELEMENT),
        REACT: registry.npm_releases(REACT),
    }
    sdk = [(release, sdk_facts(release, folder, python)) for release in releases[SDK]]
    element = [(release, element_facts(registry.unpack_npm(ELEMENT, release, folder))) for release in releases[ELEMENT]]
    react = [(release, react_facts(registry.unpack_npm(REACT, release, folder))) for release in releases[REACT]]
    agents = [(release, agents_facts(registry.unpack_wheel(AGENTS, release, folder))) for release in releases[AGENTS]]
    return {
        **dict(tables(sdk, SDK_FILES)),
        **dict(tables(element, ELEMENT_FILES)),
        **dict(tables(react, REACT_FILES)),
        DATA / "agents_modules.json": history.dumps({"modules": folded(agents)}, 2),
        DATA / "releases.json": history.dumps(releases, 1),
    }


def tables(facts: list[tuple[str, history.Facts]], files: dict[str, Sections]) -> Iterator[tuple[Path, str]]:
    """Yield the path and the text of the files that hold the facts of one package's releases."""
    for name, sections in files.items():
        folded = {
            section: history.fold([(release, fact[section]) for release, fact in facts], depth)
            for section, depth in sections.items()
        }
        yield DATA / f"{name}.json", history.dumps(folded, 1 + max(sections.values()))


def sdk_facts(release: str, folder: Path, python: Path) -> history.Facts:
    """Return what importing one release of the SDK shows, and what its sources say of calls."""
    site = registry.unpack_wheel(SDK, release, folder)
    facts: history.Facts = json.loads(registry.run([str(python), str(PROBE), str(site)]))
    return {**facts, **calls_facts(site)}


if __name__ == "__main__":
    sys.exit(main())
