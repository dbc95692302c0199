"""The thing that is checked: MODULE:NAME found in the project, an instance, a class or a factory, sync or async."""

from __future__ import annotations

import dataclasses
import importlib
import inspect
from collections.abc import Awaitable, Callable
from typing import Any, get_args, get_origin

from chatkit.server import ChatKitServer
from chatkit.store import Store

from chatkit_doctor.conformance.results import SubjectError


class Subject:
    """A store or a server.

    kind: "store" or "server". instance: the first one. again: makes another, None for an instance that was named.
    """

    def __init__(self, name: str, instance: Any, again: Callable[[], Awaitable[Any]] | None) -> None:
        self.name = name
        self.instance = instance
        self.again = again
        self.kind = "server" if isinstance(instance, ChatKitServer) else "store"


async def load(name: str) -> Subject:
    """Return what MODULE:NAME means. Raises SubjectError."""
    module_name, _, attribute = name.partition(":")
    if not module_name or not attribute:
        raise SubjectError(f"{name!r} is not of the form MODULE:NAME, such as app.store:make_store")
    found = _found(module_name, attribute)
    if is_subject(found):
        return Subject(name, found, None)
    if not callable(found):
        raise SubjectError(f"{name} is a {type(found).__name__}, and no Store, ChatKitServer, class or factory of one")

    async def make() -> Any:
        try:
            made = found()
            return await made if inspect.isawaitable(made) else made
        except Exception as error:
            raise SubjectError(_cannot_be_made(name, found, error)) from error

    instance = await make()
    if not is_subject(instance):
        raise SubjectError(f"{name} makes a {type(instance).__name__}, which is no Store and no ChatKitServer")
    return Subject(name, instance, make)


def _found(module_name: str, attribute: str) -> Any:
    try:
        found: Any = importlib.import_module(module_name)
    except Exception as error:
        raise SubjectError(f"{module_name} cannot be imported: {type(error).__name__}: {error}") from error
    for part in attribute.split("."):
        if not hasattr(found, part):
            raise SubjectError(f"{module_name} has no {attribute}")
        found = getattr(found, part)
    return found


def is_subject(thing: Any) -> bool:
    """Return whether something is a store or a server."""
    return isinstance(thing, (Store, ChatKitServer))


def _cannot_be_made(name: str, found: Any, error: Exception) -> str:
    told = f"{name} cannot be made: {type(error).__name__}: {error}"
    if isinstance(error, TypeError) and "argument" in str(error):
        return f"{told}; name a factory that takes nothing, such as `def make(): return {found.__name__}(…)`"
    if isinstance(error, TypeError) and "abstract" in str(error):
        return f"{told}; `chatkit-doctor scan --select CK201` says where, and `--fix` writes them"
    return told


class Values(dict[str, Any]):
    """A context of no class that is named: its values are read by their keys, or as attributes."""

    def __getattr__(self, name: str) -> Any:
        if name not in self:
            raise AttributeError(name)
        return self[name]


def context_of(value: Any, subject: Any) -> Any:
    """Return a user's context as the subject's class expects it: a dict is given to the class that it names.

    `Store[RequestContext]` names one. Raises SubjectError where that class does not take the values.
    """
    wanted = _context_class(type(subject))
    if not isinstance(value, dict) or wanted is dict:
        return value
    if wanted is None or isinstance(value, wanted):
        return Values(value)
    # Any other class may be filled by its own keywords.
    if not (dataclasses.is_dataclass(wanted) or hasattr(wanted, "model_validate") or "__init__" in vars(wanted)):
        return value
    try:
        return wanted.model_validate(value) if hasattr(wanted, "model_validate") else wanted(**value)
    except Exception as error:
        raise SubjectError(
            f"no {wanted.__name__} can be made of the context {value!r}: {type(error).__name__}: {error}"
        ) from error


def _context_class(cls: type) -> type | None:
    for each in cls.__mro__:
        for base in getattr(each, "__orig_bases__", ()):
            origin = get_origin(base)
            if inspect.isclass(origin) and issubclass(origin, (Store, ChatKitServer)):
                arguments = get_args(base)
                if (
                    arguments
                    and inspect.isclass(arguments[0])
                    and arguments[0] is not Any
                    and not _is_typed_dict(arguments[0])
                ):
                    return arguments[0]
    return None


def _is_typed_dict(cls: type) -> bool:
    return hasattr(cls, "__required_keys__")
