"""`proxy` in the package.json of Create React App.

Checked against react-scripts 5.0 that was asked: whatever is no file of the page goes on as it came, unless a browser
asks for a page.
"""

from __future__ import annotations

from pathlib import Path

from chatkit_doctor.frontend.proxies.model import Forward, ProxyServer, Upstream
from chatkit_doctor.frontend.proxies.path_patterns import beginning
from chatkit_doctor.project.app import App
from chatkit_doctor.project.manifests.json_files import read_json
from chatkit_doctor.project.manifests.model import ManifestError

_TOOL = "react-scripts"


def package_proxy(app: App, path: Path) -> ProxyServer | None:
    """Return what the dev server of the app of a package.json hands on, None where that says nothing of it."""
    package = app.packages.of(path)
    given = package.manifest.get("proxy")
    if not isinstance(given, str) or not package.dependencies & {_TOOL, "@craco/craco"}:
        return None
    found, source = Upstream.of(given), app.read(path)
    if found is None or source is None:
        return None
    try:
        at = read_json(source).string_at(("proxy",))
    except ManifestError:
        return None
    return ProxyServer("proxy in package.json", path, path.parent, (Forward("/", beginning("/"), (), found, at),))
