from __future__ import annotations

import json

import pytest

from chatkit_doctor.commands.explain import UnknownRuleError, render, rules_as_json, rules_as_text, search
from chatkit_doctor.contracts import ErrorRow, error_rows
from chatkit_doctor.pages.catalogue import pages


def codes(query: str) -> list[str]:
    return [page.code for page in search(query).pages]


@pytest.mark.parametrize("query", ["CK903", "ck903", " CK903\n", "unparsable-file", "Unparsable File"])
def test_a_code_or_a_name_in_any_case(query: str) -> None:
    assert codes(query) == ["CK903"]


def test_the_start_of_a_code_means_all_rules_with_it() -> None:
    assert codes("CK4") == [code for code in pages() if code.startswith("CK4")]


@pytest.mark.parametrize("row", error_rows(), ids=lambda row: f"row {row.row}")
def test_every_row_of_the_error_reference_finds_a_rule_that_answers_it(row: ErrorRow) -> None:
    pasted = [row.error, row.error.replace("`", ""), f"**{row.error}**", f"| {row.error} | {row.module} | {row.fix} |"]

    for text in pasted:
        assert row.row in search(text).pages[0].rows, text


TRACEBACK = """\
Traceback (most recent call last):
  File "/srv/app/backend/main.py", line 9, in <module>
    from app.store import MyStore
  File "/srv/app/backend/app/store.py", line 3, in <module>
    from chatkit.stores import Store
ModuleNotFoundError: No module named 'chatkit.stores'
"""

ABSTRACT_TRACEBACK = """\
Traceback (most recent call last):
  File "/srv/app/server.py", line 31, in <module>
    server = TodoServer(PostgresStore(engine))
                        ^^^^^^^^^^^^^^^^^^^^^
TypeError: Can't instantiate abstract class PostgresStore with abstract methods delete_attachment, load_attachment
"""

UVICORN_TRACEBACK = """\
Process SpawnProcess-1:
Traceback (most recent call last):
  File "/usr/lib/python3.12/multiprocessing/process.py", line 314, in _bootstrap
    self.run()
  File "/srv/app/server.py", line 4, in <module>
    from chatkit.server import ChatKitServer, Event
ImportError: cannot import name 'Event' from 'chatkit.server' (/srv/.venv/lib/site-packages/chatkit/server.py)
"""


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ModuleNotFoundError: No module named 'chatkit.stores'", "CK101"),
        ("No module named 'chatkit.models'", "CK101"),
        ("No module named 'openai_chatkit'", "CK101"),
        (TRACEBACK, "CK101"),
        ("ImportError: cannot import name 'Event' from 'chatkit.server' (/srv/chatkit/server.py)", "CK102"),
        ("cannot import name 'FilePart' from 'chatkit.types'", "CK102"),
        ("cannot import name 'ClientToolCallOutputItem'", "CK102"),
        (UVICORN_TRACEBACK, "CK102"),
        ("Can't instantiate abstract class MemoryStore with abstract methods add_thread_item, delete_thread", "CK201"),
        (
            "TypeError: Can't instantiate abstract class Todos without an implementation for abstract method 'respond'",
            "CK201",
        ),
        (ABSTRACT_TRACEBACK, "CK201"),
        ("agent forgets", "CK301"),
        ("the agent doesn't remember my name", "CK301"),
        ("Agent doesn\u2019t remember", "CK301"),
        ("__fake_id__", "CK302"),
        (
            'duplicate key value violates unique constraint "items_pkey" DETAIL: Key (id)=(__fake_id__) already exists',
            "CK302",
        ),
        ("messages overwrite each other", "CK302"),
        ("Invalid input → at api", "CK401"),
        ("Uncaught InvalidFrameParamsError: Invalid frame params: ChatKit.create(): ✖ Invalid input → at api", "CK401"),
        ('Unrecognized key "name"', "CK404"),
        ('✖ Unrecognized key: "name" → at startScreen.prompts[0]', "CK404"),
        ('Unrecognized key "icon"', "CK405"),
        ("history not loading", "CK409"),
        ("chat is gone after reload", "CK409"),
        ("blank screen", "CK501"),
        ("I only get a blank white screen", "CK501"),
        ("SyntaxError: invalid syntax", "CK903"),
    ],
)
def test_what_people_paste_finds_its_rule_first(text: str, code: str) -> None:
    assert codes(text)[0] == code


@pytest.mark.parametrize(
    "query", ["", "   ", "CK999", "hello world", "how do I bake bread", "chatkit", "import", "Error"]
)
def test_a_text_that_says_nothing_is_refused(query: str) -> None:
    with pytest.raises(UnknownRuleError, match="no rule explains"):
        search(query)


def test_a_refusal_is_one_line_and_names_the_nearest() -> None:
    with pytest.raises(UnknownRuleError) as caught:
        search("unparsible-file")
    assert "the nearest are CK903 unparsable-file" in str(caught.value)

    with pytest.raises(UnknownRuleError) as caught:
        search("lorem\nipsum " * 50)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_a_page_is_shown_without_what_only_tests_need() -> None:
    text = render(search("CK903"), "never")

    assert text.startswith("# unparsable-file (CK903)\n\n- Severity: error\n- Fix: none\n")
    assert "expect:" not in text
    assert "case=" not in text
    assert "`store.py`\n\n```python\n" in text
    assert "\x1b" not in text


def test_colour_shows_the_same_page() -> None:
    from rich.text import Text

    painted = render(search("CK903"), "always")

    assert "\x1b[" in painted
    plain = Text.from_ansi(painted).plain
    assert plain.startswith("unparsable-file (CK903)\n")
    assert "expect:" not in plain


def test_further_rules_are_named_below_the_first() -> None:
    found = search("CK4")

    text = render(found, "never")

    first, *others = found.pages
    assert text.startswith(f"# {first.name} ({first.code})")
    _, _, rest = text.partition("## See also\n")
    assert [line[2:7] for line in rest.splitlines() if line] == [page.code for page in others]


def test_two_candidates_are_the_page_of_one_with_the_other_named_above_all_else() -> None:
    lines = render(search("Invalid input at api"), "never").splitlines()

    assert lines[0] == "# missing-domain-key (CK401)"
    assert lines[2].startswith("- CK403 invalid-api-shape fits the message as well")


def test_more_candidates_are_a_list_and_none_is_shown_as_the_one() -> None:
    text = render(search("There was an error while generating the assistant's response"), "never")

    assert text.startswith("# Several rules fit\n")
    assert {"CK111", "CK113", "CK202", "CK203"} <= {line[2:7] for line in text.splitlines() if line.startswith("- CK")}
    assert "## " not in text


def test_of_a_long_paste_the_end_decides() -> None:
    noise = "INFO:     127.0.0.1:52110 - GET /health 200 OK\n" * 5_000

    assert codes(noise + "ModuleNotFoundError: No module named 'chatkit.stores'\n") == ["CK101"]


def test_the_table_has_a_line_for_each_rule() -> None:
    lines = rules_as_text().splitlines()

    assert [line.split()[0] for line in lines] == list(pages())
    assert next(line for line in lines if "CK903" in line).split()[:4] == ["CK903", "unparsable-file", "error", "-"]


def test_the_table_as_json() -> None:
    rules = json.loads(rules_as_json())

    assert [rule["code"] for rule in rules] == list(pages())
    assert list(rules[0]) == ["code", "name", "area", "severity", "fix", "summary", "error_reference", "url"]
