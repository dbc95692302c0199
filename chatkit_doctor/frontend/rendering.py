"""Where a page's components run first: in the browser alone, or on a server."""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.project.app import App

# Frameworks that run components on a server first, where there is no storage.
_FRAMEWORKS = frozenset(
    {
        *("next", "nuxt", "astro", "gatsby", "vike", "vite-plugin-ssr", "@sveltejs/kit", "@docusaurus/core"),
        *("@remix-run/react", "@react-router/node", "@tanstack/react-start", "@tanstack/start"),
    }
)


def is_rendered_on_server(app: App, path: Path) -> bool:
    """Return whether a package around a file depends on a framework that runs components on a server first."""
    return any(not _FRAMEWORKS.isdisjoint(each.dependencies) for each in app.packages.above(path))
