from __future__ import annotations

import pytest

from chatkit_doctor.project.manifests.model import ManifestError
from chatkit_doctor.project.manifests.npm.bun_lock import read_bun_lock
from chatkit_doctor.project.manifests.npm.npm_lock import read_npm_lock
from chatkit_doctor.project.manifests.npm.pnpm_lock import read_pnpm_lock
from chatkit_doctor.project.manifests.npm.yarn_lock import read_yarn_lock
from tests.manifests.making import marked, source, versions

REACT = "@openai/chatkit-react"
CORE = "@openai/chatkit"


def test_npm_version_1() -> None:
    lock = read_npm_lock(
        source(
            "package-lock.json",
            """\
            {
              "lockfileVersion": 1,
              "dependencies": {
                "@openai/chatkit": {"version": "1.0.0", "resolved": "https://registry.example/c.tgz"},
                "@openai/chatkit-react": {"version": "1.1.1", "requires": {"@openai/chatkit": "1.0.0"}}
              }
            }
            """,
        )
    )
    assert versions(lock, REACT) == marked(lock, REACT) == ["1.1.1"]
    assert versions(lock, CORE) == marked(lock, CORE) == ["1.0.0"]


@pytest.mark.parametrize("number", [2, 3])
def test_npm_versions_2_and_3_with_workspaces(number: int) -> None:
    lock = read_npm_lock(
        source(
            "package-lock.json",
            f"""\
            {{
              "lockfileVersion": {number},
              "packages": {{
                "": {{"name": "all", "workspaces": ["apps/*"]}},
                "apps/new": {{"name": "new", "dependencies": {{"@openai/chatkit-react": "^1.4.0"}}}},
                "apps/old": {{"name": "old"}},
                "apps/old/node_modules/@openai/chatkit-react": {{"version": "1.1.1"}},
                "node_modules/@openai/chatkit-react": {{"version": "1.4.3"}},
                "node_modules/@openai/chatkit-react/node_modules/@openai/chatkit": {{"version": "1.5.0"}},
                "node_modules/new": {{"resolved": "apps/new", "link": true}}
              }}
            }}
            """,
        )
    )
    assert lock.members == frozenset({".", "apps/new", "apps/old"})
    assert versions(lock, REACT, "apps/new") == marked(lock, REACT, "apps/new") == ["1.4.3"]
    assert versions(lock, REACT, "apps/old") == marked(lock, REACT, "apps/old") == ["1.1.1"]
    assert versions(lock, CORE, "apps/new") == ["1.5.0"]
    assert versions(lock, "new") == []


def test_npm_aliases_stand_under_their_real_names() -> None:
    text = '{"packages": {"node_modules/chat": {"name": "@openai/chatkit", "version": "1.2.0"}}}'
    assert versions(read_npm_lock(source("package-lock.json", text)), CORE) == ["1.2.0"]


def test_pnpm_version_5() -> None:
    lock = read_pnpm_lock(
        source(
            "pnpm-lock.yaml",
            """\
            lockfileVersion: 5.4

            specifiers:
              '@openai/chatkit-react': ^1.3.0

            dependencies:
              '@openai/chatkit-react': 1.3.0_react@18.3.1

            packages:

              /@openai/chatkit-react/1.3.0_react@18.3.1:
                resolution: {integrity: sha512-00}
                dev: false

              /@openai/chatkit/1.1.0:
                resolution: {integrity: sha512-00}
            """,
        )
    )
    assert versions(lock, REACT) == marked(lock, REACT) == ["1.3.0"]
    assert versions(lock, CORE) == marked(lock, CORE) == ["1.1.0"]


