"""The places where a project imports ChatKit's modules, or what somebody took for them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from chatkit_doctor.contracts import PythonContract, history, meant_module
from chatkit_doctor.contracts.mistakes import corrected_root, sdk_roots
from chatkit_doctor.project.app import App
from chatkit_doctor.python.module import Module
from chatkit_doctor.python.names import Names
from chatkit_doctor.records import dataclass
from chatkit_doctor.remembered import remembered
from chatkit_doctor.source import Location

ImportStatement = ast.Import | ast.ImportFrom

_LOADERS = frozenset({"importlib.import_module", "__import__"})


@dataclass(frozen=True, slots=True)
class ModuleImport:
    """One import of a module of ChatKit.

    dotted: the module's path as it is written. at: where that path stands.
    node: the statement `from dotted import …`, the alias of an import, the string given to a loader, or the
        attribute that reaches a mistaken module through its package.
    """

    module: Module
    dotted: str
    node: ast.ImportFrom | ast.alias | ast.Constant | ast.Attribute
    at: Location


def module_imports(app: App) -> Iterator[ModuleImport]:
    """Yield every import, in the app's own files, of a module that is, or is taken for, one of ChatKit's."""
    yield from app.derive(_module_imports)


def imports_sdk(app: App) -> bool:
    """Return whether a file that the app reaches imports a module that is, or is taken for, one of ChatKit's."""
    return any(True for module in app.modules() for _ in _of_module(app, module))


def _module_imports(app: App) -> list[ModuleImport]:
    return [found for module in app.own_modules() for found in _of_module(app, module)]


def _of_module(app: App, module: Module) -> Iterator[ModuleImport]:
    yield from (found for found in module.derive(_imports) if is_sdk(app, module, found.dotted))


def _imports(module: Module) -> tuple[ModuleImport, ...]:
    """Return the imports of a file that may be ChatKit's, whoever asks."""
    if not any(each in module.source.text for each in sdk_roots()):
        return ()
    return (*_statements(module), *_loader_calls(module), *_attributes(module))


def is_sdk(app: App, module: Module, dotted: str) -> bool:
    """Return whether a dotted name is ChatKit's, by its own top-level name or a mistaken one, and not the project's."""
    return corrected_root(dotted) is not None and not _is_own(app, module.source.path, dotted)


# A file of a thousand messages names their classes a thousand times.
@remembered
def _is_own(app: App, path: Path, dotted: str) -> bool:
    """Return whether a file means a module of the project by a name of ChatKit's: the one asked for is there.

    `chatkit.store` is the SDK's where the project has a `chatkit/` without a `store` in it.
    """
    parts = dotted.split(".")
    for count in range(len(parts), 1, -1):
        asked = ".".join(parts[:count])
        if app.layout.resolve(path, asked) is not None:
            return True
        is_module = history(asked) is not None or meant_module(asked) is not None
        if is_module and not _binds(app, path, ".".join(parts[: count - 1]), parts[count - 1]):
            return _is_beside(app, path, dotted)
    return app.layout.has_package(path, parts[0]) or _is_beside(app, path, dotted)


def _binds(app: App, path: Path, package: str, name: str) -> bool:
    """Return whether the project's package of a name binds another name, which is what `from package import` gives."""
    file = app.layout.resolve(path, package)
    found = app.module(file) if file is not None else None
    return found is not None and bool(app.names(found).module_level(name))


def _is_beside(app: App, path: Path, dotted: str) -> bool:
    """Return whether a file inside a folder of the package's name imports, by that name, what stands in the folder."""
    top, *rest = dotted.split(".")
    # Few files are, and each path above one is an object of its own.
    if top not in path.parts:
        return False
    folder = next((each for each in path.parents if each.name == top), None)
    unknown = (count for count in range(1, len(rest) + 1) if history(".".join((top, *rest[:count]))) is None)
    count = next(unknown, None)
    if folder is None or count is None:
        return False
    found = folder.joinpath(*rest[:count])
    return app.exists(found.with_name(f"{found.name}.py")) or app.exists(found / "__init__.py")


def real_module(contract: PythonContract, dotted: str) -> str | None:
    """Return the module that a dotted name is, or the one that it was meant to be."""
    return dotted if contract.has_module(dotted) else meant_module(dotted)


def home(contract: PythonContract, module: str, name: str) -> str | None:
    """Return the module to import a name from that was looked for in `module`: that one, or the one that has it."""
    meant = real_module(contract, module)
    if meant and contract.has_name(meant, name):
        return meant
    found = contract.canonical(f"{meant or module}.{name}") or ""
    owner, _, last = found.rpartition(".")
    if last == name and contract.has_name(owner, name):
        return owner
    homes = contract.where(name)
    return homes[0] if len(homes) == 1 else None


def imported_names(statement: ast.ImportFrom) -> Iterator[ast.alias]:
    """Yield the aliases of a from-import; none for a star."""
    yield from (alias for alias in statement.names if alias.name != "*")


def _statements(module: Module) -> Iterator[ModuleImport]:
    """Yield the imports of modules whose top-level name is ChatKit's, or taken for it."""
    for statement in module.nodes(ast.Import):
        for alias in statement.names:
            if corrected_root(alias.name) is not None:
                yield ModuleImport(module, alias.name, alias, path_location(module, alias))
    for each in module.nodes(ast.ImportFrom):
        if each.level or not each.module or corrected_root(each.module) is None:
            continue
        yield ModuleImport(module, each.module, each, module.import_path_location(each))
        for alias in imported_names(each):
            # `from package import modul` names a module as well; only a mistaken one is told from a name.
            if meant_module(each.module) is None and meant_module(f"{each.module}.{alias.name}"):
                yield ModuleImport(module, f"{each.module}.{alias.name}", alias, path_location(module, alias))


def _loader_calls(module: Module) -> Iterator[ModuleImport]:
    for call in module.nodes(ast.Call):
        argument = call.args[0] if call.args else None
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            continue
        called = module.derive(Names).qualified(call.func) or getattr(call.func, "id", "")
        if called in _LOADERS and not argument.value.startswith("."):
            yield ModuleImport(module, argument.value, argument, _text_location(module, argument, argument.value))


def _attributes(module: Module) -> Iterator[ModuleImport]:
    """Yield the first use of each mistaken module that only its package was imported for."""
    names = module.derive(Names)
    seen = {alias.name for each in module.nodes(ast.Import) for alias in each.names}
    for node in module.nodes(ast.Attribute):
        for dotted in names.qualified_all(node):
            package = dotted.rpartition(".")[0]
            if dotted not in seen and meant_module(package) is None and meant_module(dotted):
                seen.add(dotted)
                yield ModuleImport(module, dotted, node, module.location(node))


def path_location(module: Module, alias: ast.alias) -> Location:
    """Return where the dotted name of an alias stands, without what it is called by."""
    whole = module.location(alias)
    match = re.match(r"[\w.]+", whole.text)
    return module.source.location(whole.start, whole.start + match.end()) if match else whole


def _text_location(module: Module, constant: ast.Constant, text: str) -> Location:
    whole = module.location(constant)
    start = whole.text.find(text)
    return whole if start < 0 else module.source.location(whole.start + start, whole.start + start + len(text))
