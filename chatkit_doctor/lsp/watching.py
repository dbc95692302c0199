"""Which changes on disk the editor is asked to tell of."""

from __future__ import annotations

from lsprotocol import types

_CODE = "py,ts,tsx,mts,cts,js,jsx,mjs,cjs,html,htm,vue,svelte,astro,php"
_MANIFESTS = "toml,json,jsonc,lock,yaml,yml,txt,in,cfg,conf,sh,ps1,bat,cmd"
_GLOBS = (
    f"**/*.{{{_CODE}}}",
    f"**/*.{{{_MANIFESTS}}}",
    "**/{Pipfile,Procfile,Makefile,makefile,Justfile,justfile,Dockerfile*,Caddyfile}",
    "**/{.env*,.gitignore,_headers,_redirects,*.conf.template}",
)


def registrations(capabilities: types.ClientCapabilities) -> list[types.Registration]:
    """Return what an editor is asked to tell of, as far as it can be asked after the start."""
    workspace = capabilities.workspace
    found = []
    if workspace is None:
        return []
    watched, settings = workspace.did_change_watched_files, workspace.did_change_configuration
    if watched is not None and watched.dynamic_registration:
        watchers = [types.FileSystemWatcher(glob) for glob in _GLOBS]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        found.append(types.Registration("files", types.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
    if settings is not None and settings.dynamic_registration:
        found.append(types.Registration("settings", types.WORKSPACE_DID_CHANGE_CONFIGURATION))
    return found
