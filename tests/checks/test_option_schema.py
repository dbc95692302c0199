"""CK403, CK406, CK407, CK408, CK411: what the pages do not show of the walk over values, and of the fixes."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.checks.loading import Check
from chatkit_doctor.checks.options.invalid_api_shape import invalid_api_shape
from chatkit_doctor.checks.options.invalid_option_value import invalid_option_value
from chatkit_doctor.checks.options.invalid_prompt_key import invalid_prompt_key
from chatkit_doctor.checks.options.missing_chatkit_control import missing_chatkit_control
from chatkit_doctor.checks.options.missing_domain_key import missing_domain_key
from chatkit_doctor.checks.options.missing_option import missing_option
from chatkit_doctor.checks.options.unknown_handler import unknown_handler
from chatkit_doctor.checks.options.unknown_option import unknown_option
from chatkit_doctor.finding import Finding, Severity
from tests.checks.web_fixes import fixed, spans
from tests.projects import judge, project_of

_API = "api: { url: '/c', domainKey: 'k' }"
_OPTION_CHECKS = (
    missing_domain_key,
    invalid_api_shape,
    invalid_prompt_key,
    unknown_option,
    invalid_option_value,
    missing_option,
)


def page(options: str, before: str = "") -> dict[str, str]:
    """Return a script that hands options to the element."""
    return {"chat.js": f"{before}document.querySelector('openai-chatkit').setOptions({options});\n"}


def all_codes(root: Path, files: dict[str, str]) -> list[str]:
    project = project_of(root, files)
    return [finding.code for check in _OPTION_CHECKS for finding in judge(check, project)]


def only(check: Check, root: Path, files: dict[str, str]) -> Finding:
    (finding,) = judge(check, project_of(root, files))
    return finding


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param("{ api: { url: '/c' } }", ["CK401"], id="a url alone"),
        pytest.param("{ api: { domainKey: 'k' } }", ["CK403"], id="a key alone"),
        pytest.param("{ api: { endpoint: '/c' } }", ["CK403"], id="a stand-in alone"),
        pytest.param("{ url: '/c', domainKey: 'k' }", ["CK403", "CK403"], id="keys without api"),
        pytest.param("{ api: { url: 4, domainKey: 'k' } }", ["CK407"], id="a wrong url"),
        pytest.param(f"{{ {_API}, startScreen: {{ prompts: [{{ label: 'a' }}] }} }}", ["CK404"], id="no prompt"),
        pytest.param(f"{{ {_API}, startScreen: {{ prompts: [{{ prompt: 'a' }}] }} }}", ["CK408"], id="no label"),
        pytest.param(f"{{ {_API}, startScreen: {{ prompts: [{{}}] }} }}", ["CK408"], id="an empty prompt"),
        pytest.param(
            f"{{ {_API}, startScreen: {{ prompts: [{{ name: 'a', prompt: 'a' }}] }} }}", ["CK404"], id="a name"
        ),
        pytest.param(
            f"{{ {_API}, startScreen: {{ prompts: [{{ label: 'a', prompt: 'a', id: 'b' }}] }} }}",
            ["CK406"],
            id="another key of a prompt",
        ),
        pytest.param(
            "{ api: { url: '/c', domainKey: 'k', uploadStrategy: { type: 'direct' } } }", ["CK408"], id="no uploadUrl"
        ),
        pytest.param(
            "{ api: { url: '/c', domainKey: 'k', uploadStrategy: { type: 'hosted' } } }",
            ["CK407"],
            id="no such strategy",
        ),
    ],
)
def test_one_cause_has_one_finding(options: str, expected: list[str], tmp_path: Path) -> None:
    assert all_codes(tmp_path, page(options)) == expected


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(f"{{ {_API}, ...more }}", id="a spread of something"),
        pytest.param(f"{{ {_API}, [name]: 1 }}", id="a computed key"),
        pytest.param(f"{{ {_API}, theme: read() }}", id="a call"),
        pytest.param(f"{{ {_API}, composer: {{ tools: [{{ id: 'a', ...rest }}] }} }}", id="a part with a spread"),
        pytest.param(f"{{ {_API}, header: on && {{ enabled: true }} }}", id="what && stops at"),
        pytest.param(f"{{ {_API}, header: on ? {{ enabled: true }} : undefined }}", id="undefined for an optional one"),
        pytest.param(
            f"{{ {_API}, composer: {{ tools: [{{ id, label, icon: `lucide:${{id}}` }}] }} }}", id="a template"
        ),
        pytest.param(
            "{ api: { ...(a ? { url, domainKey } : {}), ...(a ? {} : { getClientSecret }) } }", id="exclusive"
        ),
    ],
)
def test_what_cannot_be_told_is_right(options: str, tmp_path: Path) -> None:
    assert all_codes(tmp_path, page(options)) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param(f"{{ {_API}, ...more, mode: 1 }}", ["mode"], id="beside a spread"),
        pytest.param(f"{{ {_API}, theme: on ? 'dark' : {{ mode: 1 }} }}", ["mode"], id="in a branch"),
        pytest.param(f"{{ {_API}, ...(on ? {{ mode: 1 }} : {{}}) }}", ["mode"], id="under a condition"),
    ],
)
def test_unknown_keys_are_found_in_what_is_known(options: str, expected: list[str], tmp_path: Path) -> None:
    assert spans(unknown_option, tmp_path, page(options)) == expected


def test_a_constant_used_twice_is_told_of_once(tmp_path: Path) -> None:
    files = page(f"{{ {_API}, theme: T }}", "const T = { mode: 'dark' };\n")
    files["chat.js"] += files["chat.js"].splitlines()[1] + "\n"

    assert spans(unknown_option, tmp_path, files) == ["mode"]


def test_options_without_api_after_whole_ones_are_no_missing_option(tmp_path: Path) -> None:
    files = page(f"{{ {_API} }}")
    files["chat.js"] += files["chat.js"].replace(_API, "theme: 'dark'")

    assert spans(missing_option, tmp_path, files) == []


def test_a_locale_is_advice_and_other_values_are_errors(tmp_path: Path) -> None:
    assert only(invalid_option_value, tmp_path / "a", page(f"{{ {_API}, locale: 'xx' }}")).severity is Severity.INFO
    assert only(invalid_option_value, tmp_path / "b", page(f"{{ {_API}, locale: 5 }}")).severity is None


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        pytest.param("theme: 'Light'", "theme: 'light'", id="case"),
        pytest.param("thread: { autoScroll: 'true' }", "thread: { autoScroll: true }", id="a truth value in quotes"),
        pytest.param("locale: 'fr_BE'", "locale: 'fr'", id="a language with a region"),
        pytest.param("composer: { dictation: true }", "composer: { dictation: { enabled: true } }", id="a switch"),
        pytest.param("startScreen: 'Hi'", "startScreen: { greeting: 'Hi' }", id="the one text"),
    ],
)
def test_wrong_values_are_replaced_by_the_one_that_fits(options: str, expected: str, tmp_path: Path) -> None:
    changed = fixed(invalid_option_value, tmp_path, page(f"{{ {_API}, {options} }}"))

    assert changed == page(f"{{ {_API}, {expected} }}")


@pytest.mark.parametrize("options", ["theme: 'auto'", "thread: true", "theme: { radius: R }", "header: 'Desk'"])
def test_values_that_can_mean_several_things_are_left(options: str, tmp_path: Path) -> None:
    files = page(f"{{ {_API}, {options} }}", "const R = 'Pill';\n")

    assert only(invalid_option_value, tmp_path, files).fix is None


def test_digits_in_quotes_are_a_number_while_there_are_no_more_than_javascript_keeps(tmp_path: Path) -> None:
    size = "composer: {{ attachments: {{ enabled: true, maxSize: {} }} }}"
    few, many = size.format("'1048576'"), size.format(f"'{'9' * 5000}'")

    changed = fixed(invalid_option_value, tmp_path / "a", page(f"{{ {_API}, {few} }}"))
    assert changed == page(f"{{ {_API}, {size.format('1048576')} }}")
    assert only(invalid_option_value, tmp_path / "b", page(f"{{ {_API}, {many} }}")).fix is None


def test_a_handler_of_a_later_release_names_both(tmp_path: Path) -> None:
    files = {
        "package.json": '{ "dependencies": { "@openai/chatkit-react": "1.4.0" } }',
        "chat.tsx": "import { useChatKit } from '@openai/chatkit-react'\n"
        f"export const u = () => useChatKit({{ {_API}, onHistoryOpen: () => 1 }})\n",
    }

    finding = only(unknown_handler, tmp_path, files)

    assert "1.6.1" in finding.message
    assert "package.json has 1.4.0" in finding.message
    assert finding.fix is None


def test_a_control_is_judged_by_the_hook_that_was_meant(tmp_path: Path) -> None:
    files = {
        "chat.tsx": "import { ChatKit, useChatKit } from '@openai/chatkit'\n"
        f"export function Chat() {{\n  const kit = useChatKit({{ {_API} }})\n"
        "  return <ChatKit control={kit} />\n}\n",
    }

    assert spans(missing_chatkit_control, tmp_path, files) == ["kit"]
