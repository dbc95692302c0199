"""Threads, items and attachments of every kind that the installed openai-chatkit has, filled in as its models allow."""

from __future__ import annotations

import inspect
import types
import typing
import warnings
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from chatkit import types as kit
from chatkit import widgets
from pydantic import AnyUrl, BaseModel

# Texts that are lost by whoever does not keep text as it is.
TEXT = "Zoë said “hi” 👋\n\t{\"a\": 'b'} %s \\ ?"
START = datetime(2026, 1, 2, 3, 4, 5, 678_901)
_APART = timedelta(milliseconds=5)
_DEEPEST = 6


def moment(number: int) -> datetime:
    """Return the time of the n-th thing that is made, a few milliseconds after the one before."""
    return START + number * _APART


def thread(id_: str, number: int = 0, **fields: Any) -> Any:
    """Return a thread's metadata."""
    return kit.ThreadMetadata(id=id_, created_at=moment(number), **fields)


def user_message(id_: str, thread_id: str, text: str, number: int = 0) -> Any:
    """Return what a user has written."""
    return kit.UserMessageItem(
        id=id_,
        thread_id=thread_id,
        created_at=moment(number),
        content=[kit.UserMessageTextContent(text=text)],
        inference_options=kit.InferenceOptions(),
    )


def assistant_message(id_: str, thread_id: str, text: str, number: int = 0) -> Any:
    """Return what an assistant has answered."""
    return kit.AssistantMessageItem(
        id=id_,
        thread_id=thread_id,
        created_at=moment(number),
        content=[kit.AssistantMessageContent(text=text, annotations=[])],
    )


def item_kinds() -> tuple[type[BaseModel], ...]:
    """Return the classes of items that a thread may hold."""
    return _members(kit.ThreadItem)


def attachment_kinds() -> tuple[type[BaseModel], ...]:
    """Return the classes of attachments."""
    return _members(kit.Attachment)


def event_types() -> frozenset[str]:
    """Return the types of the events that a page knows."""
    fields = (each.model_fields["type"] for each in _members(kit.ThreadStreamEvent))
    return frozenset(name for field in fields for name in get_args(field.annotation))


def full(model: type[BaseModel], **given: Any) -> Any:
    """Return a model with a value in every field."""
    return _build(model, given, 0)


def _members(alias: Any) -> tuple[type[BaseModel], ...]:
    inner = get_args(alias)[0] if get_origin(alias) is Annotated else alias
    return tuple(each for each in get_args(inner) if inspect.isclass(each) and issubclass(each, BaseModel))


def _build(model: type[BaseModel], given: dict[str, Any], depth: int) -> Any:
    hints = typing.get_type_hints(model, include_extras=True)
    values = dict(given)
    for name, field in model.model_fields.items():
        if name in values or (depth >= _DEEPEST and not field.is_required()):
            continue
        value = _special(model, name, hints[name], depth + 1)
        if value is not None:
            values[name] = value
    return model(**values)


def _special(model: type[BaseModel], name: str, hint: Any, depth: int) -> Any:
    """Return a field's value; None to leave it to its default."""
    if name == "widget":
        return _widget()
    field = model.model_fields[name]
    if getattr(field, "deprecated", None):
        return None
    return _value(hint, depth, name)


def _widget() -> Any:
    with warnings.catch_warnings():
        # What builds the same without them came with 1.4.0.
        warnings.simplefilter("ignore", DeprecationWarning)
        return widgets.Card(children=[widgets.Text(value=TEXT)])


def _value(hint: Any, depth: int, name: str) -> Any:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _value(arguments[0], depth, name)
    if origin is Literal:
        return arguments[0]
    if origin in {Union, types.UnionType}:
        members = [each for each in arguments if each is not type(None)]
        return _value(members[0], depth, name)
    if origin in {list, tuple, set}:
        return [_value(arguments[0], depth, name)]
    if origin is dict or hint is dict:
        return {TEXT: [1, 2.5, None, True, {"deep": TEXT}]} if arguments[-1:] != (str,) else {"name": TEXT}
    if inspect.isclass(hint) and issubclass(hint, BaseModel):
        return _build(hint, {}, depth)
    return _simple(hint, name)


def _simple(hint: Any, name: str) -> Any:
    if hint is AnyUrl or name.endswith("url"):
        return "https://example.com/a?b=c&d=%20e"
    return {str: TEXT, int: 7, float: 2.5, bool: True, datetime: START, Any: {"any": TEXT}}.get(hint)
