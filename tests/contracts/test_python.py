from __future__ import annotations

import ast
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from chatkit_doctor.contracts import history, python_contract, signature_text
from chatkit_doctor.contracts.published import CHATKIT, Availability, releases
from tests.sdk_sources import tree_of

if TYPE_CHECKING:
    from chatkit_doctor.contracts.sdk.callables import CallableContract

NEWEST = python_contract()
STORE_METHODS = (
    "load_thread",
    "save_thread",
    "load_thread_items",
    "save_attachment",
    "load_attachment",
    "delete_attachment",
    "load_threads",
    "add_thread_item",
    "save_item",
    "load_item",
    "delete_thread",
    "delete_thread_item",
)
WITH_CODE = [release for release in releases(CHATKIT) if python_contract(release).modules]


@pytest.mark.parametrize("release", WITH_CODE)
def test_every_release_has_the_same_abstract_methods(release: str) -> None:
    contract = python_contract(release)
    store, attachments, server = (
        contract.class_(name)
        for name in ("chatkit.store.Store", "chatkit.store.AttachmentStore", "chatkit.server.ChatKitServer")
    )

    assert store is not None
    assert attachments is not None
    assert server is not None
    assert store.abstract_methods == STORE_METHODS
    assert attachments.abstract_methods == ("delete_attachment",)
    assert server.abstract_methods == ("respond",)


def test_only_the_empty_release_has_no_code() -> None:
    assert set(releases(CHATKIT)) - set(WITH_CODE) == {"0.0.1"}


@pytest.mark.parametrize(
    ("written", "canonical"),
    [
        ("chatkit.store.Store", "chatkit.store.Store"),
        ("chatkit.server.Store", "chatkit.store.Store"),
        ("chatkit.stores.Store", "chatkit.store.Store"),
        ("chatkit.agents.stream_widget", "chatkit.server.stream_widget"),
        ("chatkit.models.StreamingResult", "chatkit.server.StreamingResult"),
        ("openai_chatkit.ChatKitServer", "chatkit.server.ChatKitServer"),
        ("openai_chatkit.stores.Store", "chatkit.store.Store"),
        ("chatkit.ChatKitServer", "chatkit.server.ChatKitServer"),
        ("chatkit.server.Event", "chatkit.types.ThreadStreamEvent"),
        ("chatkit.types.ThreadItemUpdated", "chatkit.types.ThreadItemUpdatedEvent"),
        ("chatkit.types.Any", "typing.Any"),
        ("chatkit.widgets.WidgetIcon", "chatkit.widgets.WidgetIcon"),
        ("chatkit.store", "chatkit.store"),
        ("chatkit.models", "chatkit.types"),
        ("openai_chatkit", "chatkit"),
        ("chatkit.store.MemoryStore", None),
        ("chatkit.models.Friendship", None),
        ("chatkit.nothing.Nothing", None),
        ("app.chatkit.store.Store", None),
        ("pathlib.Path", None),
    ],
)
def test_canonical(written: str, canonical: str | None) -> None:
    assert NEWEST.canonical(written) == canonical


def test_where_names_the_defining_module_first() -> None:
    assert NEWEST.where("Store") == ("chatkit.store", "chatkit.agents", "chatkit.server")
    assert NEWEST.where("Any") == ()
    assert NEWEST.where("Event") == ()


def test_names_of_the_module_object_itself_are_importable() -> None:
    assert NEWEST.has_name("chatkit.store", "__name__")
    assert not NEWEST.has_name("chatkit.stores", "__name__")


def test_history_says_since_and_until_when() -> None:
    assert history("chatkit.types", "GeneratedImageItem") == Availability("1.4.1", None)
    assert history("chatkit.icons") == Availability("1.1.2", None)
    assert history("chatkit.types", "Event") is None
    assert history("chatkit.stores") is None


def test_a_name_that_is_gone_has_a_last_release() -> None:
    gone = [
        (module, name, found.last)
        for release in releases(CHATKIT)
        for module in python_contract(release).modules
        for name in python_contract(release).names(module)
        if (found := history(module, name)) and found.last
    ]
    assert gone
    module, name, last = gone[0]
    assert python_contract(last).has_name(module, name)
    assert not NEWEST.has_name(module, name)


def test_methods_say_how_they_are_called() -> None:
    store = NEWEST.class_("chatkit.store.Store")
    assert store is not None
    assert store.type_parameters == ("TContext",)
    assert store.methods["load_thread"].is_async
    assert not store.methods["generate_thread_id"].is_async
    assert not store.methods["generate_thread_id"].is_abstract
    assert [parameter.name for parameter in store.methods["load_threads"].params] == [
        "self",
        "limit",
        "after",
        "order",
        "context",
    ]