PNPM_6 = """\
lockfileVersion: '6.0'

importers:

  apps/old:
    dependencies:
      '@openai/chatkit-react':
        specifier: ^1.3.0
        version: 1.3.0(react@18.3.1)

  apps/new:
    devDependencies:
      '@openai/chatkit-react':
        specifier: ^1.4.0
        version: 1.4.3(react-dom@19.0.0)(react@19.0.0)
      new-lib:
        specifier: workspace:*
        version: link:../lib

packages:

  /@openai/chatkit-react@1.3.0(react@18.3.1):
    resolution: {integrity: sha512-00}

  /@openai/chatkit-react@1.4.3(react-dom@19.0.0)(react@19.0.0):
    resolution: {integrity: sha512-00}

  /@openai/chatkit@1.1.0:
    resolution: {integrity: sha512-00}
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_pnpm_version_6_with_workspaces(newline: str) -> None:
    lock = read_pnpm_lock(source("pnpm-lock.yaml", PNPM_6.replace("\n", newline)))
    assert lock.members == frozenset({"apps/old", "apps/new"})
    assert versions(lock, REACT, "apps/old") == ["1.3.0"]
    assert versions(lock, REACT, "apps/new") == marked(lock, REACT, "apps/new") == ["1.4.3"]
    assert versions(lock, CORE, "apps/old") == ["1.1.0"]
    assert versions(lock, "new-lib", "apps/new") == []


def test_pnpm_version_9() -> None:
    lock = read_pnpm_lock(
        source(
            "pnpm-lock.yaml",
            """\
            lockfileVersion: '9.0'
            settings:
              autoInstallPeers: true
            importers:
              .:
                dependencies:
                  '@openai/chatkit-react':
                    specifier: ^1.5.0
                    version: 1.5.0(react@19.2.3)
            packages:
              '@openai/chatkit-react@1.5.0':
                resolution: {integrity: sha512-00}
              '@openai/chatkit@1.6.0':
                resolution: {integrity: sha512-00}
            snapshots:
              '@openai/chatkit-react@1.5.0(react@19.2.3)':
                dependencies:
                  '@openai/chatkit': 1.6.0
            """,
        )
    )
    assert versions(lock, REACT) == marked(lock, REACT) == ["1.5.0"]
    assert versions(lock, CORE) == marked(lock, CORE) == ["1.6.0"]


def test_yarn_classic() -> None:
    lock = read_yarn_lock(
        source(
            "yarn.lock",
            """\
            # yarn lockfile v1


            "@openai/chatkit-react@^1.1.0", "@openai/chatkit-react@^1.1.1":
              version "1.1.1"
              resolved "https://registry.example/a.tgz#00"
              dependencies:
                "@openai/chatkit" "1.0.0"

            "@openai/chatkit-react@^1.4.0":
              version "1.4.3"

            "@openai/chatkit@1.0.0":
              version "1.0.0"
            """,
        )
    )
    assert versions(lock, REACT) == marked(lock, REACT) == ["1.1.1", "1.4.3"]
    assert [each.asked for each in lock.candidates(REACT, ".")] == [("^1.1.0", "^1.1.1"), ("^1.4.0",)]
    assert versions(lock, CORE) == ["1.0.0"]
    assert lock.members is None


def test_yarn_berry() -> None:
    lock = read_yarn_lock(
        source(
            "yarn.lock",
            """\
            __metadata:
              version: 8
              cacheKey: 10

            "@openai/chatkit-react@npm:^1.4.0":
              version: 1.4.3
              resolution: "@openai/chatkit-react@npm:1.4.3"

            "chat@npm:@openai/chatkit@^1.2.0":
              version: 1.2.0
              resolution: "@openai/chatkit@npm:1.2.0"

            "web@workspace:apps/web":
              version: 0.0.0-use.local
              resolution: "web@workspace:apps/web"
            """,
        )
    )
    assert versions(lock, REACT) == marked(lock, REACT) == ["1.4.3"]
    assert lock.candidates(REACT, ".")[0].asked == ("^1.4.0",)
    assert versions(lock, CORE) == ["1.2.0"]
    assert lock.members == frozenset({"apps/web"})


def test_bun() -> None:
    lock = read_bun_lock(
        source(
            "bun.lock",
            """\
            {
              "lockfileVersion": 1, // of Bun 1.2
              "workspaces": {
                "": { "name": "all" },
                "apps/old": { "name": "old", "dependencies": { "@openai/chatkit-react": "^1.1.1", }, },
              },
              "packages": {
                "@openai/chatkit": ["@openai/chatkit@1.5.0", "", {}, "sha512-a//b,]"],
                "@openai/chatkit-react": ["@openai/chatkit-react@1.4.3", "", { "dependencies": {}, }, "sha512-00"],
                "old": ["old@workspace:apps/old"],
                "old/@openai/chatkit-react": ["@openai/chatkit-react@1.1.1", "", {}, "sha512-00"],
              }
            }
            """,
        )
    )
    assert versions(lock, REACT) == marked(lock, REACT) == ["1.4.3"]
    assert versions(lock, REACT, "apps/old") == marked(lock, REACT, "apps/old") == ["1.1.1"]
    assert versions(lock, CORE) == ["1.5.0"]
    assert lock.members == frozenset({".", "apps/old"})


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (read_npm_lock, '{"packages": {'),
        (read_pnpm_lock, "importers:\n"),
        (read_pnpm_lock, "lockfileVersion: '9.0'\nimporters:\n  .: [\n"),
        (read_pnpm_lock, "lockfileVersion: '9.0'\nimporters:\n  .: " + "[" * 50_000 + "]" * 50_000 + "\n"),
        (read_pnpm_lock, "lockfileVersion: '9.0'\nimporters:\n" + "".join(f"{' ' * n}a:\n" for n in range(1, 1900))),
        (read_yarn_lock, "nothing of the sort\n"),
        (read_yarn_lock, "# yarn lockfile v1\n<<<<<<< HEAD\n"),
        (read_bun_lock, '{"packages": '),
    ],
)
def test_broken_locks_are_one_error(reader: object, text: str) -> None:
    assert callable(reader)
    with pytest.raises(ManifestError):
        reader(source("some.lock", text))
