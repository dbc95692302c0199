"""What ChatKit's npm packages accept: options, handlers, events, methods, exports and icons.

Versions are those of @openai/chatkit, except where a function says React; None is the newest. The script on
the CDN follows the newest types whatever is installed.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from chatkit_doctor.contracts.data_files import built, kept
from chatkit_doctor.contracts.published import (
    CHATKIT_JS,
    CHATKIT_REACT,
    Availability,
    availability,
    resolve_release,
    table_at,
    value_at,
)
from chatkit_doctor.contracts.schema import (
    Array,
    Function,
    Key,
    Literals,
    ObjectType,
    Primitive,
    Record,
    Schema,
    Template,
    Union,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

OPTIONS = "ChatKitOptions"
ICON = "ChatKitIcon"
_PRIMITIVES = frozenset({"string", "number", "boolean", "null", "undefined"})
# What names of a network of one's own end in.
_NEVER_SOLD = frozenset({"local", "localhost", "internal", "test", "lan", "home", "svc"})


def options_schema(version: str | None = None) -> ObjectType:
    """Return what `setOptions` takes. `useChatKit` takes the handlers as well."""
    schema = named_schema(OPTIONS, version)
    if not isinstance(schema, ObjectType):
        raise TypeError(OPTIONS)
    return schema


def named_schema(name: str, version: str | None = None) -> Schema | None:
    """Return an exported type by its name, such as `StartScreenPrompt`; None where the release lacks it."""
    return _named(name, resolve_release(CHATKIT_JS, version)[0])


@cache
def _named(name: str, release: str) -> Schema | None:
    tables = built("web_options")
    if keys := table_at(CHATKIT_JS, tables["objects"].get(name, {}), release):
        return ObjectType(name, {key: _key(name, key, keys[key], release) for key in keys})
    written = value_at(CHATKIT_JS, tables["types"].get(name, ()), release)
    return None if written is None else _schema(written, release, name)


def schema_of(written: Any, release: str) -> Schema:
    """Return a type as the data writes it, in a release of @openai/chatkit."""
    return _schema(written, release)


def _key(owner: str, name: str, fact: Mapping[str, Any], release: str) -> Key:
    known = availability(built("web_options")["objects"][owner][name]) or Availability(release, release)
    return Key(_schema(fact["type"], release), fact.get("required", False), known.first, known.last)


def _schema(written: Any, release: str, name: str = "") -> Schema:
    if isinstance(written, str):
        return Primitive(written) if written in _PRIMITIVES else Unknown(written)
    ((kind, value),) = written.items()
    if kind == "ref":
        return _named(value, release) or Unknown(value)
    if kind == "union":
        return Union(tuple(_members(value, release)), name)
    if kind == "literals":
        return Literals(tuple(value), name)
    return _plain_schema(kind, value, release)


def _plain_schema(kind: str, value: Any, release: str) -> Schema:
    match kind:
        case "array":
            return Array(_schema(value, release))
        case "record":
            return Record(_schema(value[1], release))
        case "function":
            return Function(tuple(value))
        case "template":
            return Template(value)
    return Unknown(str(value))


def _members(written: list[Any], release: str) -> Iterator[Schema]:
    for member in written:
        schema = _schema(member, release)
        if isinstance(schema, Union):
            yield from schema.members
        else:
            yield schema


def icons(version: str | None = None) -> tuple[str, ...]:
    """Return the names of all icons, in the order of the types; `is_icon` also knows the open families."""
    found = (member.values for member in _icon_types(version) if isinstance(member, Literals))
    return tuple(str(value) for values in found for value in values)


def icon_templates(version: str | None = None) -> tuple[Template, ...]:
    """Return the open families of icons, such as `lucide:${string}`."""
    return tuple(member for member in _icon_types(version) if isinstance(member, Template))


def is_icon(value: str, version: str | None = None) -> bool:
    """Return whether a string names an icon of ChatKit."""
    return value in icons(version) or any(template.matches(value) for template in icon_templates(version))


def _icon_types(version: str | None) -> tuple[Schema | None, ...]:
    schema = named_schema(ICON, version)
    return schema.members if isinstance(schema, Union) else (schema,)


def events(version: str | None = None) -> Mapping[str, str]:
    """Return the element's events, each with the text of its detail's type."""
    return _table("web_element", "events", CHATKIT_JS, version)


def methods(version: str | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return the element's own methods, each with its parameter names."""
    return {name: tuple(names) for name, names in _table("web_element", "methods", CHATKIT_JS, version).items()}


def types_exports(version: str | None = None) -> tuple[str, ...]:
    """Return what @openai/chatkit exports: types only, sorted."""
    return tuple(_table("web_element", "exports", CHATKIT_JS, version))


def react_exports(version: str | None = None) -> Mapping[str, str]:
    """Return what a React release exports, `value` or `type` each; the types of its @openai/chatkit are among them."""
    own = _table("web_react", "react_exports", CHATKIT_REACT, version)
    return dict.fromkeys(types_exports(react_core(version)), "type") | own


def react_core(version: str | None = None) -> str:
    """Return the release of @openai/chatkit that a React release brings with it."""
    found: str = _table("web_react", "react_dependencies", CHATKIT_REACT, version)[CHATKIT_JS]
    return found


def handlers(version: str | None = None) -> Mapping[str, str]:
    """Return the handlers that a React release's `useChatKit` calls, each with its event."""
    return _table("web_react", "react_handlers", CHATKIT_REACT, version)


def handler_history(name: str) -> Availability | None:
    """Return since and until which React release a handler is called."""
    return availability(built("web_react")["react_handlers"].get(name, ()))


def cdn_script_url() -> str:
    """Return the URL of the script that defines the element."""
    found: str = kept("web")["script"]["url"]
    return found


def invented_options() -> tuple[str, ...]:
    """Return keys that people write among the options and that no release has."""
    return tuple(kept("web")["invented"]["options"])


@cache
def sign_in_packages() -> frozenset[str]:
    """Return the npm packages by which apps sign people in."""
    return frozenset(kept("web")["sign_in"]["packages"])


def is_mistaken_script(host: str, path: str) -> bool:
    """Return whether what is loaded from an address is meant to be that script and is not; by the address alone.

    A file of the script's name on some other host may be the app's own copy.
    """
    _, _, address = cdn_script_url().partition("://")
    right_host, _, right_path = address.partition("/")
    if (host, path) == (right_host, f"/{right_path}"):
        return False
    known = kept("web")["mistaken_script"]
    is_named_so = path.rpartition("/")[2] == right_path.rpartition("/")[2]
    if is_named_so and _is_named_by(host, set(known["host_words"])):
        return True
    # A release, a file or nothing follows the name of a package.
    is_package = any(f"{each}{end}" in f"{path}/" for each in known["packages"] for end in "@/")
    # Other hosts of the same owner have pages about ChatKit as well.
    is_beside = host.endswith(f".{known['owner']}") and path.endswith((".js", ".mjs"))
    return is_package or ((host == right_host or is_beside) and known["word"] in f"{host}{path}")


def _is_named_by(host: str, words: set[str]) -> bool:
    """Return whether the name that somebody has bought is made of some words: of `cdn.open-kit.com` open and kit."""
    labels = host.split(".")
    return len(labels) > 1 and labels[-1] not in _NEVER_SOLD and set(labels[-2].split("-")) <= words


@cache
def _table(file: str, section: str, package: str, version: str | None) -> dict[str, Any]:
    return table_at(package, built(file)[section], resolve_release(package, version)[0])
