"""Programs that nobody writes: what a scan costs grows with them in proportion, and none is a crash."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chatkit_doctor.scanning.flow import Options, ScanResult, run
from chatkit_doctor.scanning.results.found import MOST_FINDINGS
from tests.commands import call
from tests.projects import write_files
from tests.torture.scale import amount, grows_in_proportion

HOOK = "import { useChatKit } from '@openai/chatkit-react'\n"
STORE = "from chatkit.store import Store\n"
# Each class lists its ancestors, which are so many only up to a bound; the sizes begin beyond it.
_DEEP = 16
OPTIONS = "api: { url: '/c', domainKey: 'k' }"


def each(size: int, text: str) -> str:
    """Return a text as often as asked for, with the number in the place of # and the one before in the place of @."""
    return "".join(text.replace("#", str(number)).replace("@", str(number - 1)) for number in range(1, size + 1))


STRUCTURES: dict[str, Callable[[int], dict[str, str]]] = {
    "diamonds of classes": lambda size: {
        "a.py": STORE
        + "class A0(Store): ...\n"
        + each(_DEEP * size, "class L#(A@): ...\nclass R#(A@): ...\nclass A#(L#, R#): ...\n")
        + f"A{_DEEP * size}()\n"
    },
    "a chain of classes": lambda size: {
        "a.py": f"{STORE}class C0(Store): ...\n" + each(_DEEP * size, "class C#(C@): ...\n") + f"C{_DEEP * size}()\n"
    },
    "many stores": lambda size: {"a.py": STORE + each(size, "class S#(Store):\n    x = 1\n\n\nS#()\n")},
    "a chain of names": lambda size: {
        "a.py": f"{STORE}a0 = Store\n" + each(size, "a# = a@\n") + f"class S(a{size}): ...\n"
    },
    "a name made of itself": lambda size: {
        "a.py": f"{STORE}async def f(store):\n    page = store.load()\n"
        + each(size, "    page = page.where(#)\n")
        + "    return page.items, page()\n"
    },
    "many names": lambda size: {"a.py": STORE + each(size, "x# = 0\n")},
    "bad imports": lambda size: {"a.py": each(size, "from chatkit.stores import X#\n")},
    "guarded imports": lambda size: {
        "a.py": STORE + each(size, "try:\n    from chatkit.stores import S\nexcept ImportError:\n    S = None\n")
    },
    "codes in a comment": lambda size: {
        "a.py": f"{STORE}x = 1  # chatkit-doctor: ignore[" + ", ".join(["CK101"] * size) + "]\n"
    },
    "comments below each other": lambda size: {"a.py": STORE + "# chatkit-doctor: ignore[CK101]\n" * size},
    "models": lambda size: {"a.py": "from chatkit.types import Page\n" + each(size, "Page(items=[#])\n")},
    "modules with stars": lambda size: {
        f"m{number}.py": f"from m{number + 1} import *\n{STORE}" for number in range(size)
    },
    "shared constants": lambda size: {
        "a.ts": f"{HOOK}const c0 = {{ a: 1 }}\n"
        + each(size, "const c# = { a: c@, b: c@ }\n")
        + f"useChatKit({{ {OPTIONS}, theme: c{size} }})\n"
    },
    "shared spreads": lambda size: {
        "a.ts": f"{HOOK}const c0 = {{ {OPTIONS} }}\n"
        + each(size, "const c# = { ...(x ? c@ : {}), ...c@ }\n")
        + f"useChatKit(c{size})\n"
    },
    "texts added up": lambda size: {
        "a.ts": HOOK + "useChatKit({ api: { url: " + "'a' + " * size + "'b', domainKey: 'k' } })\n"
    },
    "hooks": lambda size: {"a.tsx": HOOK + each(size, f"export const use# = () => useChatKit({{ {OPTIONS} }})\n")},
    "inline scripts": lambda size: {
        "a.html": "<html><body><openai-chatkit></openai-chatkit>"
        + each(size, "<script>var a# = 1; document.x = a#</script>\n")
    },
    "elements": lambda size: {"a.html": "<html><body>" + "<openai-chatkit></openai-chatkit>" * size},
    "elements in each other": lambda size: {"a.html": "<html><body>" + "<div>" * size + "<openai-chatkit>"},
    "listeners": lambda size: {
        "a.ts": f"const el = document.querySelector('openai-chatkit')\nel.setOptions({{ {OPTIONS} }})\n"
        + "el.addEventListener('chatkit.message', () => {})\n" * size
    },
    "barrels": lambda size: {
        "a.ts": f"{HOOK}import {{ api }} from './m0'\nuseChatKit({{ api }})\n",
        **{
            f"m{number}.ts": f"export * from './m{number + 1}'\nexport * from './m{number + 2}'\n"
            for number in range(size)
        },
    },
}


def scanned(root: Path) -> ScanResult:
    result = run([root], Options())
    assert result.internal_errors == []
    return result


@pytest.mark.parametrize("name", STRUCTURES)
def test_a_scan_grows_in_proportion(name: str, tmp_path: Path) -> None:
    def work(size: int) -> Callable[[], object]:
        root = tmp_path / str(size)
        write_files(root, STRUCTURES[name](size))
        return lambda: scanned(root)

    scanned_once = tmp_path / "first"
    write_files(scanned_once, STRUCTURES[name](2))
    scanned(scanned_once)  # what is loaded and made once is not the structure's

    grows_in_proportion(work, amount(256, 4096))


def test_a_rule_stops_where_nobody_reads_on_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(tmp_path, {"a.py": each(MOST_FINDINGS + 500, "from chatkit.stores import X#\n")})

    outcome = call("scan", "--select", "CK101", "--format", "concise")

    assert outcome.code == 1
    assert outcome.stdout.count("[CK101]") == MOST_FINDINGS
    assert f"CK101 stops after {MOST_FINDINGS:,} findings" in outcome.stdout


def test_a_rule_stops_where_it_does_more_than_any_real_app_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("chatkit_doctor.scanning.results.found.MOST_STEPS", 200)
    hooks = each(300, f"export const use# = () => useChatKit({{ {OPTIONS}, them: # }})\n")
    write_files(tmp_path, {"a.tsx": HOOK + hooks, "b.py": "from chatkit.stores import Store\n"})

    first, second = (call("scan", "--no-cache", "--format", "concise") for _ in range(2))

    # The rules that have little to do are not stopped, and what one has found before it stops is told.
    assert "[CK101]" in first.stdout
    assert "stop after 2,000 findings in one app, or 200 steps of work; more of them may be there" in first.stdout
    assert first == second
