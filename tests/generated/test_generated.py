"""No program that works is found fault with, and few that fail are missed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import version
from pathlib import Path

import pytest

from chatkit_doctor.contracts import python_contract
from tests.generated import hierarchies, models, options, options_judge, size, stores
from tests.generated.verdicts import compare, found, found_in_files

MOST_MISSED = 0.03
OLDER = "1.4.0"


def unpacked(release: str, folder: Path) -> Path:
    """Return a folder with a release of the SDK in it, for the path of an interpreter that has what it needs."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    done = subprocess.run([*pip, f"openai-chatkit=={release}"], capture_output=True, check=False)
    wheels = list(folder.glob("*.whl"))
    if done.returncode or not wheels:
        pytest.skip(f"openai-chatkit {release} cannot be had")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.mark.parametrize("release", [version("openai-chatkit"), OLDER])
def test_models_are_judged_as_pydantic_judges_them(release: str, tmp_path: Path) -> None:
    packages = unpacked(release, tmp_path / "wheels") if release == OLDER else None
    texts = list(models.programs(release, size(2400)))
    head = models.head(python_contract(release))
    hits = found(tmp_path / "scanned", head, texts, ("CK111", "CK113", "CK114"), release)

    verdicts = compare(texts, hits, models.truth(tmp_path, release, texts, packages))

    assert verdicts.false_alarms == []
    assert len(verdicts.missed) <= max(1, MOST_MISSED * verdicts.failing), verdicts.missed
    assert verdicts.failing > size(2400) / 5 < verdicts.working


def test_overrides_are_judged_as_the_servers_calls_find_them(tmp_path: Path) -> None:
    release = version("openai-chatkit")
    made = list(stores.programs(release, size(1400)))
    texts = [each.text for each in made]
    hits = found(tmp_path, stores.HEAD, texts, ("CK202", "CK203"), release)

    verdicts = compare(texts, hits, [stores.fails(each, release) for each in made])

    assert verdicts.false_alarms == []
    assert len(verdicts.missed) <= max(1, MOST_MISSED * verdicts.failing), verdicts.missed
    assert verdicts.failing > size(1400) / 5 < verdicts.working


def test_hierarchies_are_judged_as_python_makes_objects_of_them(tmp_path: Path) -> None:
    release = version("openai-chatkit")
    class_ = python_contract(release).class_("chatkit.store.Store")
    assert class_ is not None
    head = hierarchies.head(class_.abstract_methods)
    made = list(hierarchies.programs(size(800)))
    texts = [each.text for each in made]
    hits = found(tmp_path, head, texts, ("CK201",), release, [each.name for each in made])

    verdicts = compare(texts, hits, [hierarchies.fails(each, head) for each in made])

    assert verdicts.false_alarms == []
    assert len(verdicts.missed) <= max(1, MOST_MISSED * verdicts.failing), verdicts.missed
    assert verdicts.failing > size(800) / 8 < verdicts.working


@pytest.mark.skipif(shutil.which("npm") is None, reason="needs npm")
def test_options_are_judged_as_typescript_judges_what_node_hands_over(tmp_path: Path) -> None:
    programs = list(options.programs(size(1600)))
    texts = ["\n".join(files.values()) for files in programs]
    hits = found_in_files(
        tmp_path / "scanned", programs, ["CK401", "CK403", "CK404", "CK405", "CK406", "CK407", "CK408"]
    )

    verdicts = compare(texts, hits, options_judge.truth(tmp_path / "judged", programs))

    assert verdicts.false_alarms == []
    assert len(verdicts.missed) <= max(1, MOST_MISSED * verdicts.failing), verdicts.missed
    assert verdicts.failing > size(1600) / 5 < verdicts.working
