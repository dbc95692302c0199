"""Files that nobody would write for a linter: one clear line each where it matters, and the scan goes on."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatkit_doctor.scanning.flow import Options
from chatkit_doctor.scanning.flow import run as scan
from tests.commands import ROOT, Outcome, call, environment
from tests.projects import write_files

# A witness in each project: whatever happens around it, its finding is still there.
WITNESS = "from chatkit.stores import Store\n"
WITNESSED = "witness.py:1:6: error: "


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a project with one finding, that of the witness."""
    write_files(tmp_path, {"witness.py": WITNESS})
    monkeypatch.chdir(tmp_path)
    return tmp_path


def concise(*arguments: str) -> tuple[list[str], Outcome]:
    """Return the lines of a scan's findings without the witness's, and the outcome; the witness must be there."""
    outcome = call("scan", *(arguments or ["."]), "--format", "concise", "--quiet")
    lines = outcome.stdout.splitlines()
    assert outcome.stderr == ""
    assert outcome.code == 1
    if "." in arguments or not arguments:
        assert sum(line.startswith(WITNESSED) for line in lines) == 1, lines
    return [line for line in lines if not line.startswith(WITNESSED)], outcome


# Files that cannot be taken in and matter: CK903


@pytest.mark.parametrize(
    ("name", "data", "line", "reason"),
    [
        ("a.py", b"import chatkit\nx = (\n", 2, "'(' was never closed"),
        ("a.py", b"import chatkit\n\tx = 1\n", 2, "unexpected indent"),
        ("a.py", b"import chatkit\nprint 'x'\n", 2, "Missing parentheses"),
        ("a.py", b"import chatkit\n\n\0", 3, "it holds NUL bytes, so it is not text"),
        ("a.py", b"import chatkit\n# caf\xe9\n", 2, "byte 20 is not valid utf-8"),
        ("a.py", b"import chatkit\n\n# caf\xe9\n", 3, "byte 21 is not valid utf-8"),
        ("a.py", b"# coding: nonsense\nimport chatkit\n", 1, "unknown encoding: nonsense"),
        ("a.py", b"# coding: hex\nimport chatkit\n", 1, "it cannot be decoded as hex"),
        ("a.py", b"# coding: undefined\nimport chatkit\n", 1, "it cannot be decoded as undefined"),
        ("a.py", b"import chatkit\nx = " + b"(" * 5000, 2, "too many nested parentheses"),
        ("a.py", b"import chatkit\nx = " + b"-" * 100_000 + b"1\n", 1, "it is nested too deeply to parse"),
        (
            "a.py",
            b"import chatkit\nx = " + b"-" * 200_000 + b"1\n",
            2,
            "it has more than 132,003 words and signs, too many to take in",
        ),
        ("a.py", b"import chatkit\nx = 1" + b" + 1" * 50_000 + b"\n", 1, "it is nested too deeply to parse"),
        ("a.py", b"import chatkit\nx = a" + b".b" * 50_000 + b"\n", 1, "it is nested too deeply to parse"),
        ("a.ts", b"// chatkit\n\0\x01\x02", 2, "it holds NUL bytes, so it is not text"),
        ("a.tsx", b"// chatkit\n// caf\xe9\n", 2, "byte 17 is not valid utf-8"),
        ("a.html", b"\xff\xfe" + "<p>chatkit".encode("utf-16-le") + b"x", 1, "byte 20 is not valid utf-16-le"),
        ("a.html", b'<meta charset="utf-8">\n<openai-chatkit>caf\xe9', 2, "byte 42 is not valid utf-8"),
        ("a.py", bytes(range(256)) + b"chatkit", 1, "it holds NUL bytes, so it is not text"),
    ],
)
def test_a_file_that_matters_and_cannot_be_taken_in_is_one_line(
    project: Path, name: str, data: bytes, line: int, reason: str
) -> None:
    (project / name).write_bytes(data)

    (found,), _ = concise()

    assert found.startswith(f"{name}:{line}:1: error: {name} cannot be read: ")
    assert reason in found
    assert found.endswith(" [CK903]")


