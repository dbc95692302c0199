"""Find an endpoint, of an app that is deployed, that knows nothing of who asks."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from chatkit_doctor.backend.endpoints.open_endpoints import open_endpoints
from chatkit_doctor.finding import Finding
from chatkit_doctor.frontend.deployment import deployed_by
from chatkit_doctor.project.app import App
from chatkit_doctor.source import relative_path
from chatkit_doctor.words import shortened


def unauthenticated_endpoint(app: App) -> Iterator[Finding]:
    """Find an endpoint, of an app that is deployed, that knows nothing of who asks."""
    for endpoint in open_endpoints(app):
        process = endpoint.process
        host = deployed_by(app, process.module.source.path)
        if host is None or process.context is None:
            continue
        written = shortened(ast.unparse(process.context))
        yield Finding(
            "CK707",
            process.module.location(process.context),
            f"every request has the context {written}, and {relative_path(host, app.base)} deploys the app",
            label="says nothing of who asks",
            help="ask who is there, and put the user into the context for the Store to go by",
        )
