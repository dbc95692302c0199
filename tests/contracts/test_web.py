from __future__ import annotations

from itertools import pairwise

import pytest

from chatkit_doctor.contracts import releases, web
from chatkit_doctor.contracts.published import CHATKIT_JS, CHATKIT_REACT
from chatkit_doctor.contracts.schema import Array, Function, Literals, ObjectType, Primitive, Record, Template, Union


def key(schema: object, *path: str) -> object:
    for name in path:
        assert isinstance(schema, ObjectType)
        schema = schema.keys[name].type
    return schema


def test_top_level_options_of_the_newest_release() -> None:
    options = web.options_schema()
    assert options.required == ("api",)
    assert {"api", "initialThread", "startScreen", "composer", "theme"} <= set(options.keys)
    assert "onThreadChange" not in options.keys


@pytest.mark.parametrize("version", releases(CHATKIT_JS))
def test_the_api_is_one_of_two_shapes_in_every_release(version: str) -> None:
    api = key(web.options_schema(version), "api")
    assert isinstance(api, Union)
    custom, hosted = api.members
    assert isinstance(custom, ObjectType)
    assert isinstance(hosted, ObjectType)
    assert custom.required == ("domainKey", "url")
    assert set(custom.keys) == {"domainKey", "fetch", "uploadStrategy", "url"}
    assert set(hosted.keys) == set(hosted.required) == {"getClientSecret"}


@pytest.mark.parametrize("version", releases(CHATKIT_JS))
def test_icons_of_every_release(version: str) -> None:
    order = releases(CHATKIT_JS)
    since = order.index(version)
    assert len(web.icons(version)) == (63 if since >= order.index("1.2.0") else 56)
    assert web.is_icon("circle-question", version)
    assert web.is_icon("lucide:rocket", version) == (since >= order.index("1.3.0"))
    assert not web.is_icon("👋", version)
    assert not web.is_icon("settings-cog", version)
    assert not web.is_icon("", version)


def test_header_icons_grew_twice() -> None:
    counts = {}
    for version in ("1.1.0", "1.2.0", "1.6.0", "1.7.0"):
        icons = web.named_schema("HeaderIcon", version)
        assert isinstance(icons, Literals)
        counts[version] = len(icons.values)
    assert counts == {"1.1.0": 42, "1.2.0": 44, "1.6.0": 44, "1.7.0": 46}


def test_prompts() -> None:
    prompts = key(web.options_schema(), "startScreen", "prompts")
    assert isinstance(prompts, Array)
    assert isinstance(prompts.element, ObjectType)
    assert prompts.element.required == ("label", "prompt")
    assert set(prompts.element.keys) == {"icon", "label", "prompt"}
    assert key(web.named_schema("StartScreenPrompt", "1.1.0"), "prompt") == Primitive("string")
    text = key(prompts.element, "prompt")
    assert isinstance(text, Union)
    assert text.members[0] == Primitive("string")


def test_every_kind_of_type() -> None:
    options = web.options_schema()
    assert key(options, "initialThread") == Union((Primitive("null"), Primitive("string")))
    assert key(options, "composer", "attachments", "accept") == Record(Array(Primitive("string")))
    assert key(options, "onClientTool") == Function(("toolCall",))
    level = key(web.named_schema("AccentColor"), "level")
    assert level == Literals((0, 1, 2, 3))
    shade = key(web.named_schema("GrayscaleOptions"), "shade")
    assert shade == Literals((-4, -3, -2, -1, 0, 1, 2, 3, 4))
    assert web.icon_templates() == (Template("lucide:${string}"),)
    title = key(options, "header", "title")
    assert isinstance(title, ObjectType)
    assert title.name == "HeaderOption.title"
    theme = key(options, "theme")
    assert isinstance(theme, Union)
    assert theme.members[0] == Literals(("light", "dark"), "ColorScheme")


def test_templates_match_whole_strings() -> None:
    icon = Template("lucide:${string}")
    assert icon.matches("lucide:rocket")
    assert not icon.matches("Lucide:rocket")
    assert not Template("a${string}a").matches("a")


def test_keys_know_their_first_release() -> None:
    assert "thread" not in web.options_schema("1.6.0").keys
    assert web.options_schema().keys["thread"].first == "1.7.0"


def test_nothing_was_ever_taken_away() -> None:
    versions = releases(CHATKIT_JS)
    for before, after in pairwise(versions):
        assert set(web.options_schema(before).keys) <= set(web.options_schema(after).keys)


def test_handlers_are_those_the_script_calls() -> None:
    assert web.handlers()["onThreadChange"] == "chatkit.thread.change"
    for version in releases(CHATKIT_REACT):
        assert set(web.handlers(version).values()) == set(web.events(web.react_core(version)))
    assert "onReady" not in web.handlers("1.1.1")
    assert web.handler_history("onMessage") is None


def test_exports_and_methods() -> None:
    assert web.react_exports()["useChatKit"] == "value"
    assert web.react_exports()["ChatKitOptions"] == "type"
    assert "useChatKit" not in web.types_exports()
    assert "showHistory" not in web.methods("1.1.0")
    assert web.methods()["setThreadId"] == ("threadId",)


def test_every_react_release_brings_a_known_release() -> None:
    assert {web.react_core(version) for version in releases(CHATKIT_REACT)} <= set(releases(CHATKIT_JS))


def test_the_script_has_no_version_in_its_url() -> None:
    assert web.cdn_script_url().endswith("/chatkit.js")
    assert "@" not in web.cdn_script_url()


@pytest.mark.parametrize(
    ("host", "path", "is_mistaken"),
    [
        ("cdn.platform.openai.com", "/deployments/chatkit/chatkit.js", False),
        ("cdn.platform.openai.com", "/chatkit.js", True),
        ("cdn.platform.openai.com", "/deployments/apps-sdk/v1.js", False),
        ("cdn.openai.com", "/chatkit/v1/chatkit.js", True),
        ("cdn.openai.com", "/chatkit/chatkit-latest.js", True),
        ("chatkit.openai.com", "/widget.js", True),
        ("platform.openai.com", "/docs/guides/chatkit", False),
        ("notopenai.com", "/chatkit/latest.js", False),
        ("unpkg.com", "/@openai/chatkit@1.0.0/dist/index.js", True),
        ("esm.sh", "/@openai/chatkit", True),
        ("unpkg.com", "/@openai/chatkit-react@latest/dist/index.umd.js", True),
        ("cdn.jsdelivr.net", "/npm/@openai/chatkit-web-component@1/dist/index.js", True),
        ("unpkg.com", "/@openai/chatkit-vue", False),
        ("cdn.chatkit.dev", "/chatkit.js", True),
        ("chatkit.example.com", "/chatkit.js", False),
        ("openai-chatkit.example.workers.dev", "/chatkit.js", False),
        ("chatkit.local", "/chatkit.js", False),
        ("chatkit", "/chatkit.js", False),
        ("example.com", "/chatkit.js", False),
        ("example.com", "/assets/main.js", False),
    ],
)
def test_what_people_load_in_place_of_the_script(host: str, path: str, is_mistaken: bool) -> None:
    assert web.is_mistaken_script(host, path) is is_mistaken