@pytest.mark.parametrize("flags", [[], ["--format", "json"], ["--fix", "--unsafe-fixes"], ["--diff"]])
def test_every_format_takes_what_cannot_be_read(project: Path, flags: list[str]) -> None:
    (project / "a.py").write_bytes(b"import chatkit\nx = (\n\x0c")
    (project / "b.ts").write_bytes(b"// chatkit\n\0\x1b[31m\xff\n")
    before = (project / "a.py").read_bytes(), (project / "b.ts").read_bytes()

    outcome = call("scan", *flags)

    assert outcome.code == 1
    assert "\x1b" not in outcome.stdout
    assert "Traceback" not in outcome.stdout + outcome.stderr
    assert ((project / "a.py").read_bytes(), (project / "b.ts").read_bytes()) == before


def test_what_cannot_be_read_is_found_whatever_rule_is_selected_with_it(project: Path) -> None:
    (project / "a.py").write_bytes(b"import chatkit\nx = (\n")

    assert "a.py:2:1: error: " in call("scan", "--select", "CK903", "--format", "concise").stdout
    assert "a.py" not in call("scan", "--ignore", "CK903", "--format", "concise").stdout


@pytest.mark.parametrize("data", [b"x = (\n", b"\0\xff", b"x = " + b"(" * 500])
@pytest.mark.parametrize("name", ["a.py", "a.ts", "a.html"])
def test_a_file_that_has_nothing_to_do_with_chatkit_is_no_ones_business(project: Path, name: str, data: bytes) -> None:
    (project / name).write_bytes(data)

    assert concise()[0] == []


def test_a_file_without_permission_is_one_line(project: Path) -> None:
    write_files(project, {"secret.py": WITNESS, "closed/app.py": WITNESS})
    (project / "secret.py").chmod(0)
    (project / "closed").chmod(0)
    # All that pytest has made on the way: with several workers, that is a folder more.
    for folder in (project, *takewhile(lambda each: each != Path(gettempdir()), project.parents)):
        folder.chmod(folder.stat().st_mode | 0o555)
    # What root may read anyway; the rest of the modules is imported before the privileges go.
    code = (
        "import os, sys; from chatkit_doctor.scanning.flow import Options, run; from pathlib import Path\n"
        "run([Path('witness.py')], Options())\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "for each in run([Path()], Options()).findings: print(each.code, each.at.path.name, each.message, sep=': ')\n"
    )

    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False)
    (project / "closed").chmod(0o755)

    assert done.stderr == ""
    assert done.stdout.splitlines() == [
        "CK903: closed: closed cannot be read: permission denied",
        "CK903: secret.py: secret.py cannot be read: permission denied",
        "CK101: witness.py: no release of openai-chatkit has the module 'chatkit.stores'",
    ]


