"""Whether a page is made to be deployed, by the files of hosts and of containers around it."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.patterns import regex
from chatkit_doctor.project.app import App

# What hosts read. A Procfile, a container and nginx are as much for a page as for the server that hands it out.
_HOSTS = frozenset(
    {
        *("vercel.json", "netlify.toml", "fly.toml", "app.yaml", "render.yaml", "railway.json", "railway.toml"),
        *("firebase.json", "wrangler.toml", "wrangler.json", "wrangler.jsonc", "Procfile", "_headers", "nginx.conf"),
    }
)
_CONTAINER = regex(r"Dockerfile(?:\.(?!dev|local|test)[\w-]+)?")
# Publishes a folder on GitHub's pages.
_PUBLISHER = "gh-pages"


def deployed_by(app: App, page: Path) -> Path | None:
    """Return the file at or above a page's folder that says that it is deployed, the nearest; None without any."""
    nearest = max(app.derive(_deployments), key=lambda each: _depth(each, page), default=None)
    return nearest if nearest is not None and _depth(nearest, page) >= 0 else None


def _depth(file: Path, page: Path) -> int:
    """Return how many folders a file's own has in common with a page below it, -1 where the page is elsewhere."""
    return len(file.parent.parts) if page.is_relative_to(file.parent) else -1


def _deployments(app: App) -> tuple[Path, ...]:
    return tuple(each for each in app.files if _says_so(app, each))


def _says_so(app: App, path: Path) -> bool:
    if path.name == "package.json":
        return _PUBLISHER in app.packages.of(path).dependencies
    is_known = path.name in _HOSTS or _CONTAINER.fullmatch(path.name) is not None
    return is_known and not app.is_test_file(path)
