"""What one release of openai-chatkit really offers, asked by importing it.

Run by build_contracts.py as a program of its own, once per release, in an interpreter that has the SDK's
dependencies: `python contracts_probe.py FOLDER` imports the `chatkit` package found in FOLDER and writes one
JSON object of facts to standard output. It imports nothing of chatkit_doctor.

The imported objects are the truth. The syntax tree of a module is asked only for what an object does not
know about itself: the text of its annotations, the order of its methods, and which import bound a name.
"""

from __future__ import annotations

import ast
import enum
import importlib
import inspect
import json
import pkgutil
import sys
import types
import typing
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contracts_types import TypeReader, is_type_alias

if typing.TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "chatkit"

Facts = dict[str, dict[str, Any]]


@dataclass
class Module:
    """One imported module beside its syntax tree."""

    name: str
    namespace: dict[str, Any]
    imports: dict[str, str]  # bound name -> dotted origin, as the import statement says
    functions: dict[int, ast.FunctionDef | ast.AsyncFunctionDef] = field(default_factory=dict)  # by first line


def main() -> None:
    """Import every module of the release in `sys.argv[1]` and print what they hold."""
    sys.path.insert(0, sys.argv[1])
    warnings.simplefilter("ignore")
    modules = {name: read_module(name) for name in module_names(Path(sys.argv[1]))}
    json.dump(facts_of(modules), sys.stdout, sort_keys=True)


def module_names(folder: Path) -> list[str]:
    """Return the dotted names of all modules of the package, or none where the release is empty."""
    if not (folder / PACKAGE / "__init__.py").exists():
        return []
    found = pkgutil.walk_packages([str(folder / PACKAGE)], prefix=f"{PACKAGE}.")
    return sorted([PACKAGE, *(module.name for module in found)])


def read_module(name: str) -> Module:
    """Import a module and parse its source."""
    imported = importlib.import_module(name)
    tree = ast.parse(Path(str(imported.__file__)).read_text(encoding="utf-8"))
    is_package = hasattr(imported, "__path__")
    return Module(
        name,
        dict(vars(imported)),
        dict(import_origins(tree, name if is_package else name.rpartition(".")[0])),
        {first_line(node): node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)},
    )


def import_origins(tree: ast.Module, package: str) -> Iterator[tuple[str, str]]:
    """Yield each name that an import statement binds, with the dotted name of what it is bound to."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                top = alias.name.partition(".")[0]
                yield alias.asname or top, alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom):
            base = f"{package}.{node.module}" if node.level and node.module else node.module or package
            for alias in node.names:
                yield alias.asname or alias.name, f"{base}.{alias.name}"


def first_line(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return the line a code object calls its first: that of the first decorator, if there is one."""
    return min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])


def facts_of(modules: dict[str, Module]) -> Facts:
    """Return all facts of a release, by section, then by dotted name, then (for members) by member name."""
    aliases = {
        f"{module.name}.{name}": value
        for module in modules.values()
        for name, value in module.namespace.items()
        if name not in module.imports and is_type_alias(value)
    }
    reader = TypeReader(PACKAGE, aliases)
    facts: Facts = {section: {} for section in SECTIONS}
    for module in modules.values():
        facts["modules"][module.name] = True
        facts["names"][module.name] = {name: name_fact(name, module, modules) for name in importable(module, modules)}
        for name, value in own_objects(module):
            add_object(facts, f"{module.name}.{name}", value, module, reader)
    for name, alias in aliases.items():
        facts["types"][name] = reader.read_alias(name, alias)
    return facts


SECTIONS = ("modules", "names", "classes", "methods", "functions", "models", "fields", "types")


def importable(module: Module, modules: dict[str, Module]) -> list[str]:
    """Return what `from module import name` takes: its namespace and its submodules.

    Names that Python itself puts into every module are left out; a release's own dunders are kept.
    """
    children = [name.rpartition(".")[2] for name in modules if name.rpartition(".")[0] == module.name]
    own = [name for name in module.namespace if name not in IMPLICIT_NAMES]
    return sorted({*own, *children})


IMPLICIT_NAMES = frozenset(vars(types.ModuleType("empty"))) | {
    "__annotations__",
    "__builtins__",
    "__cached__",
    "__file__",
    "__path__",
    "__warningregistry__",
}


def name_fact(name: str, module: Module, modules: dict[str, Module]) -> str:
    """Return `kind origin` of one importable name, the origin being the dotted name of where it is defined."""
    origin = f"{module.name}.{name}"
    seen = {origin}
    while (found := follow(origin, modules)) and found not in seen:
        seen.add(origin := found)
    if origin in modules:
        return f"module {origin}"
    holder, _, last = origin.rpartition(".")
    if holder not in modules:
        return f"external {origin}"
    value = modules[holder].namespace[last]
    if inspect.isclass(value) and value.__module__ in modules:
        return f"class {value.__module__}.{value.__qualname__}"
    if inspect.isfunction(value) and value.__module__ in modules:
        return f"function {value.__module__}.{value.__qualname__}"
    return f"{'type' if is_type_alias(value) else 'value'} {origin}"


def follow(dotted: str, modules: dict[str, Module]) -> str | None:
    """Return what the import that bound a module's name says it is, if an import bound it."""
    holder, _, last = dotted.rpartition(".")
    return modules[holder].imports.get(last) if holder in modules else None


