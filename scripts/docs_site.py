"""Builds the site of the documentation, from README.md, docs/ and the rule pages: `python scripts/docs_site.py`.

The pages stand in the site as they stand in the repository, so that the links between them lead to the same places; a
link to what is no page leads to GitHub. The build is strict: a link that leads nowhere ends it.
"""

from __future__ import annotations

import os
import posixpath
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from docs_site_rules import by_area, errors, releases_page, rule, rules_index

from chatkit_doctor.pages.catalogue import HOME, pages

ROOT = Path(__file__).resolve().parent.parent
FILES = Path(__file__).resolve().parent / "docs_site"
# Pages by where they stand; what is in neither list stands under "More". Rules are listed by area.
USE = ("commands", "settings", "ignoring", "baseline", "formats", "ci", "following")
CONTRIBUTE = ("architecture", "performance")
_PLACED = {"README", "start", *USE, *CONTRIBUTE}
_RULES = re.compile(r"<!-- rules: begin.*?<!-- rules: end -->", re.DOTALL)
_LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
_CODE = re.compile(r"`[^`\n]+`")
_FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
_MERMAID = re.compile(r"^```mermaid\n.*?^```$", re.DOTALL | re.MULTILINE)


def sources() -> dict[str, str]:
    """Return the pages of the site by their paths in it, as Markdown."""
    found = {
        "index.md": _RULES.sub("[All rules](rules/index.md), each with a page of its own.", _text("README.md")),
        "errors.md": errors(),
        "releases.md": releases_page(),
        "rules/index.md": rules_index(),
        **{name: _text(name) for name in ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")},
        **{f"docs/{path.name}": _text(f"docs/{path.name}") for path in sorted((ROOT / "docs").glob("*.md"))},
        **{f"rules/{page.path.name}": rule(page) for page in pages().values()},
    }
    # Its drawing takes a script from elsewhere.
    drawn = f"[GitHub draws the picture]({HOME}/blob/main/docs/architecture.md#architecture) that belongs here."
    found["docs/architecture.md"] = _MERMAID.sub(drawn, found["docs/architecture.md"])
    return {path: "".join(_led(path, text, found)) for path, text in found.items()}


def _text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def _led(path: str, text: str, found: Mapping[str, str]) -> Iterator[str]:
    """Yield a page in pieces, its links as the site needs them; what stands in blocks is no link."""
    for piece in _FENCE.split(text):
        if piece.startswith("```"):
            yield piece
            continue
        led = _LINK.sub(lambda match: _target(path, match[1], found), piece)
        # On GitHub a bar parts cells in code too.
        yield _CODE.sub(lambda match: match[0].replace("\\|", "|"), led)


def _target(page: str, link: str, found: Mapping[str, str]) -> str:
    """Return where a link of a page leads on the site: to a page, to a picture, or to GitHub."""
    if re.match(r"[a-z]+:|#", link):
        return link
    name, hash_, anchor = link.partition("#")
    here = posixpath.dirname(page)
    path = name[1:] if name.startswith("/") else posixpath.normpath(posixpath.join(here, name))
    path = {"README.md": "index.md", "rules": "rules/index.md"}.get(path, path)
    if path == "index.md" and anchor == "rules":
        path, hash_, anchor = "rules/index.md", "", ""
    if path in found or _is_asset(path):
        return posixpath.relpath(path, here or ".") + hash_ + anchor
    kind = "tree" if (ROOT / path).is_dir() else "blob"
    return f"{HOME}/{kind}/main/{path}{hash_}{anchor}"


def _is_asset(path: str) -> bool:
    return path.startswith("docs/") and (ROOT / path).is_file()


def config() -> dict[str, Any]:
    """Return the settings of this build: where things are, and the order of the pages."""
    areas = [
        {area: [{f"{page.code} {page.name}": f"rules/{page.path.name}"} for page in found]} for area, found in by_area()
    ]
    use, contribute = ([f"docs/{name}.md" for name in names] for names in (USE, CONTRIBUTE))
    more = [f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")) if path.stem not in _PLACED]
    nav = [
        {"Start": ["index.md", "docs/start.md"]},
        {"What do you see?": "errors.md"},
        {"Rules": ["rules/index.md", *areas]},
        {"Use": ["docs/README.md", *use, "releases.md"]},
        {"More": more},
        {"Contribute": ["CONTRIBUTING.md", *contribute, "CHANGELOG.md", "SECURITY.md"]},
    ]
    return {"INHERIT": os.fspath(FILES / "mkdocs.yml"), "docs_dir": "pages", "site_dir": "html", "nav": nav}


def lay_out(folder: Path) -> None:
    """Write the pages, what they show, and the settings into a folder, which is emptied before."""
    if folder.exists():
        shutil.rmtree(folder)
    for path, text in sources().items():
        place = folder / "pages" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, encoding="utf-8")
    for source in (*(ROOT / "docs").glob("*.svg"), ROOT / "docs" / "llms.txt", *(ROOT / "docs" / "pictures").iterdir()):
        place = folder / "pages" / source.relative_to(ROOT)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)
    for name in ("site.css", "errors.js", "favicon.svg"):
        shutil.copyfile(FILES / name, folder / "pages" / name)
    # Where those who look for it look.
    shutil.copyfile(ROOT / "docs" / "llms.txt", folder / "pages" / "llms.txt")
    (folder / "mkdocs.yml").write_text(yaml.safe_dump(config(), sort_keys=False), encoding="utf-8")


def build(folder: Path) -> None:
    """Build the site into `html` of a folder. Raises CalledProcessError where a link leads nowhere."""
    lay_out(folder)
    command = [
        sys.executable,
        "-m",
        "mkdocs",
        "build",
        "--strict",
        "--config-file",
        str(folder / "mkdocs.yml"),
    ]
    subprocess.run(command, check=True, env=os.environ | {"NO_MKDOCS_2_WARNING": "true"})


def main() -> int:
    """Build the site below the checkout; return the exit code."""
    folder = Path(sys.argv[1]).absolute() if sys.argv[1:] else ROOT / ".site"
    try:
        build(folder)
    except subprocess.CalledProcessError as error:
        return error.returncode
    print(f"The site is in {folder / 'html'}: {len(list(folder.glob('html/**/*.html')))} pages.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
