"""Which files a scan sees, and that reading one of them never hangs, crashes or surprises."""

from __future__ import annotations

import errno
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatkit_doctor.project.files import FileKind, FileProblem, kind_of, looks_generated, mentions, read_bytes
from chatkit_doctor.project.files.kinds import is_written_by_tools
from chatkit_doctor.project.files.listing import Listing, discover
from tests.projects import write_exactly


def write(root: Path, files: dict[str, str]) -> Path:
    write_exactly(root, files)
    return root


def tree(root: Path, *names: str) -> Path:
    return write(root, dict.fromkeys(names, ""))


def names(root: Path, *, exclude: tuple[str, ...] = ()) -> list[str]:
    return [path.relative_to(root).as_posix() for path in discover(root, exclude=exclude).files]


def git(root: Path, *args: str, stdin: str = "") -> str:
    environment = {"PATH": os.environ["PATH"], "HOME": str(root), "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(
        ["git", *args], cwd=root, env=environment, input=stdin, capture_output=True, text=True, check=False
    )
    assert done.returncode in {0, 1}, done.stderr
    return done.stdout


# Kinds


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("store.py", FileKind.PYTHON),
        ("SERVER.PY", FileKind.PYTHON),
        ("App.tsx", FileKind.WEB),
        ("next.config.mjs", FileKind.WEB),
        ("index.html", FileKind.WEB),
        ("Chat.vue", FileKind.WEB),
        ("plugin.php", FileKind.WEB),
        ("requirements-dev.txt", FileKind.MANIFEST),
        ("dev-requirements.in", FileKind.MANIFEST),
        ("tsconfig.app.json", FileKind.MANIFEST),
        ("jsconfig.json", FileKind.MANIFEST),
        ("package.json", FileKind.MANIFEST),
        ("uv.lock", FileKind.MANIFEST),
        ("card.widget", FileKind.MANIFEST),
        ("Dockerfile.prod", FileKind.MANIFEST),
        ("docker-compose.yml", FileKind.MANIFEST),
        (".env.local", FileKind.MANIFEST),
        ("README.md", None),
        ("guide.mdx", None),
        ("stubs.pyi", None),
        ("data.json", None),
        ("notes.txt", None),
        ("py", None),
    ],
)
def test_kind_comes_from_the_name(name: str, kind: FileKind | None) -> None:
    assert kind_of(name) == kind
    assert Listing(Path("/r"), ()).kind(Path("/r/x") / name) == kind


# What kinds of names there are, as patterns; reading them without any is quicker to start.
_GENERATED = re.compile(
    r"[.-]min\.[cm]?js|[.-](?:bundle|chunk)\.[cm]?js|\.d\.[cm]?ts"
    r"|[.-](?=[a-f]*[0-9])(?=[0-9]*[a-f])[0-9a-f]{8,}\.[cm]?js"
)
_NAMED_MANIFEST = re.compile(r".*requirements.*\.(?:txt|in)|[jt]sconfig.*\.json|(?:docker-)?compose.*\.ya?ml")
_NAME_PARTS = (
    *("min", "bundle", "chunk", "d", "-", ".", "js", "cjs", "mjs", "ts", "cts", "a1b2c3d4", "12345678", "deadbeef"),
    *("A1B2C3D4E", "00ff", "requirements", "txt", "in", "tsconfig", "jsconfig", "json", "docker-", "compose", "yml"),
    *("yaml", ".json", ".txt", ".yml", ".js", ".min", "x"),
)


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(_NAME_PARTS), min_size=1, max_size=6).map("".join))
def test_names_are_read_as_patterns_would_read_them(name: str) -> None:
    ends_generated = any(_GENERATED.fullmatch(name[start:]) for start in range(len(name)))
    assert is_written_by_tools(name) == ends_generated
    if name.endswith((".txt", ".in", ".json", ".yml", ".yaml")) and name != "package.json":
        assert (kind_of(name) is FileKind.MANIFEST) == bool(_NAMED_MANIFEST.fullmatch(name))


# What a walk leaves out


