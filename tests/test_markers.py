from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.pages.catalogue import Page
from chatkit_doctor.pages.markers import split_marker
from tests.page_cases import Block, Expected, blocks, cases, unmarked

PAGE = """\
---
code: CK999
---
# bad-thing (CK999)

```python
prose = "no test"
```

```python bad case=one
x = bad()  # expect: CK999 "bad"
```

```json bad case=one path=web/package.json target=openai-chatkit=1.4.0
{}
```

- In a list:

  ```python fixed case=one
  x = good()
  ```

```tsx good case=two
<p>fine</p>
```
"""


@pytest.fixture
def page(tmp_path: Path) -> Page:
    path = tmp_path / "CK999-bad-thing.md"
    path.write_text(PAGE, encoding="utf-8")
    return Page("CK999", "bad-thing", path)


@pytest.mark.parametrize(
    ("line", "code", "promise"),
    [
        ('x = 1  # expect: CK101 "x"', "x = 1", 'CK101 "x"'),
        ("x = 1 // expect: CK101 \"'x'\"", "x = 1", "CK101 \"'x'\""),
        ('  <A />{/* expect: CK1 "A" */}', "  <A />", 'CK1 "A"'),
        ('<a> <!-- expect: CK1 "a" -->', "<a>", 'CK1 "a"'),
        ('a: 1, /* expect: CK1 "a" */', "a: 1,", 'CK1 "a"'),
        ("x = 1  # a comment", "x = 1  # a comment", ""),
        ("trailing blanks  ", "trailing blanks  ", ""),
    ],
)
def test_markers_go_and_the_code_stays(line: str, code: str, promise: str) -> None:
    assert split_marker(line) == (code, promise)


def test_what_markers_promise() -> None:
    text = 'a = 1\nb = c("d")  # expect: CK101 "c(\\"d\\")"; CK102 "b"\n'

    code, expected = unmarked(Block("bad", "one", "app.py", text, ()))

    assert code == 'a = 1\nb = c("d")\n'
    assert expected == [Expected("app.py", 2, "CK101", 'c("d")'), Expected("app.py", 2, "CK102", "b")]


def test_blocks_of_a_case_are_one_project(page: Page) -> None:
    one, two = cases(page)

    assert (one.name, one.is_bad, one.targets) == ("one", True, ("openai-chatkit=1.4.0",))
    assert one.files == {"app.py": "x = bad()\n", "web/package.json": "{}\n"}
    assert one.fixed == {"app.py": "x = good()\n"}
    assert one.expected == [Expected("app.py", 1, "CK999", "bad")]
    assert (two.name, two.is_bad, two.files) == ("two", False, {"app.tsx": "<p>fine</p>\n"})


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("```python good case=two path=app.tsx\n```\n", "is given twice"),
        ('```python good case=three\nx  # expect: CK999 "x"\n```\n', "marks a finding"),
        ("```python bad cse=one\n```\n", "says nothing about a block"),
    ],
)
def test_a_page_made_wrongly_is_refused(page: Page, wrong: str, says: str) -> None:
    page.path.write_text(PAGE + "\n" + wrong, encoding="utf-8")

    with pytest.raises(ValueError, match=says):
        cases(page)


def test_blocks_without_a_kind_are_prose(page: Page) -> None:
    assert not any("no test" in block.text for block in blocks(page))
