"""The names that models and rules ask by are those of the published packages."""

from __future__ import annotations

import pytest

from chatkit_doctor.checks.respond import history_converter, reused_provider_ids_fix
from chatkit_doctor.contracts import python_contract, web_names
from chatkit_doctor.contracts.schema import ObjectType
from chatkit_doctor.contracts.sdk import sdk_names
from chatkit_doctor.contracts.sdk.agents import agents_names
from chatkit_doctor.contracts.web import (
    events,
    handlers,
    methods,
    named_schema,
    options_schema,
    react_exports,
    types_exports,
)
from chatkit_doctor.frontend.options.schema import members_of, objects_of

SDK = python_contract()
DOTTED = [
    value
    for name, value in vars(sdk_names).items()
    if name.isupper() and isinstance(value, str) and value.count(".") > 1
]
WRITTEN = [history_converter._CONVERTER_IMPORTS, reused_provider_ids_fix._IMPORTS]


@pytest.mark.parametrize("dotted", DOTTED)
def test_the_sdk_has_every_name(dotted: str) -> None:
    module, _, name = dotted.rpartition(".")

    assert SDK.has_name(module, name)
    assert SDK.canonical(dotted) == dotted


def test_the_sdk_has_every_module() -> None:
    assert all(SDK.has_module(each) for each in (sdk_names.AGENTS, sdk_names.TYPES))


@pytest.mark.parametrize(
    ("owner", "method"),
    [
        (sdk_names.SERVER, sdk_names.RESPOND),
        (sdk_names.SERVER, sdk_names.ACTION),
        (sdk_names.STORE, sdk_names.LOAD_ITEMS),
        (sdk_names.STORE, sdk_names.ADD_ITEM),
        (sdk_names.STORE, sdk_names.SAVE_ITEM),
        (sdk_names.CONVERTER, sdk_names.CONVERT_ITEMS),
        (sdk_names.CONVERTER, sdk_names.CONVERT_MESSAGE),
        (sdk_names.CONVERTER, sdk_names.CONVERT_ANSWER),
    ],
)
def test_the_sdks_classes_have_every_method(owner: str, method: str) -> None:
    class_ = SDK.class_(owner)

    assert class_ is not None
    assert method in class_.methods


@pytest.mark.parametrize("wanted", WRITTEN)
def test_what_fixes_import_is_there(wanted: dict[str, list[str]]) -> None:
    for module, names in wanted.items():
        for name in names:
            assert SDK.has_name(module, name) or (module == "agents" and name in agents_names()) or module == "typing"


def test_react_has_the_hook_the_component_and_the_types() -> None:
    exported = react_exports()

    assert exported[web_names.HOOK] == exported[web_names.COMPONENT] == "value"
    assert {web_names.OPTIONS_TYPE, web_names.HOOK_OPTIONS_TYPE} <= exported.keys()
    assert {web_names.OPTIONS_TYPE, web_names.PROMPT_TYPE} <= set(types_exports())


def test_the_element_has_the_methods_and_the_events() -> None:
    assert {web_names.SET_OPTIONS, web_names.SET_THREAD} <= methods().keys()
    assert web_names.THREAD_EVENT in events()
    assert handlers()[web_names.THREAD_HANDLER] == web_names.THREAD_EVENT
    assert all(each.startswith(web_names.EVENT_PREFIX) for each in events())
    assert all(map(web_names.is_handler, handlers()))


def test_the_options_have_every_key() -> None:
    options = options_schema()
    known = {web_names.API, web_names.INITIAL_THREAD, web_names.LOCALE, web_names.THEME}

    assert known <= options.keys.keys()
    api = {key for shape in objects_of(options.keys[web_names.API].type) for key in shape.keys}
    assert {web_names.URL, web_names.DOMAIN_KEY, web_names.SECRET} <= api


def test_the_prompts_of_the_start_screen_have_every_key() -> None:
    screen, prompts = web_names.PROMPTS
    (shape,) = objects_of(options_schema().keys[screen].type)
    prompt = named_schema(web_names.PROMPT_TYPE)

    assert prompts in shape.keys
    assert any(getattr(each, "element", None) == prompt for each in members_of(shape.keys[prompts].type))
    assert isinstance(prompt, ObjectType)
    assert {web_names.LABEL, web_names.PROMPT, web_names.ICON} <= prompt.keys.keys()