def test_inherited_methods_and_async_generators() -> None:
    server = NEWEST.class_("chatkit.server.ChatKitServer")
    converter = NEWEST.class_("chatkit.agents.ThreadItemConverter")
    assert server is not None
    assert converter is not None
    assert server.methods["_process_events"].colour == "async generator"
    assert converter.methods["to_agent_input"].is_async
    old = python_contract("1.0.2").class_("chatkit.agents.ThreadItemConverter")
    assert old is not None
    assert not old.methods["attachment_to_message_content"].is_async


def test_signature_text_is_the_source_line() -> None:
    store = NEWEST.class_("chatkit.store.Store")
    assert store is not None
    method = store.methods["load_thread_items"]

    assert signature_text(method) == (
        "async def load_thread_items(self, thread_id: str, after: str | None, limit: int, order: str, "
        "context: TContext) -> Page[ThreadItem]:"
    )
    assert NEWEST.annotation_imports(method) == (("chatkit.types", "Page"), ("chatkit.types", "ThreadItem"))


def own_methods(release: str) -> list[tuple[str, CallableContract]]:
    contract = python_contract(release)
    classes = [found for name in contract.classes if (found := contract.class_(name))]
    return [
        (found.name, method) for found in classes for method in found.methods.values() if method.owner == found.name
    ]


@pytest.mark.parametrize(
    ("owner", "method"),
    [pytest.param(owner, method, id=f"{owner}.{method.name}") for owner, method in own_methods(version(CHATKIT))],
)
def test_every_signature_is_the_sources(owner: str, method: CallableContract) -> None:
    module, _, class_name = owner.rpartition(".")
    (written,) = (node for node in tree_of(module).body if isinstance(node, ast.ClassDef) and node.name == class_name)
    source = next(node for node in written.body if getattr(node, "name", None) == method.name)

    (rebuilt,) = ast.parse(f"{signature_text(method)} ...").body

    assert type(rebuilt) is type(source)
    assert ast.dump(rebuilt.args) == ast.dump(source.args)  # type: ignore[attr-defined]
    assert ast.dump(rebuilt.returns or ast.Pass()) == ast.dump(source.returns or ast.Pass())  # type: ignore[attr-defined]


def test_models_know_their_fields() -> None:
    item = NEWEST.model("chatkit.server.UserMessageItem")
    assert item is not None
    assert set(item.required) == {"id", "thread_id", "created_at", "content", "inference_options"}
    assert item.fields["type"].type == {"literal": ["user_message"]}
    assert item.fields["content"].type == {"list": {"alias": "chatkit.types.UserMessageContent"}}
    assert item.fields["attachments"].default_kind == "factory"
    assert item.extra == "ignore"

    page = NEWEST.model("chatkit.types.Page")
    assert page is not None
    assert set(page.fields) == {"data", "has_more", "after"}
    assert page.required == ()
    assert page.field_for("next_cursor") is None

    border = NEWEST.model("chatkit.widgets.Border")
    assert border is not None
    assert border.kind == "typeddict"
    assert border.required == ("size",)


def test_fields_are_those_of_the_release() -> None:
    before, after = (python_contract(release).model("chatkit.types.FileAttachment") for release in ("1.4.2", "1.5.0"))
    assert before is not None
    assert after is not None
    assert "upload_url" in before.fields
    assert "upload_url" not in after.fields


def test_unions() -> None:
    attachment = NEWEST.union("chatkit.agents.Attachment")
    assert attachment is not None
    assert attachment.name == "chatkit.types.Attachment"
    assert attachment.members == ("chatkit.types.FileAttachment", "chatkit.types.ImageAttachment")
    assert attachment.discriminator == "type"
    assert NEWEST.union("chatkit.types.Page") is None
    assert NEWEST.type_("chatkit.widgets.WidgetIcon") == NEWEST.type_("chatkit.icons.IconName")


def test_deprecations_begin_with_their_release() -> None:
    before, after = (python_contract(release).class_("chatkit.widgets.Card") for release in ("1.3.1", "1.4.0"))
    assert before is not None
    assert after is not None
    assert before.deprecated is None
    assert after.deprecated is not None
    template = NEWEST.class_("chatkit.widgets.WidgetTemplate")
    assert template is not None
    assert template.methods["build_basic"].deprecated