def test_files_are_sorted_and_only_those_that_can_matter(tmp_path: Path) -> None:
    tree(tmp_path, "b.py", "a/z.ts", "a/logo.svg", "README.md", "package.json", "a.py")
    assert names(tmp_path) == ["a.py", "a/z.ts", "b.py", "package.json"]


@pytest.mark.parametrize(
    "folder",
    [
        *("node_modules", "bower_components", "vendor", "third_party", "site-packages", "venv", "__pycache__"),
        *(".git", ".venv", ".next", ".nuxt", ".svelte-kit", ".output", ".docusaurus", ".vercel", ".tox", ".mypy_cache"),
        *(".claude", ".cursor", ".codex", ".gemini", ".agents", ".specify", ".windsurf", ".kiro", ".opencode"),
        *("dist", "build", "out", "target", "coverage", "htmlcov", "lcov-report"),
    ],
)
def test_folders_of_tools_are_left_out_at_any_depth(tmp_path: Path, folder: str) -> None:
    tree(tmp_path, f"{folder}/x.py", f"app/{folder}/deep/x.js", "app/main.py", f"my{folder}/kept.py")
    tree(tmp_path, f"{folder}.py")
    assert names(tmp_path) == sorted(["app/main.py", f"my{folder}/kept.py", f"{folder}.py"])


def test_folders_of_tools_are_not_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "node_modules/a/b.js", ".git/config.py", "ignored/a.py", "app/main.py")
    write(tmp_path, {".gitignore": "ignored/\n"})
    looked_into: list[str] = []
    scandir = os.scandir

    def noting(path: str) -> object:
        looked_into.append(os.path.relpath(path, tmp_path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", noting)
    discover(tmp_path)
    assert looked_into == [".", "app"]


@pytest.mark.parametrize("source", ["page.tsx", "index.ts", "__init__.py", "Step.vue"])
@pytest.mark.parametrize("folder", ["build", "out", "target", "coverage"])
def test_a_route_or_package_named_like_output_is_kept(tmp_path: Path, folder: str, source: str) -> None:
    tree(tmp_path, f"src/{folder}/{source}", f"src/{folder}/inner/x.js")
    assert names(tmp_path) == sorted([f"src/{folder}/{source}", f"src/{folder}/inner/x.js"])


def test_declarations_do_not_make_output_a_source_folder(tmp_path: Path) -> None:
    tree(tmp_path, "build/index.js", "build/index.d.ts", "build/index.d.mts")
    assert names(tmp_path) == []


@pytest.mark.parametrize("marker", ["pyvenv.cfg", "conda-meta/history"])
def test_environments_are_left_out_whatever_their_name(tmp_path: Path, marker: str) -> None:
    tree(tmp_path, f"py311/{marker}", "py311/lib/python3.11/os.py", "main.py")
    assert names(tmp_path) == ["main.py"]


def test_an_environment_around_the_code_does_not_hide_it(tmp_path: Path) -> None:
    tree(tmp_path, "api/pyvenv.cfg", "api/main.py", "api/lib/python3.11/site-packages/fastapi/x.py")
    assert names(tmp_path) == ["api/main.py"]


def test_dot_folders_with_code_are_walked(tmp_path: Path) -> None:
    tree(tmp_path, ".vitepress/theme/index.ts", ".storybook/preview-head.html", ".vscode/x.js")
    assert names(tmp_path) == [".storybook/preview-head.html", ".vitepress/theme/index.ts"]


@pytest.mark.parametrize(
    "name",
    [
        "app.min.js",
        "app-min.js",
        "vendor.bundle.js",
        "2.chunk.mjs",
        "main.4f3a9bc1.js",
        "index-0a1b2c3d4e5f.js",
        "x.d.ts",
    ],
)
def test_files_written_by_tools_are_left_out_by_name(tmp_path: Path, name: str) -> None:
    tree(tmp_path, name)
    assert names(tmp_path) == []


@pytest.mark.parametrize("name", ["report-20240101.js", "admin.js", "user-settings.js", "x-deadbeef.js", "minutes.js"])
def test_files_named_by_people_are_kept(tmp_path: Path, name: str) -> None:
    tree(tmp_path, name)
    assert names(tmp_path) == [name]


@pytest.mark.parametrize("root", ["node_modules/pkg", "build", ".claude", "venv"])
def test_what_is_left_out_counts_below_the_root_only(tmp_path: Path, root: str) -> None:
    tree(tmp_path, f"{root}/x.js", f"{root}/node_modules/y.js")
    assert names(tmp_path / root) == ["x.js"]


def test_an_environment_given_as_the_root_is_walked(tmp_path: Path) -> None:
    tree(tmp_path, "env/pyvenv.cfg", "env/src/x.py")
    assert names(tmp_path / "env") == ["src/x.py"]


# Ignore rules


def test_gitignore_is_respected_without_a_repository(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "secret.py\n"})
    tree(tmp_path, "secret.py", "app/secret.py", "app/main.py")
    assert names(tmp_path) == ["app/main.py"]


def test_rules_above_the_root_hold_up_to_the_repository(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "*.py\n"})
    repo = tmp_path / "repo"
    write(
        repo, {".git/info/exclude": "mine.ts\n", ".gitignore": "/web/gen.ts\ngen.js\n", "web/.gitignore": "!gen.js\n"}
    )
    tree(repo, "web/app/a.py", "web/app/gen.js", "web/app/mine.ts", "web/gen.ts", "web/app/gen.ts")
    assert names(repo / "web") == ["app/a.py", "app/gen.js", "app/gen.ts"]
    assert names(repo / "web" / "app") == ["a.py", "gen.js", "gen.ts"]


