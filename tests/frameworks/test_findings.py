"""Each framework's app: what is wrong is found where it is, what can be mended is, and what is right stays quiet."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from chatkit_doctor.finding import Finding
from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.writing import write as write_result
from tests.fix_helper import assert_parses_no_worse
from tests.frameworks.apps import NAMES, Promise, write

FRAMEWORKS = {
    *("react-vite", "next-app", "next-pages", "react-router", "tanstack-start", "docusaurus", "cra", "expo-web"),
    *("plain-html", "web-component", "vue-vite", "nuxt", "svelte-vite", "sveltekit", "angular", "astro"),
    *("wordpress", "flask-jinja", "django"),
}


def test_every_framework_has_its_app() -> None:
    assert set(NAMES) == FRAMEWORKS


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_found_in_its_place(name: str, tmp_path: Path) -> None:
    written = write(name, "broken", tmp_path)

    found = _scan(tmp_path).findings

    assert sorted(_promise(tmp_path, each) for each in found) == written.promises
    assert {"CK501", "CK502"} & {each.code for each in found}


@pytest.mark.parametrize("name", NAMES)
def test_what_can_be_mended_is(name: str, tmp_path: Path) -> None:
    written = write(name, "broken", tmp_path)

    result = _scan(tmp_path, fix=True)

    assert result.fix_result is not None
    assert result.fix_result.held_back == []
    stays = Counter((each.path, each.code) for each in written.promises if each.stays)
    assert Counter((_path(tmp_path, each), each.code) for each in result.findings) == stays
    for path, text in result.fix_result.texts.items():
        assert_parses_no_worse(path, written.files[path.relative_to(tmp_path).as_posix()], text)
    assert write_result(result.fix_result, result.project) == []
    again = _scan(tmp_path, fix=True)
    assert again.fix_result is not None
    assert again.fix_result.texts == {}


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_stays_quiet(name: str, tmp_path: Path) -> None:
    write(name, "right", tmp_path)

    assert [each.message for each in _scan(tmp_path).findings] == []


def _scan(root: Path, *, fix: bool = False) -> ScanResult:
    result = run([root], Options(fix=fix, unsafe_fixes=fix))
    assert not result.internal_errors, result.internal_errors[0].traceback
    assert result.project.problems == {}
    return result


def _promise(root: Path, found: Finding) -> Promise:
    span = found.at.text.split("\n")[0]
    line = found.at.source.position(found.at.start).line
    return Promise(_path(root, found), line, found.code, json.dumps(span, ensure_ascii=False))


def _path(root: Path, found: Finding) -> str:
    return found.at.path.relative_to(root).as_posix()
