from __future__ import annotations

from pathlib import Path

import pytest

from chatkit_doctor.project.manifests.model import ManifestError, Purpose
from chatkit_doctor.project.manifests.python.requirements_txt import read_requirements
from chatkit_doctor.source import Source
from tests.checks.scanning import Folder
from tests.manifests.making import FOLDER, asked, opener, requirements, source


def read(text: str, **files: str) -> list[tuple[str, str]]:
    return asked(read_requirements(source("requirements.txt", text), opener(files)))


def test_plain_lines_comments_and_options() -> None:
    assert read(
        """\
        --index-url https://index.example/simple
        # the backend
        OpenAI_ChatKit>=1.4,<2   # see the notes

        openai-agents[litellm]
          fastapi == 0.115.6
        -e .
        --no-binary :all:
        """
    ) == [("openai-chatkit", "<2,>=1.4"), ("openai-agents", ""), ("fastapi", "==0.115.6")]


def test_hashes_and_continued_lines() -> None:
    assert read(
        """\
        openai-chatkit==1.4.0 \\
            --hash=sha256:0123456789abcdef \\
            --hash=sha256:fedcba9876543210
            # via -r requirements.in
        openai-agents==0.6.2 --hash=sha256:00
        """
    ) == [("openai-chatkit", "==1.4.0"), ("openai-agents", "==0.6.2")]


def test_the_parts_of_a_requirement_stand_where_they_are_written() -> None:
    text = 'fastapi\n  openai-agents[litellm] >=0.6, <1 ; python_version > "3.9"\n'
    found = requirements(read_requirements(source("requirements.txt", text), opener({})))[1]
    assert found.location.text == 'openai-agents[litellm] >=0.6, <1 ; python_version > "3.9"'
    assert found.name_at.text == "openai-agents"
    assert found.specifier_at.text == ">=0.6, <1"
    assert found.extras == ("litellm",)
    assert found.conditional
    assert found.location.first.line == 2


def test_the_place_for_a_specifier_is_behind_the_extras_where_none_is_written() -> None:
    found = requirements(read_requirements(source("requirements.txt", "openai-agents[litellm]\n"), opener({})))[0]
    assert found.specifier_at.text == ""
    assert found.specifier_at.start == len("openai-agents[litellm]")


def test_includes_and_constraints() -> None:
    items = requirements(
        read_requirements(
            source("requirements.txt", "-r requirements/base.txt\n-c constraints.txt\nuvicorn\n"),
            opener(
                {
                    "requirements/base.txt": "-r ../more.txt\nopenai-chatkit\n",
                    "more.txt": "openai\n",
                    "constraints.txt": "openai-chatkit==1.4.0\n",
                }
            ),
        )
    )
    assert [(each.package, each.specifier, each.scope) for each in items] == [
        ("openai", "", Purpose.MAIN),
        ("openai-chatkit", "", Purpose.MAIN),
        ("openai-chatkit", "==1.4.0", Purpose.CONSTRAINT),
        ("uvicorn", "", Purpose.MAIN),
    ]
    assert items[2].location.path == FOLDER / "constraints.txt"


def test_files_that_include_each_other_are_read_once() -> None:
    assert asked(
        read_requirements(
            source("requirements.txt", "-r other.txt\nopenai\n"),
            opener({"other.txt": "-r requirements.txt\nlitellm\n"}),
        )
    ) == [("litellm", ""), ("openai", "")]


def test_files_may_include_each_other_as_deep_as_they_like() -> None:
    deep = {f"r{number}.txt": f"-r r{number + 1}.txt\n" for number in range(2_000)} | {"r2000.txt": "openai\n"}

    found = asked(read_requirements(source("requirements.txt", "-r r0.txt\nlitellm\n"), opener(deep)))

    assert found == [("openai", ""), ("litellm", "")]


def test_a_missing_include_and_a_broken_line_do_not_stop_the_rest() -> None:
    items = list(
        read_requirements(source("requirements.txt", "-r gone.txt\n==1.4 openai-chatkit\nopenai\n"), opener({}))
    )
    errors = [(each.line, each.reason) for each in items if isinstance(each, ManifestError)]
    assert errors == [
        (1, "it includes gone.txt, which cannot be read"),
        (2, "'==1.4 openai-chatkit' is not a valid requirement"),
    ]
    assert not isinstance(items[2], ManifestError)


@pytest.mark.parametrize(
    ("line", "package", "specifier"),
    [
        ("openai-chatkit @ git+https://git.example/chatkit.git@main", "openai-chatkit", ""),
        ("openai-chatkit @ https://files.example/openai_chatkit-1.4.0-py3-none-any.whl", "openai-chatkit", "==1.4.0"),
        ("-e git+https://git.example/chatkit.git#egg=openai_chatkit", "openai-chatkit", ""),
        ("./wheels/openai_chatkit-1.4.0-py3-none-any.whl", "openai-chatkit", "==1.4.0"),
        ("https://files.example/openai_chatkit-1.3.1.tar.gz", "openai-chatkit", "==1.3.1"),
    ],
)
def test_urls_and_paths(line: str, package: str, specifier: str) -> None:
    (found,) = requirements(read_requirements(source("requirements.txt", line + "\n"), opener({})))
    assert (found.package, found.specifier) == (package, specifier)
    assert found.url


def test_utf_16_as_a_windows_shell_writes_it() -> None:
    data = "openai-chatkit==1.4.0\r\nopenai-agents>=0.6\r\n".encode("utf-16")
    items = read_requirements(Source.from_bytes(FOLDER / "requirements.txt", data), opener({}))
    assert asked(items) == [("openai-chatkit", "==1.4.0"), ("openai-agents", ">=0.6")]


def test_what_pip_compile_says_below_a_requirement_stays_with_it(tmp_path: Path) -> None:
    compiled = "fastapi==0.115.0\n    # via -r requirements.in\nuvicorn==0.30.0\n    # via\n    #   fastapi\n"
    files = {"requirements.txt": compiled, "main.py": "from chatkit.server import ChatKitServer\n"}

    fixed = Folder(tmp_path, "CK602").fixed(files, "requirements.txt")

    assert fixed is not None
    assert fixed.startswith(f"{compiled}openai-chatkit~=")


def test_what_pip_compile_says_of_a_requirement_goes_with_it(tmp_path: Path) -> None:
    files = {
        "requirements.txt": "chatkit-server==1.0\n    # via -r requirements.in\nopenai-chatkit==1.6.5\n",
        "main.py": "from chatkit.server import ChatKitServer\n",
    }

    assert Folder(tmp_path, "CK601").fixed(files, "requirements.txt") == "openai-chatkit==1.6.5\n"