def test_a_root_that_is_ignored_itself_is_walked(tmp_path: Path) -> None:
    write(tmp_path, {".git/HEAD": "", ".gitignore": "generated/\n*.js\n"})
    tree(tmp_path, "generated/app/x.js")
    assert names(tmp_path) == []
    assert names(tmp_path / "generated") == ["app/x.js"]
    assert names(tmp_path / "generated" / "app") == ["x.js"]


def test_exclude_is_relative_to_the_root_and_not_undone_by_gitignore(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": "!*.py\n"})
    tree(tmp_path, "gen/a.py", "app/gen/b.py", "app/old_x.py", "app/x.py")
    assert names(tmp_path, exclude=("/gen", "old_*.py")) == ["app/gen/b.py", "app/x.py"]


def test_an_ignore_file_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    tree(tmp_path, "a.py")
    (tmp_path / ".gitignore").write_bytes(b"#" * 5_000_001)
    listing = discover(tmp_path)
    assert [problem.reason for problem in listing.problems] == ["it is 5.1 MB, over the 5 MB that are read"]
    assert listing.files == (tmp_path / "a.py",)


_TREE = [
    "a.py",
    "b.py",
    "x/a.py",
    "x/b.js",
    "x/y/a.py",
    "x/y/b.js",
    "x/y/z/c d.ts",
    "y/x/b.py",
    "[a].py",
    "#x.py",
    "!a.py",
    "z/a.py",
]

_GLOBS = [
    *(
        "*",
        "*.py",
        "*.js",
        "!*.py",
        "!*/",
        "!x",
        "!a.py",
        "!/x/",
        "/*",
        "/a.py",
        "x",
        "x/",
        "/x/",
        "x/*",
        "x/**",
        "!x/y",
    ),
    *(
        "!x/y/",
        "x/y",
        "**/y",
        "**/a.py",
        "x/**/b.js",
        "**",
        "**/",
        "/**",
        "x/**/",
        "a**/y",
        "?.py",
        "[ab].py",
        "[!a].py",
    ),
    *(
        "[^a].py",
        "[a-c]*",
        "\\[a\\].py",
        "\\#x.py",
        "#x.py",
        "\\!a.py",
        "!",
        "/",
        "//",
        "x//",
        "*[^]*",
        "[\\]*",
        "*a*.p*",
        "*a**p*y",
        "*.*y*",
        "**/**/a.py",
        "x/**/**/b.js",
        "**/x/*a*",
        "",
        "a.py ",
        "a.py\\ ",
        "c d.ts",
    ),
    *(
        "[a",
        "a\\",
        "[]a].py",
        "[z-a].py",
        "x//y",
        "./a.py",
        "*/b*",
        "y/z/",
        "***/a.py",
        "x/*/b.js",
        "[a-",
        "a.py\r",
        "\\a.py",
    ),
    *(
        "*\\",
        "x/y/**",
        "!x/y/**",
        "/x/**/z",
        "**/x/**",
        "[[]a].py",
        "[!]].py",
        "*.p[xy]",
        "x?y",
        "x[/]y",
        "{a,b}.py",
        ".",
    ),
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    git(root, "init", "--quiet")
    return tree(root, *_TREE)


def assert_same_as_git(root: Path, ignore_files: dict[str, str]) -> None:
    for name in ("", "x/", "x/y/"):
        (root / f"{name}.gitignore").write_bytes(ignore_files.get(name, "").encode())
    by_git = set(git(root, "check-ignore", "--stdin", "-z", stdin="\0".join(_TREE)).split("\0"))
    assert names(root) == sorted(set(_TREE) - by_git)


@pytest.mark.parametrize("glob", _GLOBS)
def test_each_form_of_a_rule_is_read_as_git_reads_it(repository: Path, glob: str) -> None:
    assert_same_as_git(repository, {"": f"{glob}\n"})
    assert_same_as_git(repository, {"": "*\n!*/\n" + f"!{glob}\n"})
    assert_same_as_git(repository, {"x/": f"{glob}\n"})


_IGNORE_FILE = st.lists(st.sampled_from(_GLOBS), max_size=5).map(lambda lines: "\n".join([*lines, ""]))


@settings(max_examples=60, deadline=None)
@given(st.fixed_dictionaries({"": _IGNORE_FILE, "x/": _IGNORE_FILE, "x/y/": _IGNORE_FILE}))
def test_nested_rules_are_read_as_git_reads_them(repository: Path, ignore_files: dict[str, str]) -> None:
    assert_same_as_git(repository, ignore_files)


@settings(max_examples=60, deadline=None)
@given(st.text("ab./*?[]!^-\\#xy ", max_size=9))
def test_any_rule_is_read_as_git_reads_it(repository: Path, glob: str) -> None:
    assert_same_as_git(repository, {"": f"{glob}\n"})


@pytest.mark.parametrize("glob", ["*a" * 60 + "*b", "**/" * 60 + "b", "**/a/" * 4 + "b"])
def test_a_rule_of_many_stars_is_decided(tmp_path: Path, glob: str) -> None:
    folder = "a/" * 40
    write(tmp_path, {".gitignore": f"{glob}\n"})
    tree(tmp_path, "a" * 200 + ".py", f"{folder}x.py")
    assert names(tmp_path) == sorted(["a" * 200 + ".py", f"{folder}x.py"])


def test_a_byte_order_mark_does_not_spoil_the_first_rule(tmp_path: Path) -> None:
    tree(tmp_path, "a.py", "b.py")
    (tmp_path / ".gitignore").write_bytes(b"\xef\xbb\xbfa.py\r\n")
    assert names(tmp_path) == ["b.py"]


# Links and odd names


def test_links_to_folders_are_not_followed(tmp_path: Path) -> None:
    tree(tmp_path, "root/app/a.py", "outside/b.py")
    root = tmp_path / "root"
    (root / "app" / "loop").symlink_to(root)
    (root / "again").symlink_to(root / "app")
    (root / "out_of_it").symlink_to(tmp_path / "outside")
    assert names(root) == ["app/a.py"]


def test_links_to_files_count_once_and_only_inside_the_root(tmp_path: Path) -> None:
    tree(tmp_path, "root/a.py", "root/script", "outside.py")
    root = tmp_path / "root"
    for link, target in {
        "same.py": "a.py",
        "first.py": "script",
        "second.py": "script",
        "outer.py": "../outside.py",
        "broken.py": "nowhere",
        "circle.py": "circle.py",
    }.items():
        (root / link).symlink_to(target)
    listing = discover(root)
    assert [path.name for path in listing.files] == ["a.py", "first.py"]
    assert listing.problems == ()


def test_a_link_given_as_the_root_is_walked_under_its_own_name(tmp_path: Path) -> None:
    tree(tmp_path, "real/a.py")
    (tmp_path / "real" / "b.py").symlink_to("a.py")
    (tmp_path / "link").symlink_to("real")
    assert discover(tmp_path / "link").files == (tmp_path / "link" / "a.py",)


def test_names_that_are_not_text_are_listed_and_read(tmp_path: Path) -> None:
    for name in (b"caf\xe9.py", b"two\nlines.py"):
        (tmp_path / os.fsdecode(name)).write_bytes(name)
    write(tmp_path, {".gitignore": "ignored\n"})
    listing = discover(tmp_path)
    assert [(os.fsencode(path.name), read_bytes(path)) for path in listing.files] == [
        (b"caf\xe9.py", b"caf\xe9.py"),
        (b"two\nlines.py", b"two\nlines.py"),
    ]


def test_rules_hold_for_names_that_are_not_text(tmp_path: Path) -> None:
    for name in (b"caf\xe9.py", b"two\nlines.py", b"kept.py"):
        (tmp_path / os.fsdecode(name)).touch()
    (tmp_path / ".gitignore").write_bytes(b"caf\xe9.py\ntwo*s.py\n")
    assert names(tmp_path) == ["kept.py"]


def test_pipes_and_folders_named_like_code_are_not_listed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.py")
    tree(tmp_path, "folder.py/a.ts")
    assert names(tmp_path) == ["folder.py/a.ts"]


def test_a_folder_that_cannot_be_read_is_a_problem_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "locked/a.py", "open/b.py", "gone/c.py")
    failures = {
        "locked": PermissionError(errno.EACCES, "Permission denied"),
        "gone": FileNotFoundError(errno.ENOENT, "No"),
    }
    scandir = os.scandir

    def failing(path: str) -> object:
        if (name := Path(path).name) in failures:
            raise failures[name]
        return scandir(path)

    monkeypatch.setattr(os, "scandir", failing)
    listing = discover(tmp_path)
    assert [path.name for path in listing.files] == ["b.py"]
    assert {problem.path.name: problem.reason for problem in listing.problems} == {
        "locked": "it cannot be read: permission denied",
        "gone": "it is not there any more",
    }


# Several roots, explicit files


def test_merged_listings_hold_each_file_once_and_explicit_files_whatever_they_are(tmp_path: Path) -> None:
    tree(tmp_path, "web/a.ts", "web/node_modules/b.js", "api/c.py")
    explicit = tmp_path / "web" / "node_modules" / "b.js"
    merged = Listing.merged(
        [discover(tmp_path / "web"), discover(tmp_path / "api"), discover(tmp_path / "api")], [explicit]
    )
    assert merged.root == tmp_path
    assert [path.relative_to(tmp_path).as_posix() for path in merged.files] == [
        "api/c.py",
        "web/a.ts",
        "web/node_modules/b.js",
    ]
    assert merged.explicit == {explicit}


def test_merged_listings_keep_each_problem_once(tmp_path: Path) -> None:
    problem, same = FileProblem(tmp_path / "x", "it is a folder"), FileProblem(tmp_path / "x", "it is a folder")
    listings = [Listing(tmp_path, (), (each,)) for each in (problem, same)]
    assert [each.path for each in Listing.merged(listings).problems] == [tmp_path / "x"]


def test_a_relative_root_gives_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree(tmp_path, "app/a.py", "other/b.py")
    monkeypatch.chdir(tmp_path / "other")
    assert discover(Path("../app")).files == (tmp_path / "app" / "a.py",)


# Reading


def reason(path: Path, limit: int = 100) -> str:
    with pytest.raises(FileProblem) as caught:
        read_bytes(path, limit)
    assert caught.value.path == path
    return caught.value.reason


@pytest.mark.parametrize("size", [0, 1, 99, 100])
def test_a_file_up_to_the_limit_is_read_whole(tmp_path: Path, size: int) -> None:
    (tmp_path / "a.py").write_bytes(b"x" * size)
    assert read_bytes(tmp_path / "a.py", 100) == b"x" * size


def test_a_file_over_the_limit_says_both_sizes(tmp_path: Path) -> None:
    (tmp_path / "a.js").write_bytes(b"")
    os.truncate(tmp_path / "a.js", 7_180_000)
    assert reason(tmp_path / "a.js", 5_000_000) == "it is 7.2 MB, over the 5 MB that are read"


def test_a_pipe_is_refused_without_waiting_for_a_writer(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert reason(tmp_path / "a.py") == "it is a named pipe, not a regular file"


def test_devices_sockets_and_folders_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reason(tmp_path) == "it is a folder, not a regular file"
    assert reason(Path("/dev/zero")) == "it is a device, not a regular file"
    monkeypatch.chdir(tmp_path)  # a socket's path must be short
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.py")
        assert reason(tmp_path / "s.py") == "it is a socket, not a regular file"


def test_a_file_deleted_after_the_walk_and_a_loop_of_links_say_so(tmp_path: Path) -> None:
    (tmp_path / "loop.py").symlink_to("loop.py")
    assert reason(tmp_path / "gone.py") == "it is not there any more"
    assert reason(tmp_path / "loop.py") == "its symbolic links form a loop"


def test_a_file_deleted_while_it_is_read_is_still_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"whole")
    fstat = os.fstat

    def delete(descriptor: int) -> os.stat_result:
        path.unlink()
        return fstat(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fstat", delete)
        assert read_bytes(path) == b"whole"
    assert not path.exists()


def test_a_file_that_grows_while_it_is_read_is_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"one")
    fstat = os.fstat

    def grow(descriptor: int) -> os.stat_result:
        status = fstat(descriptor)
        path.write_bytes(b"one and more")
        return status

    monkeypatch.setattr(os, "fstat", grow)
    assert read_bytes(path) == b"one and more"
    path.write_bytes(b"one")
    assert reason(path, 5).endswith("over the 5e-06 MB that are read")


def test_a_failing_disk_is_a_reason_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> int:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "open", fail)
    assert reason(tmp_path / "a.py") == "it cannot be read: input/output error"


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="file modes are POSIX")
def test_a_file_without_permission_says_so(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.touch(mode=0o000)
    code = (
        "import os, sys; from pathlib import Path; from chatkit_doctor.project.files import FileProblem, read_bytes\n"
        "if os.geteuid() == 0: os.seteuid(65534)\n"
        "try: read_bytes(Path(sys.argv[1]))\n"
        "except FileProblem as problem: print(problem.reason)\n"
    )
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(folder.stat().st_mode | 0o111)
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("it cannot be read: permission denied\n", "")


# Tests on bytes


def test_mentions_any_of_the_needles() -> None:
    assert mentions(b"from chatkit.store import Store", (b"useChatKit", b"chatkit"))
    assert not mentions(b"from ChatKit import Store", (b"useChatKit", b"chatkit"))
    assert not mentions(b"chatkit", ())


_STATEMENTS = b"var a=1,b=2;f(a,b);" * 200


@pytest.mark.parametrize(
    "data",
    [
        _STATEMENTS,
        b"/*! licence */\n" + _STATEMENTS + b"\n",
        b'"use strict";\nexports.x = 1;\n//# sourceMappingURL=x.js.map\n',
    ],
)
def test_bundles_look_generated(data: bytes) -> None:
    assert looks_generated(data)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"const a = 1;\n" * 5000,
        b'export const LOGO = "data:image/png;base64,' + b"iVBORw0KGgo" * 5000 + b'";\n',
        b"<!doctype html><style>" + _STATEMENTS + b"</style>",
        b"\xef\xbb\xbf\n  <html><script>" + _STATEMENTS + b"</script></html>",
        b'const marker = "//# sourceMappingURL=";\n',
        b"f(1);" * 60,
    ],
)
def test_what_people_write_does_not_look_generated(data: bytes) -> None:
    assert not looks_generated(data)
