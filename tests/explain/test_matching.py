"""The two ways of matching: messages, all of whose words must be there, and what people say in their own."""

from __future__ import annotations

import pytest

from chatkit_doctor.commands.kinds import KINDS
from chatkit_doctor.pages.catalogue import Page, pages
from chatkit_doctor.pages.complaints import complaints, said
from chatkit_doctor.pages.messages import message, plain, tells
from chatkit_doctor.pages.templates import filled, kinds_of, readable

ANY = {"module": lambda word: word.startswith("chatkit."), "model": lambda word: word == "page"}


def holds(template: str, text: str) -> bool:
    return message(template).is_in(plain(text), ANY)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("No module named '<name:module>'", "No module named 'chatkit.x'"),
        ("No module named '<name:module>'", "E   ModuleNotFoundError: No module named 'chatkit.x'"),
        ("No module named '<name:module>'", "no module named chatkit.x, why?"),
        ("No module named '<name:module>'", "No module named 'app.x'\nNo module named 'chatkit.x'"),
        ("No module named '<name:module>'", "backend-1  | No module named 'chatkit.x'"),
        ("No module named '<name:module>'", "\x1b[31mNo module named \u2018chatkit.x\u2019\x1b[0m"),
        ("No module named '<name:module>'", "│ No module named 'chatkit.x' │"),
        ("Invalid input → at api", "✖ Invalid input\n  → at api"),
        ("Invalid input → at api", "Invalid input at `api`"),
        ("at prompts[<n>].icon", "→ at prompts[12].icon"),
        ("error for <m:model> … Field required", "error for Page\nitems\n  Field required"),
        ("error for <m:model> … Field required", "error for Page Field required"),
        ("cannot import '<name:module>' $", "cannot import 'chatkit.x'"),
        ("cannot import '<name:module>' $", "cannot import 'chatkit.x'\nnext line"),
        ("ValueError: Unsupported widget spec version", "Unsupported widget spec version: 2.0"),
        ("in <folder>@openai/chatkit", "in /srv/node_modules/@openai/chatkit"),
    ],
)
def test_a_message_is_found_however_it_was_pasted(template: str, text: str) -> None:
    assert holds(template, text)


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("No module named '<name:module>'", "No module named 'numpy'"),
        ("No module named '<name:module>'", "No module named"),
        ("No module named 'chatkit'", "No module named 'chatkit.x'"),
        ("'bytes' object is not callable", "'str' object is not callable"),
        ("object has no attribute 'copy'", "object has no attribute 'copyright'"),
        ("error for <m:model> … Field required", "error for Settings\nurl\n  Field required"),
        ("cannot import '<name:module>' $", "cannot import 'chatkit.x' from 'somewhere'"),
        ("SyntaxError: expected ':'", "AssertionError: expected code"),
    ],
)
def test_half_a_message_is_another(template: str, text: str) -> None:
    assert not holds(template, text)


@pytest.mark.parametrize(
    ("complaint", "text"),
    [
        ("agent forgets", "Why does my chatbot forget everything after each message?"),
        ("agent forgets", "the assistant doesn't remember my name"),
        ("agent forgets", "the LLM has no memory"),
        ("agent forgets", "GPT can\u2019t recall what I said"),
        ("chat/history is gone after a reload", "history disappears when I refresh"),
        ("chat/history is gone after a reload", "the chat is not persisted on reload"),
        ("does not render", "nothing renders"),
        ("cannot import <name:module>", "I cannot import chatkit.x"),
        ("listener does nothing", "chatkit.addEventListener does nothing"),
    ],
)
def test_people_put_a_complaint_in_many_ways(complaint: str, text: str) -> None:
    assert any(each.is_in(said(text), ANY) for each in complaints(complaint))


