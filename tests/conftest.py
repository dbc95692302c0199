"""The parts that the tests of several folders run: the provider's stand-in, Chromium, the frontend's packages."""

from __future__ import annotations

import gc
import itertools
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests.shared import once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.standin.provider import Provider


# A machine that other work keeps busy is no fault of a test: how long one takes is never asserted.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# A test makes a great many objects, keeps few and knows no rings that matter: by Python's own measure a sixth of all
# the time would go into looking for some.
gc.set_threshold(50_000, 10, 10)
# Without it LiteLLM asks the network for prices as it is imported, three times where there is none, and waits between.
os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")

# What runs servers, browsers, package managers, compilers or the command as a program, or imports an SDK, below this
# folder; `make check` leaves it out.
_SLOW = (
    *(
        "alive/",
        "broken/",
        "conformance/",
        "fixes/",
        "forked/",
        "frameworks/test_built.py",
        "generated/",
        "editors/",
        "lsp/",
        "mcp/",
        "migrate/",
        "mutations/",
        "reference/",
        "verify/",
        "torture/",
    ),
    *(
        "checks/test_shadowed_package.py",
        "contracts/test_model_calls.py",
        "project/test_side_by_side.py",
        "suppressions/test_command.py",
    ),
    *("docs/test_agents.py", "docs/test_check.py", "docs/test_ci.py", "docs/test_commands.py"),
    *("docs/test_security.py", "docs/test_site.py"),
    *("test_action.py", "test_pre_commit.py", "test_processes.py", "test_release.py", "test_relevance.py"),
    *("test_completion.py", "test_hostile_files.py", "test_init.py", "test_other_systems.py", "test_wheel.py"),
)
# What is held against the real packages, and what does things to whole projects at random, some hundred scans long.
_SLOW_ENDS = ("_truth.py", "_at_random.py")
# The files that take longest come first: one that came last would keep a single worker busy after the others' end.
_LONGEST = (
    "mutations/test_mutations.py",
    "mutations/test_checked.py",
    "broken/test_types.py",
    "torture/test_names.py",
    "alive/test_frontend_rows.py",
    "alive/test_backend_rows.py",
    "torture/test_page_fixes.py",
    "migrate/test_proxies.py",
    "generated/test_generated.py",
    "torture/test_kills.py",
    "torture/test_links.py",
    "checks/test_option_truth.py",
    "frameworks/test_built.py",
    "test_release.py",
    "torture/test_mutants.py",
    "editors/test_vscode.py",
    "test_pre_commit.py",
    "test_relevance.py",
    "test_hostile_files.py",
    "docs/test_site.py",
    "docs/test_commands.py",
    "conformance/test_servers.py",
    "reference/test_page.py",
    "verify/test_markup.py",
    "reference/test_requests.py",
    "reference/test_checklist.py",
    "checks/test_shadowed_package.py",
    "torture/test_servers.py",
    "project/test_side_by_side.py",
    "torture/test_regexes.py",
    "migrate/test_node_proxies.py",
    "conformance/test_worlds.py",
    "cache/test_apps_at_random.py",
    "test_processes.py",
    "docs/test_check.py",
    "docs/test_security.py",
    "mcp/test_server.py",
    "verify/test_faults.py",
    "verify/test_turns.py",
    "migrate/test_routes.py",
    "broken/test_repaired_frontend.py",
    "torture/test_served_names.py",
    "contracts/test_agents_truth.py",
    "project/test_named_at_random.py",
    "test_other_systems.py",
    "suppressions/test_command.py",
    "checks/test_model_truth.py",
    "checks/test_asked_truth.py",
    "contracts/test_python_truth.py",
    "torture/test_projects.py",
)
_TESTS = Path(__file__).parent


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Leave out the half that a run of all tests does not ask for, before it is read: that takes many seconds."""
    asked = config.getoption("markexpr")
    if asked not in {"slow", "not slow"} or not collection_path.is_relative_to(_TESTS):
        return None
    # Who names files gets what pytest says of them.
    folder = config.invocation_params.dir
    if any((folder / each).resolve() not in {_TESTS, _TESTS.parent} for each in config.args):
        return None
    if collection_path.suffix == ".py":
        return True if _is_slow(collection_path) != (asked == "slow") else None
    # One that is slow as a whole may have a conftest.py, which imports what is needed there.
    return True if asked == "not slow" and f"{_below(collection_path)}/" in _SLOW else None


def _is_slow(path: Path) -> bool:
    name = _below(path)
    return name.startswith(_SLOW) or name.endswith(_SLOW_ENDS)


def _below(path: Path) -> str:
    return path.relative_to(_TESTS).as_posix()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is slow and put it last, so that a mistake is seen within the first minute."""
    ranks = {_TESTS / name: rank for rank, name in enumerate(_LONGEST)}
    for item in items:
        if _is_slow(item.path):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: (item.get_closest_marker("slow") is not None, ranks.get(item.path, len(ranks))))


def pytest_unconfigure() -> None:
    """Spare the end of a run a look through all objects, five times, for what nobody needs any more."""
    gc.freeze()


_folders = itertools.count()


@pytest.fixture
def tmp_path(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """Return an empty folder. pytest's own looks through those of all tests before, and makes a link to each."""
    name = re.sub(r"\W", "_", request.node.name)[:30]
    folder = tmp_path_factory.getbasetemp() / f"{name}{next(_folders)}"
    folder.mkdir(mode=0o700)
    return folder


@pytest.fixture(scope="session", autouse=True)
def _cache_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what scans keep out of the cache of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="session", autouse=True)
def _day_of_its_own() -> Iterator[None]:
    """Let it be one day, on which what ends later is not over: what is told of it changes with the clock."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHATKIT_DOCTOR_TODAY", "2026-11-28")
        yield


@pytest.fixture(scope="session")
def listening() -> Iterator[Provider]:
    from tests.standin.provider import Provider

    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(listening: Provider) -> Provider:
    """Return the stand-in provider as it is at first."""
    from tests.standin.provider import converse

    listening.script = converse
    listening.requests.clear()
    return listening


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the reference app's frontend with its packages, which others share, installed."""
    from tests.reference.browser import copy_frontend, install_packages

    packages = once(tmp_path_factory, "packages", install_packages)
    return copy_frontend(tmp_path_factory.mktemp("frontend") / "copy", packages)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist of a copy of this checkout in which the reference app was run."""
    from tests.leftovers import used_checkout
    from tests.packages import build_packages

    checkout = tmp_path_factory.mktemp("used") / "checkout"
    return once(tmp_path_factory, "packages-of-ours", lambda folder: build_packages(used_checkout(checkout), folder))


@pytest.fixture(scope="session")
def installed_doctor(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the bin folder of a new environment that has the wheel, and nothing else of this checkout."""
    from tests.packages import install_wheel

    (wheel,) = built.glob("*.whl")
    return once(tmp_path_factory, "installed", lambda folder: install_wheel(wheel, folder)) / "bin"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Start Chromium for one module: while it runs, so does its event loop, and nothing else can run one."""
    from playwright.sync_api import sync_playwright

    from tests.reference.browser import CHROMIUM, launch

    if CHROMIUM is None and "CI" not in os.environ:
        pytest.skip("needs chromium")
    with sync_playwright() as playwright, launch(playwright) as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """Open a page of a new user; afterwards no script may have failed in it."""
    from tests.reference.browser import open_page

    with open_page(browser) as (opened, errors):
        yield opened
    assert errors == []
