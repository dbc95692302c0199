"""pyproject.toml, Pipfile and setup.cfg."""

from __future__ import annotations

import pytest

from chatkit_doctor.project.manifests.model import ManifestError, Purpose, Syntax
from chatkit_doctor.project.manifests.python.poetry import read_table
from chatkit_doctor.project.manifests.python.pyproject import read_pyproject
from chatkit_doctor.project.manifests.python.setup_cfg import read_setup_cfg
from chatkit_doctor.project.manifests.toml_files import read_toml
from tests.manifests.making import asked, requirements, source


def test_pep_621_with_extras_and_groups() -> None:
    items = requirements(
        read_pyproject(
            read_toml(
                source(
                    "pyproject.toml",
                    """\
                    [project]
                    name = "backend"
                    dependencies = [
                      "fastapi>=0.115", # the web
                      'openai-agents[litellm] >= 0.6',
                    ]
                    [project.optional-dependencies]
                    chat = ["openai-chatkit~=1.4"]
                    [dependency-groups]
                    test = ["pytest"]
                    dev = [{ include-group = "test" }, "litellm==1.83.0"]
                    [tool.uv.sources]
                    openai-chatkit = { path = "../chatkit" }
                    """,
                )
            )
        )
    )
    assert [(each.package, each.specifier, each.scope) for each in items] == [
        ("fastapi", ">=0.115", Purpose.MAIN),
        ("openai-agents", ">=0.6", Purpose.MAIN),
        ("openai-chatkit", "~=1.4", Purpose.OPTIONAL),
        ("pytest", "", Purpose.OPTIONAL),
        ("litellm", "==1.83.0", Purpose.OPTIONAL),
    ]
    assert items[1].location.text == "openai-agents[litellm] >= 0.6"
    assert items[1].specifier_at.text == ">= 0.6"
    assert items[2].name_at.first.line == 8


def test_poetry_tables_and_groups() -> None:
    items = requirements(
        read_pyproject(
            read_toml(
                source(
                    "pyproject.toml",
                    """\
                    [tool.poetry.dependencies]
                    python = "^3.11"
                    openai-chatkit = "^1.4"
                    Openai_Agents = { version = "~0.6.2", extras = ["litellm"] }
                    litellm = { git = "https://git.example/litellm.git" }
                    openai = [
                      { version = "1.109.1", python = "<3.12" },
                      { version = "^2.0", python = ">=3.12" },
                    ]
                    [tool.poetry.group.dev.dependencies]
                    pytest = "*"
                    """,
                )
            )
        )
    )
    assert [(each.package, each.specifier) for each in items] == [
        ("openai-chatkit", "^1.4"),
        ("openai-agents", "~0.6.2"),
        ("litellm", "*"),
        ("openai", "1.109.1"),
        ("openai", "^2.0"),
        ("pytest", "*"),
    ]
    chatkit, agents, litellm, old_openai, _, pytest_itself = items
    assert chatkit.location.text == 'openai-chatkit = "^1.4'
    assert (agents.name_at.text, agents.specifier_at.text, agents.extras) == ("Openai_Agents", "~0.6.2", ("litellm",))
    assert litellm.url == "https://git.example/litellm.git"
    assert old_openai.conditional
    assert pytest_itself.scope is Purpose.OPTIONAL


def test_pdm_and_uv_tables() -> None:
    document = read_toml(
        source(
            "pyproject.toml",
            """\
            [tool.pdm.dev-dependencies]
            test = ["openai-chatkit>=1", "-e file:///${PROJECT_ROOT}/lib#egg=lib"]
            [tool.uv]
            dev-dependencies = ["litellm"]
            constraint-dependencies = ["openai<3"]
            """,
        )
    )
    assert [(each.package, each.scope) for each in requirements(read_pyproject(document))] == [
        ("openai-chatkit", Purpose.OPTIONAL),
        ("litellm", Purpose.OPTIONAL),
        ("openai", Purpose.CONSTRAINT),
    ]


def test_pipfile() -> None:
    document = read_toml(
        source(
            "Pipfile",
            """\
            [packages]
            openai-chatkit = "==1.4.0"
            openai-agents = {extras = ["litellm"], version = ">=0.6"}
            fastapi = "*"
            """,
        )
    )
    assert asked(read_table(document, ("packages",), Purpose.MAIN, Syntax.PEP440)) == [
        ("openai-chatkit", "==1.4.0"),
        ("openai-agents", ">=0.6"),
        ("fastapi", "*"),
    ]


def test_setup_cfg() -> None:
    items = requirements(
        read_setup_cfg(
            source(
                "setup.cfg",
                """\
                [metadata]
                name = backend
                [options]
                packages = find:
                install_requires =
                    openai-chatkit>=1.4  # pinned below 2 later
                    # a comment
                    fastapi; python_version > "3.8"
                [options.extras_require]
                lite = litellm
                """,
            )
        )
    )
    assert [(each.package, each.location.text, each.scope) for each in items] == [
        ("openai-chatkit", "openai-chatkit>=1.4", Purpose.MAIN),
        ("fastapi", 'fastapi; python_version > "3.8"', Purpose.MAIN),
        ("litellm", "litellm", Purpose.OPTIONAL),
    ]


def test_a_broken_entry_is_told_with_its_line_and_the_rest_is_read() -> None:
    document = read_toml(source("pyproject.toml", '[project]\ndependencies = [\n "openai chatkit",\n "openai",\n]\n'))
    error, fine = read_pyproject(document)
    assert isinstance(error, ManifestError)
    assert (error.line, error.reason) == (3, "'openai chatkit' is not a valid requirement")
    assert not isinstance(fine, ManifestError)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("[project\n", 1),
        ('[project]\nname = "x"\ndependencies = ["a",\n', 3),
        ("[project]\n<<<<<<< HEAD\n", 2),
    ],
)
def test_broken_toml_is_one_error(text: str, line: int) -> None:
    with pytest.raises(ManifestError) as caught:
        read_toml(source("pyproject.toml", text))
    assert caught.value.line in {line, line + 1}
    assert "\n" not in caught.value.reason


def test_broken_setup_cfg_is_one_error() -> None:
    with pytest.raises(ManifestError) as caught:
        list(read_setup_cfg(source("setup.cfg", "install_requires = x\n")))
    assert caught.value.line == 1


def test_a_version_of_a_wrong_type_is_told_with_its_line() -> None:
    document = read_toml(source("pyproject.toml", '[tool.poetry.dependencies]\nopenai = "^2"\nlitellm = [[1]]\n'))
    _, error = read_pyproject(document)
    assert isinstance(error, ManifestError)
    assert (error.line, error.reason) == (3, "the version of 'litellm' is not a string")
