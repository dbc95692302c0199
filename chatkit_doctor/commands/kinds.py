"""The kinds of word that the blanks of pages ask for, by what ChatKit's packages have: `<module:absent-module>`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache

from chatkit_doctor.contracts import history, meant_module, python_contract
from chatkit_doctor.contracts.element import mistaken_calls, mistaken_methods
from chatkit_doctor.contracts.mistakes import corrected_root, meant_kind, mistaken_names
from chatkit_doctor.contracts.published import CHATKIT_JS, CHATKIT_REACT
from chatkit_doctor.contracts.sdk.agents import AGENTS_MODULE, agents_names, is_mistaken
from chatkit_doctor.contracts.sdk.agents_modules import known
from chatkit_doctor.contracts.sdk.server_calls import called_classes, server_calls
from chatkit_doctor.contracts.web import events, invented_options, options_schema, types_exports
from chatkit_doctor.contracts.web_names import SET_OPTIONS
from chatkit_doctor.frontend.options.api import api_shapes, meant_key
from chatkit_doctor.patterns import regex

# Names of files, which look like modules.
_FILE = regex(r".+\.(?:py|js|mjs|ts|tsx|jsx|css|html|json|map|md)")
_ITEM_TABLE = regex(r"(?:chat(?:kit)?_|thread_)*(?:items?|messages?)(?:[._]\w+)?")
_HANDLER = regex(r"on(?!click|change|submit|input|focus|blur|key|mouse|load|scroll)[a-z]{4,}")


def _is_absent_module(word: str) -> bool:
    is_sdk = corrected_root(word) is not None and word != "chatkit"
    return is_sdk and history(word) is None and not _FILE.fullmatch(word) and word not in events()


def _is_agents_module(word: str) -> bool:
    return word == AGENTS_MODULE or word.startswith(f"{AGENTS_MODULE}.")


def _is_absent_agents_module(word: str) -> bool:
    in_package = word.startswith(f"{AGENTS_MODULE}.") and known(word) is None
    return is_mistaken(word) or (in_package and not _FILE.fullmatch(word))


def _is_absent_agents_name(word: str) -> bool:
    return word not in _lower(agents_names())


def _is_chatkit(word: str) -> bool:
    return word == "chatkit" or history(word) is not None


def _is_module_in_chatkit(word: str) -> bool:
    return word != "chatkit" and history(word) is not None


def _is_mistaken_module(word: str) -> bool:
    return meant_module(f"chatkit.{word}") is not None


def _is_mistaken_name(word: str) -> bool:
    return word in _lower(mistaken_names())


def _is_model(word: str) -> bool:
    return word in _models()


def _is_abstract_method(word: str) -> bool:
    return word in _abstract_methods()


def _is_method(word: str) -> bool:
    return "." in word and word.rpartition(".")[2] in _methods()


def _is_result_of_a_store(word: str) -> bool:
    return word in {"nonetype", "dict", "list", "tuple", "str"} or word in _models()


def _is_key_of_api(word: str) -> bool:
    known = _lower({key for shape in api_shapes() for key in shape.keys})
    return word not in {"url", "fetch"} and (word in known or (meant_key(word) is not None and word != "token"))


def _is_mistake_in_a_prompt(word: str) -> bool:
    # Of what people write for a label, the others are keys of other options as well.
    return word == "name"


def _is_mistaken_option(word: str) -> bool:
    return word in _lower(invented_options())


def _is_option(word: str) -> bool:
    return word.partition(".")[0] in _lower(options_schema().keys) - {"api"} and not word.startswith(
        "startscreen.prompts"
    )


def _is_type_of_options(word: str) -> bool:
    return word in _types()


def _is_absent_method(word: str) -> bool:
    """Return whether a call is of a method that ChatKit does not have, by the name that people give it."""
    return word.rpartition(".")[2] in _lower((*mistaken_methods(), *mistaken_calls()))


@cache
def _models() -> frozenset[str]:
    names = (each.rpartition(".")[2].lower() for each in python_contract().models)
    return frozenset(each for each in names if not each.endswith("req"))


@cache
def _abstract_methods() -> frozenset[str]:
    contract = python_contract()
    found = (contract.class_(name) for name in contract.classes)
    return frozenset(method for class_ in found if class_ is not None for method in class_.abstract_methods)


@cache
def _methods() -> frozenset[str]:
    release = python_contract().version
    return frozenset(method for owner in called_classes() for method in server_calls(owner, release))


@cache
def _types() -> frozenset[str]:
    return _lower(types_exports()) - {"startscreenprompt", "customapiconfig", "hostedapiconfig", "chatkiticon"}


def _lower(names: Iterable[str]) -> frozenset[str]:
    return frozenset(each.lower() for each in names)


KINDS: Mapping[str, Callable[[str], bool]] = {
    "absent-module": _is_absent_module,
    "agents-module": _is_agents_module,
    "absent-agents-module": _is_absent_agents_module,
    "absent-agents-name": _is_absent_agents_name,
    "chatkit": _is_chatkit,
    "chatkit-module": _is_module_in_chatkit,
    "mistaken-module": _is_mistaken_module,
    "mistaken-name": _is_mistaken_name,
    "sdk-model": _is_model,
    "abstract-method": _is_abstract_method,
    "sdk-method": _is_method,
    "store-result": _is_result_of_a_store,
    "item-table": lambda word: _ITEM_TABLE.fullmatch(word) is not None,
    "api-key": _is_key_of_api,
    "prompt-mistake": _is_mistake_in_a_prompt,
    "option-mistake": _is_mistaken_option,
    "option-path": _is_option,
    "option-type": _is_type_of_options,
    "value-type": lambda word: word in {"string", "number", "boolean", "object", "array", "null", "function", "nan"},
    "validating-method": lambda word: word.startswith(("model_validate", "parse_")),
    "handler-name": lambda word: _HANDLER.fullmatch(word) is not None,
    "mistaken-item-kind": lambda word: meant_kind(word) is not None,
    "chatkit-path": lambda word: word.endswith("/chatkit"),
    "set-options": lambda word: word.endswith(f".{SET_OPTIONS}".lower()) or word == SET_OPTIONS.lower(),
    "absent-method": _is_absent_method,
    "npm-package": lambda word: word in {CHATKIT_JS, CHATKIT_REACT},
}