@pytest.mark.parametrize(
    ("complaint", "text"),
    [
        ("agent forgets", "I forgot my password"),
        ("agent forgets", "the agent remembers my name"),
        ("agent forgets", "the agent forgets to book flights through the travel service"),
        ("chat is gone after a reload", "the chat is gone"),
        ("cannot import <name:module>", "cannot import numpy"),
        ("listener does nothing", "how do I write a listener"),
    ],
)
def test_a_complaint_is_not_heard_in_other_words(complaint: str, text: str) -> None:
    assert not any(each.is_in(said(text), ANY) for each in complaints(complaint))


def test_a_line_is_filled_read_and_asked_for_its_kinds() -> None:
    line = "No module named '<module:absent-module>' in <place> $"

    assert filled(line, {"module": "chatkit.x", "place": "app.py"}) == "No module named 'chatkit.x' in app.py"
    assert readable(line) == "No module named '<module>' in <place>"
    assert kinds_of(line) == ("absent-module",)
    with pytest.raises(KeyError):
        filled(line, {"module": "chatkit.x"})


@pytest.mark.parametrize("page", pages().values(), ids=lambda page: page.code)
def test_the_symptoms_of_a_page_tell_something_and_are_of_known_kinds(page: Page) -> None:
    lines = [*page.seen_as.values(), *page.symptoms, *page.complaints]

    assert {kind for line in lines for kind in kinds_of(line)} <= set(KINDS)
    assert all(message(line).weight > 1 or "invalid frame params" in line.lower() for line in page.symptoms)
    assert all(each.weight for line in page.complaints for each in complaints(line))
    assert all(readable(line) for line in filter(tells, page.seen_as.values()))


@pytest.mark.parametrize(
    ("kind", "fitting", "others"),
    [
        ("absent-module", ["chatkit.stores", "openai_chatkit", "chatkit.store.memory"],
         ["chatkit", "chatkit.store", "numpy", "chatkit.js", "chatkit.thread.change", "chatkitty.models"]),
        ("chatkit", ["chatkit", "chatkit.server"], ["chatkit.stores", "sqlalchemy"]),
        ("mistaken-module", ["stores", "models"], ["store", "types"]),
        ("mistaken-name", ["event", "filepart", "memorystore"], ["store", "mapping"]),
        ("sdk-model", ["usermessageitem", "page", "text"], ["settings", "threadscreatereq"]),
        ("abstract-method", ["respond", "save_item"], ["find", "generate_thread_id"]),
        ("sdk-method", ["notesstore.save_thread", "locals.respond"], ["save_thread", "cart.add"]),
        ("store-result", ["nonetype", "threadmetadata"], ["runresultstreaming", "async_generator"]),
        ("item-table", ["items.id", "thread_items_pkey", "messages.id"], ["order_items.id", "users_email_key"]),
        ("api-key", ["clienttoken", "uploadstrategy", "apiurl"], ["url", "fetch", "name"]),
        ("prompt-mistake", ["name"], ["title", "icon"]),
        ("option-mistake", ["newthreadview"], ["theme", "siteurl"]),
        ("option-path", ["theme", "header.title", "composer.tools"], ["api", "startscreen.prompts", "server"]),
        ("option-type", ["accentcolor", "themeoption"], ["startscreenprompt", "layoutprops"]),
        ("value-type", ["string", "object"], ["undefined"]),
        ("validating-method", ["model_validate", "parse_obj"], ["copy"]),
        ("handler-name", ["onmessage", "onthreadchanged"], ["onclick", "only", "message"]),
        ("npm-package", ["@openai/chatkit", "@openai/chatkit-react"], ["react", "@xpert-ai/chatkit-react"]),
    ],
)  # fmt: skip
def test_kinds_of_words_are_what_the_packages_say(kind: str, fitting: list[str], others: list[str]) -> None:
    assert [word for word in fitting if not KINDS[kind](word)] == []
    assert [word for word in others if KINDS[kind](word)] == []


def test_every_kind_is_asked_for_by_some_page() -> None:
    asked = {
        kind
        for page in pages().values()
        for line in (*page.seen_as.values(), *page.symptoms, *page.complaints)
        for kind in kinds_of(line)
    }

    assert asked == set(KINDS)
