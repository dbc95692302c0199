from __future__ import annotations

from chatkit_doctor.web.markup import elements, first_element
from tests.web.support import document


def test_elements_of_a_page_without_its_comments() -> None:
    page = document(
        "<!doctype html><html><head><!-- <script src=no></script> --><LINK rel=preload href='x&amp;y'>"
        '<script SRC="a.js" async></script></head><body><openai-chatkit id=k></openai-chatkit><br/></body></html>',
        "a.html",
    )
    assert [each.name for each in elements(page)] == ["html", "head", "LINK", "script", "body", "openai-chatkit", "br"]
    (script,) = elements(page, "script")
    assert (script.text("src"), script.text("async"), script.text("defer")) == ("a.js", "", None)
    (link,) = elements(page, "link")
    assert link.text("href") == "x&y"
    assert script.location.text == '<script SRC="a.js" async>'


def test_elements_of_jsx_without_text_and_comments() -> None:
    target = document(
        "const a = <head>{/* <script src='no' /> */}<Script src=\"a.js\" strategy={`lazy`} />\n"
        "<ChatKit control={k.control} {...rest} hidden>text &lt;script&gt;</ChatKit><Foo.Bar/><></></head>;"
    )
    assert sorted(each.name for each in elements(target)) == ["ChatKit", "Foo.Bar", "Script", "head"]
    (script,) = elements(target, "Script")
    assert (script.text("src"), script.text("strategy"), script.is_self_closing) == ("a.js", "lazy", True)
    (chat,) = elements(target, "ChatKit")
    control = chat.attributes["control"]
    assert control.text is None
    assert control.expression is not None
    assert target.text(control.expression) == "k.control"
    assert chat.spread
    assert chat.text("hidden") == ""
    assert not list(elements(target, "chatkit"))


def test_a_component_has_markup_and_scripts() -> None:
    target = document("<template><openai-chatkit ref='el' /></template><script setup>f()</script>", "a.vue")
    assert first_element(target, "openai-chatkit") is not None
    assert [target.text(node) for node in target.find("call_expression")] == ["f()"]


def test_elements_survive_broken_markup() -> None:
    target = document("<p {{ x }} <script src='a.js'></script></nav><openai-chatkit>", "a.html")
    assert first_element(target, "openai-chatkit") is not None


def test_a_name_in_braces_is_an_attribute_of_that_name_where_a_component_may_say_so() -> None:
    text = '<openai-chatkit {options} on:click={go} id="chat" />'
    svelte, page = (next(elements(document(text, f"a.{suffix}"))).attributes for suffix in ("svelte", "html"))

    assert (svelte["options"].text, svelte["id"].text) == (None, "chat")
    assert "options" not in page