def test_a_file_that_vanishes_during_the_scan_is_one_line(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(project, {"fleeting.py": WITNESS})

    opening = os.open

    def vanishing(path: str, flags: int, *more: int, dir_fd: int | None = None) -> int:
        if str(path).endswith("fleeting.py"):
            (project / "fleeting.py").unlink(missing_ok=True)
        return opening(path, flags, *more, dir_fd=dir_fd)

    monkeypatch.setattr(os, "open", vanishing)

    (found,), _ = concise()

    assert found == "fleeting.py:1:1: error: fleeting.py cannot be read: it is not there any more [CK903]"


def test_a_configuration_that_only_a_build_writes_is_no_problem(project: Path) -> None:
    tsconfig = '{ "extends": "./.build/tsconfig.json", "references": [{ "path": "./shared" }] }\n'
    write_files(project, {"tsconfig.json": tsconfig, "chat.ts": "import '#chat';\n// @openai/chatkit-react\n"})

    assert concise()[0] == []


@pytest.mark.parametrize("lock", ["", '{"lockfileVersion": 3, "packages": {}}'])
def test_a_broken_package_json_is_told_where_a_page_belongs_to_it_and_nowhere_else(project: Path, lock: str) -> None:
    chat = "import { useChatKit } from '@openai/chatkit-react'\nexport const use = (given) => useChatKit(given)\n"
    write_files(project, {"web/package.json": '{ "name": ', "web/src/chat.js": chat, "other/package.json": "{"})
    if lock:
        write_files(project, {"web/package-lock.json": lock})

    lines, _ = concise()

    assert [line for line in lines if "package.json" in line] == [
        "web/package.json:1:1: error: package.json cannot be read: it is not valid JSON: expecting value [CK903]"
    ]


def test_of_bad_requirements_the_first_that_may_be_meant_as_the_sdk_is_told(project: Path) -> None:
    lines = ["@types/jest", '"fastapi>=0.1",', '"openai-chatkit>=1.4",', '"openai-agents>=0.6",']
    write_files(project, {"requirements.txt": "\n".join(lines) + "\n"})

    (found,), _ = concise()

    assert found.startswith("requirements.txt:3:1: error: ")
    assert "openai-chatkit" in found

    write_files(project, {"requirements.txt": "\n".join(lines[:2]) + "\n"})
    assert concise()[0] == []


# Size


@pytest.mark.parametrize("name", ["big.py", "big.js", "big.html"])
def test_a_huge_file_is_left_out_of_a_walk_and_said_when_it_is_named(project: Path, name: str) -> None:
    (project / name).write_bytes(b"import chatkit  \n" * (6_000_000 // 17))

    assert concise()[0] == []
    (found,), _ = concise(name)
    assert found == f"{name}:1:1: error: {name} cannot be read: it is 6.0 MB, over the 5 MB that are read [CK903]"


def test_a_bundle_is_left_out_of_a_walk_and_read_when_it_is_named(project: Path) -> None:
    body = "import{useChatKit}from'@openai/chatkit-react';useChatKit({api:{url:'/c'}});"
    (project / "bundle.js").write_text(body + "a(1,2,3);" * 5_000)

    assert concise()[0] == []
    found, _ = concise("bundle.js", "--select", "CK401")
    assert [line.split(":")[0] for line in found] == ["bundle.js"]
    assert len(found[0]) < 300


def test_the_report_of_a_very_long_line_is_short(project: Path) -> None:
    padding = "x" * 200_000
    write_files(project, {"long.py": f"a = '{padding}'; from chatkit.stores import Store; b = '{padding}'\n"})

    outcome = call("scan", "long.py", "--select", "CK101")

    assert "from chatkit.stores import" in outcome.stdout
    assert max(map(len, outcome.stdout.splitlines())) <= 120


# Text that is taken as it is

CHAT = "import {{ useChatKit }} from '@openai/chatkit-react'\n// {0}\nuseChatKit({{ api: {{ url: '/{0}' }} }})\n"
PAGE = "<html><head><title>{0}</title></head><body><openai-chatkit></openai-chatkit></body></html>\n"


@pytest.mark.parametrize(
    ("name", "data", "place"),
    [
        ("a.py", "# coding: latin-1\n'é'; from chatkit.stores import Store\n".encode("latin-1"), "2:11"),
        ("a.py", "# -*- coding: cp1252 -*-\n'€'; from chatkit.stores import Store\n".encode("cp1252"), "2:11"),
        ("a.py", b"\xef\xbb\xbffrom chatkit.stores import Store\n", "1:6"),
        ("a.py", b"x = 1\r\nfrom chatkit.stores import Store\r\n", "2:6"),
        ("a.py", b"x = 1\rfrom chatkit.stores import Store\r", "2:6"),
        ("a.py", b"x = 1\n\x0cfrom chatkit.stores import Store", "2:7"),
        ("a.py", "'👋\u2028'; from chatkit.stores import Store".encode(), "1:12"),
        ("a.js", CHAT.format("é👋\u2028").encode(), "3:14"),
        ("a.js", b"\xef\xbb\xbf" + CHAT.format("é").encode(), "3:14"),
        ("a.js", CHAT.format("é").replace("\n", "\r\n").rstrip().encode(), "3:14"),
        ("a.ts", b"\xff\xfe" + CHAT.format("é👋").encode("utf-16-le"), "3:14"),
        ("a.ts", b"\xfe\xff" + CHAT.format("é👋").encode("utf-16-be"), "3:14"),
        ("a.html", b"\xff\xfe" + PAGE.format("é").encode("utf-16-le"), "1:42"),
        ("a.html", PAGE.format('é</title><meta charset="iso-8859-1"><title>').encode("latin-1"), "1:84"),
        ("a.html", PAGE.format("</title><meta charset=nonsense><title>é").encode(), "1:80"),
    ],
)
def test_text_of_any_honest_encoding_is_read_and_mended_in_it(
    project: Path, name: str, data: bytes, place: str
) -> None:
    (project / name).write_bytes(data)
    rules = ["--select", "CK101,CK401,CK501"]

    found, _ = concise(".", *rules)
    assert [line.split(": ")[0] for line in found] == [f"{name}:{place}"]
    assert call("scan", "--fix", *rules).code == 0
    mended = (project / name).read_bytes()
    assert mended != data
    # All that was there is still there, byte for byte, around one insertion or replacement.
    assert common(data, mended) + common(data[::-1], mended[::-1]) >= len(data) - len("s")


def common(one: bytes, other: bytes) -> int:
    """Return how many bytes two files start with alike."""
    return next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


@pytest.mark.parametrize("name", ["a.py", "a.ts", "a.html", "a.vue", "package.json", "pyproject.toml", ".gitignore"])
@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\xff\xfe"])
def test_empty_files_are_nothing_special(project: Path, name: str, data: bytes) -> None:
    (project / name).write_bytes(data)

    found, _ = concise()

    assert [line for line in found if not line.startswith(("package.json", "pyproject.toml"))] == []
    assert all(line.endswith(" [CK903]") for line in found)


# Depth


def deep_python(opening: str, closing: str, core: str = "1") -> Callable[[int], str]:
    return lambda depth: f"import chatkit\nfrom chatkit.server import *\nx = {opening * depth}{core}{closing * depth}\n"


def deep_blocks(depth: int) -> str:
    return "import chatkit\n" + "".join(f"{' ' * level}if x:\n" for level in range(depth)) + " " * depth + "pass\n"


def deep_options(opening: str, closing: str) -> Callable[[int], str]:
    head = "import { useChatKit } from '@openai/chatkit-react'\nuseChatKit("
    return lambda depth: f"{head}{opening * depth}1{closing * depth})\n"


DEEP: dict[str, Callable[[int], str]] = {
    "parentheses.py": deep_python("(", ")"),
    "lists.py": deep_python("[", "]"),
    "calls.py": deep_python("chatkit.server.respond(", ")"),
    "attributes.py": deep_python("", ".x", "chatkit"),
    "chain.py": deep_python("", ".x()", "chatkit.server"),
    "sums.py": deep_python("", " + 1"),
    "lambdas.py": deep_python("lambda: ", ""),
    "conditions.py": deep_python("1 if x else ", ""),
    "strings.py": deep_python("", " 'x'", "'x'"),
    "unions.py": lambda depth: "from chatkit.types import Event\nx: Event" + " | Event" * depth + "\n",
    "elifs.py": lambda depth: "import chatkit\nif x: pass\n" + "elif chatkit.x: pass\n" * depth,
    "blocks.py": deep_blocks,
    "bases.py": lambda depth: (
        "from chatkit.store import Store\nclass C0(Store): pass\n"
        + "".join(f"class C{n + 1}(C{n}): pass\n" for n in range(min(depth, 30)))
        + f"C{min(depth, 30)}()\n"
    ),
    "aliases.py": lambda depth: (
        "from chatkit.store import Store as S0\n"
        + "".join(f"S{n + 1} = S{n}\n" for n in range(depth))
        + f"class C(S{depth}): pass\nC()\n"
    ),
    "objects.ts": deep_options("{ api: ", " }"),
    "arrays.ts": deep_options("[", "]"),
    "functions.ts": lambda depth: deep_options("useMemo(() => (", "))")(min(depth, 900)),
    "ternaries.ts": deep_options("x ? 1 : ", ""),
    "spreads.ts": deep_options("{ ...", " }"),
    "templates.ts": deep_options("`${", "}`"),
    "sums.ts": deep_options("1 + ", ""),
    "members.ts": deep_options("", ".x"),
    "constants.ts": lambda depth: (
        "import { useChatKit } from '@openai/chatkit-react'\nconst a0 = { url: '/x' }\n"
        + "".join(f"const a{n + 1} = {{ ...a{n} }}\n" for n in range(depth))
        + f"useChatKit({{ api: a{depth} }})\n"
    ),
    "circle.ts": lambda depth: (
        "import { useChatKit } from '@openai/chatkit-react'\n"
        + "".join(f"const a{n} = {{ ...a{(n + 1) % (depth + 1)} }}\n" for n in range(depth + 1))
        + "useChatKit({ api: a0 })\n"
    ),
    "elements.tsx": lambda depth: (
        "import { ChatKit } from '@openai/chatkit-react'\nexport const x = "
        + "<div>" * depth
        + "<ChatKit />"
        + "</div>" * depth
    ),
    "elements.html": lambda depth: "<div>" * depth + "<openai-chatkit></openai-chatkit>" + "</div>" * depth,
    "open.html": lambda depth: "<div><openai-chatkit>" * min(depth, 200),
    "unions.ts": lambda depth: (
        "import type { ChatKitOptions } from '@openai/chatkit'\nconst x: ChatKitOptions"
        + " & ChatKitOptions" * depth
        + " = { api: { url: '/x' } }\n"
    ),
}


@pytest.mark.parametrize("depth", [60, 200])
def test_what_people_and_generators_nest_is_read(project: Path, depth: int) -> None:
    write_files(project, {name: make(depth) for name, make in DEEP.items()})

    result = scan([Path()], Options())

    assert [(each.code, each.path, each.error) for each in result.internal_errors] == []
    # CPython's own limits are 100 levels of indentation and 200 of brackets.
    unread = {finding.at.path.name for finding in result.findings if finding.code == "CK903"}
    assert unread <= ({"parentheses.py", "lists.py", "calls.py", "blocks.py"} if depth > 60 else set())


@pytest.mark.parametrize("depth", [1000, 3000])
@pytest.mark.parametrize("suffix", ["py", "ts", "html"])
def test_what_nobody_nests_does_not_end_the_scan(project: Path, depth: int, suffix: str) -> None:
    write_files(project, {name: make(depth) for name, make in DEEP.items() if name.endswith(suffix)})

    result = scan([Path()], Options())

    assert {each.error.partition(":")[0] for each in result.internal_errors} <= {"RecursionError"}
    assert {each.path.suffix for each in result.internal_errors if each.path} <= {".py"}
    # A level of brackets is several levels of a tree, of which a web file may have 5,000.
    too_deep = {".py", ".ts"} if depth > 1000 else {".py"}
    assert {finding.at.path.suffix for finding in result.findings if finding.code == "CK903"} <= too_deep


# Names and kinds of files


@pytest.mark.parametrize(
    "name",
    [
        "with space.py",
        "new\nline.py",
        "tab\there.py",
        "naïve-☕.py",
        "\x1b[31mred.py",
        "'quoted\".py",
        "-dash.py",
        "a:1:2: error.py",
        "$(touch x).py",
        os.fsdecode(b"caf\xe9.py"),
        "x.py/y.py",
        "a" * 200 + ".py",
    ],
)
def test_any_name_is_taken_and_shown_on_one_line(project: Path, name: str) -> None:
    path = project / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(WITNESS)

    (found,), _ = concise()
    assert ":1:6: error: " in found
    assert found.replace("\t", " ").isprintable()
    assert len(concise(f"./{name}")[0]) == 1
    for code, flags in ((1, ["--format", "json"]), (1, ["--diff"]), (0, ["--fix"])):
        assert call("scan", *flags).code == code
    assert path.read_text() == WITNESS.replace("stores", "store")


@pytest.mark.parametrize("name", ["pipe.py", "pipe.ts", "package.json", "pyproject.toml", ".gitignore"])
def test_a_pipe_does_not_hold_up_the_scan(project: Path, name: str) -> None:
    os.mkfifo(project / name)

    complaint = f"{name}:1:1: error: {name} cannot be read: it is a named pipe, not a regular file [CK903]"

    found, _ = concise()
    assert found == ([complaint] if name in {"pyproject.toml", "package.json"} else [])
    if name.startswith("pipe"):
        assert concise(name)[0] == [complaint]


def test_links_that_lead_nowhere_or_in_circles_do_not_hold_up_the_scan(project: Path) -> None:
    (project / "loop").symlink_to(project)
    (project / "self.py").symlink_to("self.py")
    (project / "dangling.py").symlink_to("nowhere.py")
    (project / "sub").mkdir()
    (project / "sub" / "up").symlink_to("..")

    assert concise()[0] == []
    (dangling,), _ = concise("dangling.py")
    assert dangling.endswith("dangling.py cannot be read: it is not there any more [CK903]")
    (circle,), _ = concise("self.py")
    assert circle.endswith("self.py cannot be read: its symbolic links form a loop [CK903]")


def test_a_folder_named_like_a_file_is_a_folder(project: Path) -> None:
    write_files(project, {"app.py/inner.py": WITNESS, "web.ts/readme.md": ""})

    found, _ = concise()
    assert [line.split(":")[0] for line in found] == ["app.py/inner.py"]
    assert call("scan", "web.ts").code == 3


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("package.json", b'{"dependencies": '),
        ("package.json", b"[1]"),
        ("package.json", b'{"dependencies": ["openai-chatkit"]}'),
        ("package.json", b"[" * 100_000),
        ("package-lock.json", b'{"packages": {"node_modules/@openai/chatkit": 3}}'),
        ("pyproject.toml", b"[project\n"),
        ("pyproject.toml", b"project = 3\n"),
        ("pyproject.toml", b"\xff\xfe\xff"),
        ("requirements.txt", b"openai-chatkit==\0\n-r requirements.txt\n-c nowhere.txt\n"),
        ("uv.lock", b"package = 7\n"),
        ("poetry.lock", b"[[package]]\nname = 3\n"),
        ("pnpm-lock.yaml", b"packages:\n  - *x\n\t"),
        ("yarn.lock", b"\xff"),
        ("bun.lock", b"{,}"),
        ("tsconfig.json", b'{"compilerOptions": {"paths": 3}, "extends": "./tsconfig.json"}'),
        ("setup.cfg", b"[metadata\n"),
    ],
)
def test_a_broken_manifest_does_not_stop_the_scan(project: Path, name: str, data: bytes) -> None:
    write_files(project, {"web.ts": CHAT.format("x")})
    (project / name).write_bytes(data)

    result = scan([Path()], Options())

    assert [(each.code, each.error) for each in result.internal_errors] == []
    assert {"CK101", "CK401"} <= {finding.code for finding in result.findings}


# Chance

SOUND = [
    path.read_bytes()
    for path in sorted((ROOT / "fixtures" / "broken").rglob("*"))
    if path.suffix in {".py", ".tsx", ".html", ".ts", ".json", ".txt"} and "node_modules" not in path.parts
]
NAMES = ["a.py", "b.ts", "c.tsx", "d.html", "e.vue", "f.js", "package.json", "pyproject.toml", "requirements.txt"]


def mutated(data: bytes, seed: int) -> bytes:
    """Return a file with stretches of it cut out, doubled, moved or overwritten."""
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 8)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.randint(0, 40))
        piece = chance.choice(
            [b"", data[start:end] * 2, chance.randbytes(3), b"{", b"(", b"<", b'"', b"`", b"\n", b"}"]
        )
        data = data[:start] + piece + data[end:]
    return data