def own_objects(module: Module) -> Iterator[tuple[str, Any]]:
    """Yield the classes and functions that a module defines, by their own names."""
    for name, value in module.namespace.items():
        is_own = getattr(value, "__module__", None) == module.name and getattr(value, "__qualname__", None) == name
        if is_own and (inspect.isclass(value) or inspect.isfunction(value)):
            yield name, value


def add_object(facts: Facts, dotted: str, value: Any, module: Module, reader: TypeReader) -> None:
    """Write down one class or function that the module defines."""
    if inspect.isfunction(value):
        facts["functions"][dotted] = callable_fact(value, module)
        return
    facts["classes"][dotted] = class_fact(value, module)
    methods = dict(method_facts(value, module))
    if methods:
        facts["methods"][dotted] = methods
    if reader.is_model(value):
        facts["models"][dotted] = reader.model_config(value)
        facts["fields"][dotted] = reader.model_fields(value)
    elif issubclass(value, enum.Enum):
        facts["types"][dotted] = {"enum": {member.name: member.value for member in value}}


def class_fact(cls: type, module: Module) -> dict[str, Any]:
    """Return a class's bases, type parameters, abstract methods in source order, and deprecation."""
    fact: dict[str, Any] = {"bases": [base_name(base, module) for base in original_bases(cls)]}
    parameters = [parameter.__name__ for parameter in getattr(cls, "__parameters__", ())]
    if parameters:
        fact["parameters"] = parameters
    if abstract := abstract_methods(cls):
        fact["abstract"] = abstract
    if deprecated := vars(cls).get("__deprecated__"):
        fact["deprecated"] = deprecated
    return fact


def original_bases(cls: type) -> list[Any]:
    """Return the bases as written, generic ones without their arguments, `Generic` itself left out."""
    written = vars(cls).get("__orig_bases__", cls.__bases__)
    plain = [typing.get_origin(base) or base for base in written]
    return [base for base in plain if base not in (object, typing.Generic)]


def base_name(base: Any, module: Module) -> str:
    """Return the dotted name of a base class: the import's for another package's, its own for the SDK's."""
    own = f"{base.__module__}.{getattr(base, '__qualname__', base.__name__)}"
    if own.startswith(f"{PACKAGE}."):
        return own.partition("[")[0]
    bound = [name for name, value in module.namespace.items() if value is base and name in module.imports]
    return module.imports[bound[0]] if bound else own


def abstract_methods(cls: type) -> list[str]:
    """Return the names of the abstract methods, base classes first, each class's in source order."""
    abstract: frozenset[str] = getattr(cls, "__abstractmethods__", frozenset())
    ordered = [name for base in reversed(cls.__mro__) for name in vars(base) if name in abstract]
    return list(dict.fromkeys(ordered))


def method_facts(cls: type, module: Module) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the methods and properties that the class itself defines in this module's source."""
    for name, value in vars(cls).items():
        binding, function = unbound(value)
        if inspect.isfunction(function) and function.__module__ == module.name:
            fact = callable_fact(function, module)
            if binding:
                fact["binding"] = binding
            if getattr(function, "__isabstractmethod__", False):
                fact["abstract"] = True
            yield name, fact


def unbound(value: Any) -> tuple[str, Any]:
    """Return how a class attribute binds (empty for a plain method) and the function behind it."""
    if isinstance(value, staticmethod | classmethod):
        return ("static" if isinstance(value, staticmethod) else "class"), value.__func__
    if isinstance(value, property):
        return "property", value.fget
    return "", value


def callable_fact(function: Any, module: Module) -> dict[str, Any]:
    """Return a function's parameters with their texts, what it returns and what calling it gives."""
    inner = inspect.unwrap(function)
    node = module.functions.get(inner.__code__.co_firstlineno)
    fact: dict[str, Any] = {"params": list(parameter_facts(inner, node)), "colour": colour(inner)}
    if node is not None and node.returns is not None:
        fact["returns"] = ast.unparse(node.returns)
    if deprecated := getattr(function, "__deprecated__", None):
        fact["deprecated"] = deprecated
    return fact


def colour(function: Any) -> str:
    """Return what a call gives: a value, a coroutine, an async generator or a generator."""
    if inspect.isasyncgenfunction(function):
        return "async generator"
    if inspect.iscoroutinefunction(function):
        return "async"
    return "generator" if inspect.isgeneratorfunction(function) else "sync"


def parameter_facts(function: Any, node: ast.FunctionDef | ast.AsyncFunctionDef | None) -> Iterator[list[str | None]]:
    """Yield `[name, kind, annotation text, default text]` for each parameter."""
    annotations, defaults = parameter_texts(node) if node else ({}, {})
    for name, parameter in inspect.signature(function).parameters.items():
        has_default = parameter.default is not inspect.Parameter.empty
        default = defaults.get(name, "...") if has_default else None
        yield [name, parameter.kind.name.lower(), annotations.get(name), default]


def parameter_texts(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[dict[str, str], dict[str, str]]:
    """Return the annotations and the defaults of a definition, as text, by parameter name."""
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    star = [argument for argument in (arguments.vararg, arguments.kwarg) if argument]
    annotations = {
        argument.arg: ast.unparse(argument.annotation)
        for argument in [*positional, *arguments.kwonlyargs, *star]
        if argument.annotation
    }
    tail = positional[len(positional) - len(arguments.defaults) :]
    pairs = [
        *zip(tail, arguments.defaults, strict=True),
        *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
    ]
    return annotations, {argument.arg: ast.unparse(default) for argument, default in pairs if default}


if __name__ == "__main__":
    main()
