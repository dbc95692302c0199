"""Which distributions of PyPI the app's own Python files import from, told by the modules that only these have."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.imports.guards import is_guarded
from chatkit_doctor.backend.imports.modules import module_imports
from chatkit_doctor.backend.imports.own_packages import Asked, asked_by, is_installed
from chatkit_doctor.contracts.published import CHATKIT
from chatkit_doctor.contracts.sdk.agents import AGENTS, AGENTS_MODULE
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.records import dataclass
from chatkit_doctor.source import Location


@dataclass(frozen=True, slots=True)
class SdkImport:
    """An import of a module of one of the SDKs.

    dotted: the module. is_guarded: whether the code goes on without it. at: where the module's name stands.
    """

    distribution: str
    module: Module
    dotted: str
    is_guarded: bool
    at: Location


def sdk_imports(app: App) -> tuple[SdkImport, ...]:
    """Return the imports of ChatKit's and of the agents' SDK in the app's own files, tests left out."""
    return app.derive(_sdk_imports)


def _sdk_imports(app: App) -> tuple[SdkImport, ...]:
    return tuple(_of_chatkit(app)) + tuple(_of_agents(app))


def _of_chatkit(app: App) -> Iterator[SdkImport]:
    for each in module_imports(app):
        if not app.is_test_file(each.module.source.path):
            guarded = is_guarded(each.module, each.node)
            yield SdkImport(CHATKIT, each.module, each.dotted, guarded, each.at)


def _of_agents(app: App) -> Iterator[SdkImport]:
    for module in app.own_modules():
        path = module.source.path
        if app.is_test_file(path) or app.layout.has_package(path, AGENTS_MODULE):
            continue
        for asked in asked_by(module):
            # `import agents` alone may mean any package of that name.
            is_told = asked.name is not None or "." in asked.module
            if asked.module.split(".")[0] == AGENTS_MODULE and is_told and is_installed(asked):
                yield SdkImport(AGENTS, module, asked.module, is_guarded(module, asked.node), _place(module, asked))


def _place(module: Module, asked: Asked) -> Location:
    if isinstance(asked.node, ast.ImportFrom):
        return module.import_path_location(asked.node)
    whole = module.location(asked.node)
    return module.source.location(whole.start, whole.start + len(asked.module))
