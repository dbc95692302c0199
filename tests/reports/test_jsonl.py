from __future__ import annotations

import json

from chatkit_doctor.reports import FORMATS
from tests.reports.making import at, report, reported, source


def test_each_finding_is_a_line_as_in_json() -> None:
    code = source("a b\n", "odd\nname é.py")
    made = report(reported(at(code, "a"), row=1), reported(at(code, "b"), fixed=True))

    lines = FORMATS["jsonl"](made).split("\n")

    assert lines.pop() == ""
    assert [json.loads(line) for line in lines] == json.loads(FORMATS["json"](made))["findings"]


def test_nothing_found_is_nothing_written() -> None:
    assert FORMATS["jsonl"](report()) == ""
