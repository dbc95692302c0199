from __future__ import annotations

import pytest

from chatkit_doctor.web.formats.jsonc import parse_jsonc
from chatkit_doctor.web.modules.resolve import Resolver
from tests.web.support import ROOT, MemoryFiles


def resolved(importer: str, specifier: str, *names: str, **texts: str) -> str | None:
    files = MemoryFiles({importer: "", **dict.fromkeys(names, ""), **texts})
    found = Resolver(files).resolve(ROOT / importer, specifier)
    return found.relative_to(ROOT).as_posix() if found is not None else None


@pytest.mark.parametrize(
    ("specifier", "target"),
    [
        ("./b", "src/b.ts"),
        ("./b.js", "src/b.ts"),
        ("./c.jsx", "src/c.tsx"),
        ("../d", "d/index.tsx"),
        ("./b.ts", "src/b.ts"),
        ("./b?raw", "src/b.ts"),
        (".", "src/index.js"),
        ("./missing", None),
        ("b", None),
        ("./\0", None),
    ],
)
def test_relative_specifiers(specifier: str, target: str | None) -> None:
    assert resolved("src/a.ts", specifier, "src/b.ts", "src/c.tsx", "d/index.tsx", "src/index.js") == target


def test_paths_of_the_nearest_tsconfig() -> None:
    texts = {
        "tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./wrong/*"]}}}',
        "web/tsconfig.json": '{ // comment\n "compilerOptions": {"baseUrl": ".", '
        '"paths": {"@/*": ["./src/*"], "conf": ["x/conf.ts"],},} }',
    }
    files = ("web/src/lib/a.ts", "wrong/lib/a.ts", "web/x/conf.ts", "web/src/b.ts")
    assert resolved("web/app/p.tsx", "@/lib/a", *files, **texts) == "web/src/lib/a.ts"
    assert resolved("web/app/p.tsx", "conf", *files, **texts) == "web/x/conf.ts"
    assert resolved("web/app/p.tsx", "src/b", *files, **texts) == "web/src/b.ts"


def test_extends_and_references_are_followed() -> None:
    base = '{"compilerOptions": {"paths": {"~lib/*": ["lib/*"]}}}'
    extending = {"tsconfig.json": '{"extends": "./base"}', "base.json": base}
    assert resolved("a.ts", "~lib/x", "lib/x.ts", **extending) == "lib/x.ts"
    referring = {"tsconfig.json": '{"files": [], "references": [{"path": "./base.json"}]}', "base.json": base}
    assert resolved("a.ts", "~lib/x", "lib/x.ts", **referring) == "lib/x.ts"


def test_a_config_that_extends_itself_ends() -> None:
    assert resolved("a.ts", "@/x", "x.ts", **{"tsconfig.json": '{"extends": "./tsconfig.json"}'}) == "x.ts"


@pytest.mark.parametrize("place", ["src/lib/x.ts", "lib/x.ts"])
def test_the_usual_alias_works_without_a_config(place: str) -> None:
    assert resolved("src/deep/a.ts", "@/lib/x", place) == place


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": "// no /* comment", /* b */ "c": [1,], // d\n}', {"a": "// no /* comment", "c": [1]}),
        ('{"a": ",}"}', {"a": ",}"}),
        ("{", None),
        ("[" * 100_000, None),
    ],
)
def test_json_with_comments(text: str, value: object) -> None:
    assert parse_jsonc(text) == value