CONTENT = st.one_of(
    st.binary(max_size=200).map(lambda data: b"chatkit " + data),
    st.text(max_size=200).map(lambda text: b"import chatkit\n" + text.encode(errors="replace")),
    st.builds(mutated, st.sampled_from(SOUND), st.integers(0, 2**32)),
)


@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.dictionaries(st.sampled_from(NAMES), CONTENT, min_size=1, max_size=5))
def test_no_content_crashes_the_scan(project: Path, files: dict[str, bytes]) -> None:
    for name in NAMES:
        (project / name).unlink(missing_ok=True)
    for name, data in files.items():
        (project / name).write_bytes(data)

    result = scan([Path()], Options())

    assert [(each.code, each.path, each.traceback) for each in result.internal_errors] == []
    assert "witness.py" in {finding.at.path.name for finding in result.findings}
    for finding in result.findings:
        assert 0 <= finding.at.start <= finding.at.end <= len(finding.at.source.text)
        assert "\n" not in finding.message


_ENDLESS = "9" * 5_000
_LOCKED = '[[package]]\nname = "openai-chatkit"\nversion = "1.{}"\n'
_ENDLESS_NUMBERS = {
    "a pin": ("requirements.txt", f"openai-chatkit==1.{_ENDLESS}\n"),
    "a pre-release": ("requirements.txt", f"openai-chatkit==1.0rc{_ENDLESS}\n"),
    "an npm range": ("package.json", f'{{"dependencies": {{"@openai/chatkit-react": "^1.{_ENDLESS}.0"}}}}'),
    "an npm pin": ("package.json", f'{{"dependencies": {{"@openai/chatkit-react": "1.{_ENDLESS}.0"}}}}'),
    "no npm range at all": ("package.json", f'{{"dependencies": {{"@openai/chatkit-react": {_ENDLESS}}}}}'),
    "a project": ("pyproject.toml", f'[project]\nname = "x"\ndependencies = ["openai-chatkit>=1.{_ENDLESS}"]\n'),
    "a poetry range": ("pyproject.toml", f'[tool.poetry.dependencies]\nopenai-chatkit = "^1.{_ENDLESS}"\n'),
    "a poetry bound": ("pyproject.toml", f'[tool.poetry.dependencies]\nopenai-chatkit = ">=1.{_ENDLESS}rc1"\n'),
    "no poetry range at all": ("pyproject.toml", f"[tool.poetry.dependencies]\nopenai-chatkit = {_ENDLESS}\n"),
    "a Pipfile": ("Pipfile", f'[packages]\nopenai-chatkit = "~=1.{_ENDLESS}rc1"\n'),
    "a lock": ("uv.lock", f"version = 1\n{_LOCKED.format(_ENDLESS)}"),
    "a lock of two": ("uv.lock", f"version = 1\n{_LOCKED.format(_ENDLESS)}{_LOCKED.format('6.5')}"),
    "a lock of pipenv": ("Pipfile.lock", f'{{"default": {{"openai-chatkit": {{"version": "==1.{_ENDLESS}"}}}}}}'),
    "a lock of npm": (
        "package-lock.json",
        f'{{"lockfileVersion": 3, "packages": {{"node_modules/@openai/chatkit": {{"version": "1.{_ENDLESS}.0"}}}}}}',
    ),
    "what is installed": ("node_modules/@openai/chatkit-react/package.json", f'{{"version": "1.{_ENDLESS}.0"}}'),
}


@pytest.mark.parametrize(("name", "text"), _ENDLESS_NUMBERS.values(), ids=_ENDLESS_NUMBERS)
def test_a_number_of_thousands_of_digits_does_not_end_a_scan(project: Path, name: str, text: str) -> None:
    write_files(project, {"app.tsx": 'import { useChatKit } from "@openai/chatkit-react";\n', name: text})

    done = call("scan", "--no-cache", "--format", "concise")

    assert WITNESSED in done.stdout
    assert "failed" not in done.stderr
    assert "internal error" not in done.stderr


def test_settings_with_a_number_of_thousands_of_digits_are_refused_in_a_line(project: Path) -> None:
    write_files(project, {"chatkit-doctor.toml": f"target = {_ENDLESS}\n"})

    done = call("scan", "--no-cache")

    assert done.code == 2
    assert done.stderr == "error: chatkit-doctor.toml:1: it holds a number of more than 4,300 digits\n"
