"""Calls of the command and what they come to: flags, exit codes, the one line for a wrong call."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import chatkit_doctor
from chatkit_doctor.pages.catalogue import pages
from tests.commands import COMMAND, PLAIN, ROOT, call, environment, run
from tests.projects import write_files

CHAT = """
import type { ChatKitOptions } from '@openai/chatkit'

export const options: ChatKitOptions = {
  api: { url: '/chatkit' },
  startScreen: { prompts: [{ name: 'Hi', prompt: 'Hello' }] },
}
"""
FIXED = CHAT.replace("'/chatkit' ", "'/chatkit', domainKey: 'local-dev' ").replace("name:", "label:").lstrip()

ADVICE_ONLY = """
import { useChatKit } from '@openai/chatkit-react'

export const useChat = () => useChatKit({ api: { url: '/chatkit', domainKey: 'local-dev' } })
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory: a project with two errors, which --fix can mend."""
    write_files(tmp_path, {"web/chat.ts": CHAT, "api/main.py": "print('hello')\n"})
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Exit codes


def test_findings_exit_with_1(project: Path) -> None:
    outcome = call("scan")

    assert outcome.code == 1
    assert "error[CK401]" in outcome.stdout
    assert outcome.stdout.splitlines()[-1] == "2 errors in 2 files. All 2 are fixable with --fix."
    assert outcome.stderr == ""


@pytest.mark.parametrize("paths", [["."], ["main.py"], ["main.py", "other.ts"]])
@pytest.mark.parametrize("speaks", [False, True])
def test_without_chatkit_it_says_what_it_looked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, paths: list[str], speaks: bool
) -> None:
    write_files(tmp_path, {"main.py": "print(1)\n", "other.ts": "// chatkit\n" if speaks else ""})
    monkeypatch.chdir(tmp_path)

    told = call("scan", *paths, "--no-cache")
    again = call("scan", *paths, "--isolated")

    number = "1 file" if paths == ["main.py"] else "2 files"
    none = "it does not mention" if paths == ["main.py"] else "none of them mentions"
    silent = "" if speaks else f": {none} ChatKit (openai-chatkit, @openai/chatkit)"
    assert told.stdout == again.stdout == f"Nothing found in {number}{silent}.\n"


def test_a_clean_project_exits_with_0_and_one_line(tmp_path: Path) -> None:
    write_files(tmp_path, {"chat.ts": FIXED})

    outcome = call("scan", str(tmp_path))

    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, "Nothing found in 1 file.\n", "")


def test_advice_alone_exits_with_0(tmp_path: Path) -> None:
    write_files(tmp_path, {"chat.ts": ADVICE_ONLY})

    outcome = call("scan", str(tmp_path), "--ignore", "CK501", "--format", "concise")

    assert outcome.code == 0
    assert "info: " in outcome.stdout


def test_nothing_to_scan_exits_with_3(tmp_path: Path) -> None:
    write_files(tmp_path, {"README.md": "from chatkit.stores import Store\n", "node_modules/x/index.js": CHAT})

    outcome = call("scan", str(tmp_path))

    assert (outcome.code, outcome.stderr) == (3, "")
    assert outcome.stdout.count("\n") == 1


def test_a_missing_path_is_one_line_and_exits_with_2(project: Path) -> None:
    outcome = call("scan", "web", "nowhere")

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr == "error: nowhere: there is no such file or folder\n"


@pytest.mark.parametrize("arguments", [["scan"], ["scan", "--fix", "."], ["baseline"], ["migrate"]])
def test_a_working_directory_that_is_gone_is_one_line_and_exits_with_2(tmp_path: Path, arguments: list[str]) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    leave = f"import os; os.rmdir({str(gone)!r}); from chatkit_doctor.__main__ import main; main()"
    called = [sys.executable, "-P", "-c", leave, *arguments]
    done = subprocess.run(called, cwd=gone, env=environment(), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: the working directory is gone; change to one that is there\n"


def test_exit_zero_holds_for_findings_and_for_nothing_else(project: Path) -> None:
    assert call("scan", "--exit-zero").code == 0
    assert call("scan", "--exit-zero", "nowhere").code == 2
    (project / "empty").mkdir()
    assert call("scan", "--exit-zero", "empty").code == 3


# Paths


def test_a_file_alone_is_scanned_in_its_project_and_alone_reported(project: Path) -> None:
    write_files(
        project,
        {
            "package.json": "{}",
            "web/other.ts": CHAT,
            "web/keys.ts": "export const prompt = { name: 'Hi', prompt: 'Hello' }\n",
            "web/chat.ts": """
            import type { ChatKitOptions } from '@openai/chatkit'
            import { prompt } from './keys'
            export const options: ChatKitOptions = {
              api: { url: '/chatkit' },
              startScreen: { prompts: [prompt] },
            }
            """,
        },
    )

    outcome = call("scan", "web/chat.ts", "--format", "concise")

    assert [line.split(":")[0] for line in outcome.stdout.splitlines()[:-1]] == ["web/chat.ts"]
    assert outcome.stdout.splitlines()[-1].startswith("1 error in 1 file.")
    assert "[CK404]" in call("scan", "web/keys.ts", "--format", "concise").stdout


def test_a_file_that_ignore_rules_leave_out_is_scanned_when_it_is_named(project: Path) -> None:
    write_files(project, {".gitignore": "web/\n", "node_modules/pkg/chat.ts": CHAT})

    assert call("scan").code == 0
    for path in ("web/chat.ts", "web", "node_modules/pkg/chat.ts", "node_modules/pkg"):
        assert call("scan", path).code == 1, path


def test_several_paths_are_one_scan(project: Path) -> None:
    write_files(project, {"more/chat.ts": CHAT, "left/chat.ts": CHAT})

    outcome = call("scan", "web", "more/chat.ts", "./web/../web", "--format", "concise", "--select", "CK401")

    assert [line.split(":")[0] for line in outcome.stdout.splitlines()[:-1]] == ["more/chat.ts", "web/chat.ts"]


def test_paths_are_shown_from_the_working_directory(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project / "api")

    assert call("scan", "../web", "--format", "concise").stdout.startswith("../web/chat.ts:4:3: error: ")


# Rules


@pytest.mark.parametrize(
    ("flags", "codes"),
    [
        (["--select", "CK401"], ["CK401"]),
        (["--select", "ck4"], ["CK401", "CK404"]),
        (["--select", "missing-domain-key"], ["CK401"]),
        (["--select", "CK401,invalid-prompt-key"], ["CK401", "CK404"]),
        (["--select", "CK401", "--select", "CK404"], ["CK401", "CK404"]),
        (["--ignore", "CK401"], ["CK404"]),
        (["--ignore", "CK4"], []),
        (["--ignore", "invalid-prompt-key, missing-domain-key"], []),
        (["--select", "CK4", "--ignore", "CK404"], ["CK401"]),
        (["--select", "CK401", "--ignore", "CK4"], ["CK401"]),
        (["--select", "CK1"], []),
    ],
)
def test_rules_are_chosen_by_code_prefix_and_name(project: Path, flags: list[str], codes: list[str]) -> None:
    outcome = call("scan", *flags, "--format", "concise")

    assert [line.split("[")[1].split("]")[0] for line in outcome.stdout.splitlines()[:-1]] == codes
    assert outcome.code == (1 if codes else 0)


@pytest.mark.parametrize("flag", ["--select", "--ignore"])
@pytest.mark.parametrize(
    ("selector", "nearest"),
    [
        ("CK441", "CK4"),
        ("missing-domain-keys", "missing-domain-key"),
        ("CK401,invalid-promt-key", "invalid-prompt-key"),
    ],
)
def test_an_unknown_rule_is_one_line_that_names_the_nearest(
    project: Path, flag: str, selector: str, nearest: str
) -> None:
    outcome = call("scan", flag, selector)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert outcome.stderr.startswith("error: ")
    assert outcome.stderr.count("\n") == 1
    assert f"the nearest is {nearest}" in outcome.stderr


@pytest.mark.parametrize("minimum", ["info", "warning", "error"])
def test_min_severity_leaves_out_what_is_below(tmp_path: Path, minimum: str) -> None:
    write_files(tmp_path, {"chat.ts": ADVICE_ONLY, "more.ts": CHAT})
    ranks = ["info", "warning", "error"]

    outcome = call(
        "scan", str(tmp_path), "--ignore", "CK501", "--min-severity", minimum, "--format", "concise", "--quiet"
    )

    found = {line.split(": ")[1] for line in outcome.stdout.splitlines()}
    assert found == {"info", "error"} & set(ranks[ranks.index(minimum) :])


# Targets


@pytest.mark.parametrize(
    ("target", "complaint"),
    [
        ("chatkit=1.4.0", "unknown package 'chatkit'"),
        ("openai-chatkit=latest", "'latest' is not a version"),
        ("openai-chatkit", "is not of the form package=version"),
    ],
)
def test_a_wrong_target_is_one_line(project: Path, target: str, complaint: str) -> None:
    outcome = call("scan", "--target", target)

    assert (outcome.code, outcome.stdout) == (2, "")
    assert complaint in outcome.stderr
    assert outcome.stderr.count("\n") == 1


def test_the_target_decides_which_names_there_are(tmp_path: Path) -> None:
    write_files(tmp_path, {"app.py": "from chatkit.types import GeneratedImageItem\n"})
    flags = ("--select", "CK102", "--format", "concise")

    assert call("scan", str(tmp_path), *flags).code == 0
    assert call("scan", str(tmp_path), *flags, "--target", "openai-chatkit=1.4.1").code == 0
    outcome = call(
        "scan", str(tmp_path), *flags, "--target", "openai-agents=0.24.0", "--target", "openai-chatkit=1.4.0"
    )
    assert outcome.code == 1
    assert "1.4.0" in outcome.stdout


# Fixes


def test_fix_mends_the_files_and_a_second_run_changes_nothing(project: Path) -> None:
    outcome = call("scan", "--fix")

    assert outcome.code == 0
    assert (project / "web/chat.ts").read_text() == FIXED
    assert "Fixed:" in outcome.stdout
    stamp = (project / "web/chat.ts").stat()
    again = call("scan", "--fix")
    assert (again.code, again.stdout) == (0, "Nothing found in 2 files.\n")
    assert (project / "web/chat.ts").stat() == stamp


def test_fix_mends_only_what_is_selected_and_asked_for(project: Path) -> None:
    write_files(project, {"more/chat.ts": CHAT})

    assert call("scan", "--fix", "--select", "CK401", "more").code == 0
    assert (project / "web/chat.ts").read_text() == CHAT.lstrip()
    assert (project / "more/chat.ts").read_text() == FIXED.replace("label:", "name:")


def test_fixes_that_change_what_a_program_does_need_both_flags(tmp_path: Path) -> None:
    text = """
    import { useChatKit } from '@openai/chatkit-react'
    export const useChat = () => useChatKit({
      api: { url: '/chatkit', domainKey: 'local-dev' },
      initialThread: localStorage.getItem('thread'),
      onThreadChange: ({ threadId }) => {
        if (threadId) localStorage.setItem('thread', threadId)
      },
    })
    """
    write_files(tmp_path, {"chat.ts": text})
    before = (tmp_path / "chat.ts").read_text()

    for flags in (["--fix"], ["--unsafe-fixes"]):
        outcome = call("scan", str(tmp_path), "--select", "CK410", *flags)
        assert outcome.code == 1
        assert "It is fixable with --fix --unsafe-fixes" in outcome.stdout
        assert (tmp_path / "chat.ts").read_text() == before
    assert call("scan", str(tmp_path), "--select", "CK410", "--fix", "--unsafe-fixes").code == 0
    assert "removeItem('thread')" in (tmp_path / "chat.ts").read_text()


def test_exit_non_zero_on_fix(project: Path) -> None:
    assert call("scan", "--exit-non-zero-on-fix", "--ignore", "CK4").code == 0
    assert call("scan", "--exit-non-zero-on-fix", "--fix").code == 1
    assert call("scan", "--exit-non-zero-on-fix", "--fix").code == 0


def test_diff_shows_what_fix_would_do_and_writes_nothing(project: Path) -> None:
    flags = ["--diff"]

    outcome = call("scan", *flags)

    assert (project / "web/chat.ts").read_text() == CHAT.lstrip()
    assert outcome.code == 1
    assert outcome.stderr == "Would fix 2 findings in 1 file; 0 would be left.\n"
    subprocess.run(["patch", "-p0"], input=outcome.stdout.encode(), check=True, capture_output=True)
    assert (project / "web/chat.ts").read_text() == FIXED
    clean = call("scan", *flags)
    assert (clean.code, clean.stdout) == (0, "")


def test_diff_wins_over_fix(project: Path) -> None:
    assert call("scan", "--diff", "--fix", "--exit-non-zero-on-fix").stdout.startswith("--- web/chat.ts")
    assert (project / "web/chat.ts").read_text() == CHAT.lstrip()


def test_what_cannot_be_written_is_said_in_every_format_and_exits_with_2(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    for flags in (["--format", "text"], ["--format", "concise"], ["--format", "json"], ["--quiet"]):
        outcome = call("scan", "--fix", *flags)
        assert outcome.code == 2, flags
        said = outcome.stdout + outcome.stderr
        assert said.count("web/chat.ts: write the fixed file: ") + outcome.stderr.count("error: web/chat.ts: ") == 1
        assert "no space left on device" in said
        assert (project / "web/chat.ts").read_text() == CHAT.lstrip()


# Output


def test_quiet_prints_findings_alone(project: Path) -> None:
    lines = call("scan", "--quiet", "--format", "concise").stdout.splitlines()

    assert [line.split(":")[0] for line in lines] == ["web/chat.ts"] * 2
    assert call("scan", "--quiet", "--ignore", "CK4").stdout == ""
    assert call("scan", "-q", "--fix").stdout == ""


def test_verbose_says_what_was_checked_against(project: Path) -> None:
    write_files(project, {"api/main.py": "import chatkit.server\n", "api/requirements.txt": "openai-chatkit==1.5.0\n"})

    assert "openai-chatkit 1.5.0, from api/requirements.txt" in call("scan", "-v").stdout
    assert "from api/requirements.txt" not in call("scan").stdout


@pytest.mark.parametrize("command", [["scan", "."], ["explain", "CK401"]])
@pytest.mark.parametrize(
    ("flags", "env", "colored"),
    [
        ([], {}, False),
        (["--color", "always"], {}, True),
        (["--color", "always"], {"NO_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1"}, True),
        ([], {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (["--color", "never"], {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_comes_when_it_is_wanted(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    flags: list[str],
    env: dict[str, str],
    colored: bool,
) -> None:
    for key, value in env.items():
        monkeypatch.setitem(PLAIN, key, value)

    assert ("\x1b[" in call(*command, *flags).stdout) is colored


def test_an_output_that_lacks_characters_gets_escapes(project: Path) -> None:
    write_files(project, {"web/chat.ts": CHAT.replace("'Hello'", "'Hello', icon: '👋'")})

    for flags in (["scan"], ["scan", "--diff"], ["explain", "CK405"], ["rules"]):
        assert run(project, *flags, PYTHONIOENCODING="ascii").stderr.count("\n") <= 1
    assert "\\U0001f44b" in run(project, "scan", PYTHONIOENCODING="ascii").stdout


# Other commands


def test_rules_is_a_table_with_a_line_for_each_rule() -> None:
    outcome = call("rules")

    assert outcome.code == 0
    assert [line.split()[:2] for line in outcome.stdout.splitlines()] == [[p.code, p.name] for p in pages().values()]


def test_explain_shows_the_page_of_a_code_a_name_or_an_error() -> None:
    for query in (
        ["CK401"],
        ["ck401"],
        ["missing-domain-key"],
        ["Invalid input → at api"],
        ["invalid", "input", "api"],
    ):
        outcome = call("explain", *query)
        assert (outcome.code, outcome.stderr) == (0, "")
        assert outcome.stdout.startswith("# missing-domain-key (CK401)\n"), query


@pytest.mark.parametrize(
    ("error", "code"),
    [
        ("ModuleNotFoundError: No module named 'chatkit.stores'", "CK101"),
        ("ImportError: cannot import name 'Event' from 'chatkit.server'", "CK102"),
        ("TypeError: Can't instantiate abstract class MemoryStore with abstract methods add_thread_item", "CK201"),
        ('Unrecognized key "name"', "CK404"),
        ("blank screen", "CK501"),
    ],
)
def test_explain_reads_a_pasted_error_from_standard_input(error: str, code: str) -> None:
    outcome = call("explain", "-", stdin=f"Traceback (most recent call last):\n{error}\n".encode())

    assert outcome.stdout.partition("\n")[0].endswith(f"({code})")


def test_explain_of_nothing_known_is_one_line_and_exits_with_2() -> None:
    for query in (["CK999"], ["no-such-thing"], ["xyzzy"], [""]):
        outcome = call("explain", *query)
        assert (outcome.code, outcome.stdout, outcome.stderr.count("\n")) == (2, "", 1)


def test_version_and_help() -> None:
    assert call("--version").stdout == f"chatkit-doctor {chatkit_doctor.__version__}\n"
    for arguments in (["--help"], ["-h"], ["scan", "--help"], ["rules", "--help"], ["explain", "--help"]):
        outcome = call(*arguments)
        assert (outcome.code, outcome.stderr) == (0, "")
        assert "Usage: " in outcome.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["scan", "--nonsense"],
        ["scan", "--format", "xml"],
        ["scan", "--min-severity", "fatal"],
        ["scan", "--color", "pink"],
        ["scna"],
        ["explain"],
        ["rules", "extra"],
        [],
    ],
)
def test_a_call_that_cannot_be_parsed_exits_with_2(arguments: list[str]) -> None:
    outcome = call(*arguments)

    assert outcome.code == 2
    assert "Usage: " in outcome.stdout + outcome.stderr


# Processes


def test_the_module_runs_as_the_command_does(project: Path) -> None:
    outcome = run(project, "scan", "--format", "concise")
    called = call("scan", "--format", "concise")

    assert outcome == called
    assert outcome.code == 1


@pytest.mark.parametrize(
    "arguments",
    [["scan"], ["scan", "--format", "concise"], ["scan", "--diff"], ["rules"], ["explain", "CK401"], ["-h"]],
)
def test_a_reader_that_goes_away_is_no_reason_to_complain(project: Path, arguments: list[str]) -> None:
    with subprocess.Popen(
        [*COMMAND, *arguments], env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        complaints = process.stderr.read().decode()

    assert complaints in {"", "Would fix 2 findings in 1 file; 0 would be left.\n"}
    assert process.returncode != 0


def test_an_output_that_cannot_be_written_is_one_line_and_exits_with_2(project: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "scan"], env=environment(), stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )

    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_closed_output_changes_nothing_but_what_is_seen(project: Path, closed: str) -> None:
    command = f"{shlex.join(COMMAND)} scan --quiet --output report.txt {closed}"
    done = subprocess.run(["sh", "-c", command], env=environment(), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (1, "", "")
    assert "error[CK401]" in (project / "report.txt").read_text(encoding="utf-8")


# Sends the process an interrupt when it comes to import or to call something.
INTERRUPTED = """
import os, signal, sys
def watch(event, told):
    if event == "import" and told[0] == {module!r}:
        os.kill(os.getpid(), signal.SIGINT)
sys.addaudithook(watch)
sys.argv[1:] = ["scan"]
from chatkit_doctor.__main__ import main
main()
"""


@pytest.mark.parametrize(
    "module", ["chatkit_doctor.commands.front", "chatkit_doctor.scanning.flow", "chatkit_doctor.web.document"]
)
def test_an_interrupt_ends_the_run_with_130_and_without_a_traceback(project: Path, module: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED.format(module=module)]

    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_the_tests_run_the_code_of_this_checkout() -> None:
    assert Path(chatkit_doctor.__file__).parent.parent == ROOT
