from __future__ import annotations

import pytest

from chatkit_doctor.project.manifests.json_files import read_json
from chatkit_doctor.project.manifests.model import ManifestError, Purpose
from chatkit_doctor.project.manifests.npm.package_json import is_member, read_package_json, workspaces
from tests.manifests.making import requirements, source

TEXT = """\
{
  "name": "web",
  "dependencies": {
    "@openai/chatkit-react": "^1.3.0",
    "chat": "npm:@openai/chatkit@~1.2",
    "shared": "workspace:*"
  },
  "devDependencies": { "vite": "latest" },
  "peerDependencies": { "react": ">=18 || ^19.0.0-rc" }
}
"""


def test_every_table_is_read() -> None:
    items = requirements(read_package_json(read_json(source("package.json", TEXT))))
    assert [(each.package, each.specifier, each.scope, each.url) for each in items] == [
        ("@openai/chatkit-react", "^1.3.0", Purpose.MAIN, ""),
        ("@openai/chatkit", "~1.2", Purpose.MAIN, ""),
        ("shared", "workspace:*", Purpose.MAIN, "workspace:*"),
        ("vite", "latest", Purpose.MAIN, ""),
        ("react", ">=18 || ^19.0.0-rc", Purpose.OPTIONAL, ""),
    ]
    assert items[0].name_at.text == "@openai/chatkit-react"
    assert items[0].specifier_at.text == "^1.3.0"
    assert items[0].specifier_at.first.line == 4


@pytest.mark.parametrize("text", ['{"dependencies": []}', '{"dependencies": {"react": 19}}'])
def test_a_broken_table_is_one_error(text: str) -> None:
    (error,) = read_package_json(read_json(source("package.json", text)))
    assert isinstance(error, ManifestError)


@pytest.mark.parametrize(("text", "line"), [('{\n "a": 1,\n}', 3), ("[]", 1), ("", 1), ("[" * 100_000, 1)])
def test_broken_json_is_one_error(text: str, line: int) -> None:
    with pytest.raises(ManifestError) as caught:
        read_json(source("package.json", text))
    assert caught.value.line in {line - 1, line}


@pytest.mark.parametrize("declared", ['["apps/*", "!apps/old"]', '{"packages": ["./apps/*/", "!apps/old"]}'])
def test_workspaces(declared: str) -> None:
    patterns = workspaces(read_json(source("package.json", f'{{"workspaces": {declared}}}')))
    assert is_member(patterns, "apps/web")
    assert not is_member(patterns, "apps/old")
    assert not is_member(patterns, "apps/web/src")
    assert not is_member(patterns, "backend")


def test_a_double_star_covers_every_depth() -> None:
    assert is_member(("packages/**",), "packages/a/b")
    assert is_member(("**/web",), "web")
    assert not is_member(("**/web",), "cobweb")
