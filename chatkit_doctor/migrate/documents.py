"""What stands beside the code: examples of environment files, manifests, compose files, the README."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.migrate import environment
from chatkit_doctor.migrate.environment import PROXY_KEY, SERVER_URL, Framework, PublicEnvironment
from chatkit_doctor.project.files import FileKind
from chatkit_doctor.project.packages import Package
from chatkit_doctor.source import relative_path

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatkit_doctor.migrate.plan import Plan

_EXAMPLE = re.compile(r"^\.(?:env|dev\.vars)(?:\.\w+)*\.(?:example|sample|template|dist)$|^\.?env[-.]example$")
_HOSTED_LINE = re.compile(r"^\s*+(?:#\s*+)?(?:export\s++)?((?=\w*?(?:WORKFLOW|CHATKIT_API_BASE))\w++)\s*+=")
_KEY_LINE = re.compile(r"^\s*(?:export\s+)?(?:VITE_)?OPENAI_API_KEY\s*=")
_SERVICES = re.compile(r"^services:[ \t]*\n(?P<indent>[ ]+)", re.MULTILINE)
_README_HEADING = "## The chat's server"


def move_documents(plan: Plan, env: PublicEnvironment) -> None:
    """Bring the files beside the code in line with the new server."""
    _examples(plan, env)
    _settings_of_proxy(plan)
    _real_environment(plan, env)
    _dockerfiles(plan)
    _unused_packages(plan, env)
    _readme(plan, env)


def _examples(plan: Plan, env: PublicEnvironment) -> None:
    found = [path for path in _beside(plan, env) if _EXAMPLE.match(path.name)]
    keeps_key = _is_mentioned(plan, "OPENAI_API_KEY")
    for path in found:
        source = plan.texts.read(path)
        if source is None:
            continue
        lines = source.text.splitlines()
        kept = list(_without_hosted(plan, lines, keeps_key=keeps_key))
        text = "\n".join([*_trimmed(kept), *([] if env.framework is Framework.NONE else _new_lines(plan, env, kept))])
        if kept != lines or env.framework is not Framework.NONE:
            plan.texts.replace(path, f"{text.strip()}\n" if text.strip() else "")
            plan.move(path, "names the new settings of the page instead of the workflow's")
    if not found and env.framework is not Framework.NONE:
        path = env.folder / ".env.example"
        if not path.exists():
            plan.texts.new[path] = ("\n".join(_new_lines(plan, env, [])).strip() + "\n").encode()
            plan.move(path, "names the settings of the page")


def _settings_of_proxy(plan: Plan) -> None:
    """Say where the new server is, and the key that both know, to the app that hands the chat on."""
    if plan.proxy is None:
        return
    lines = [f"{SERVER_URL}={plan.server_url}", f"# As in {plan.backend.name}/.env.", f"{PROXY_KEY}="]
    for folder in plan.proxy.parents:
        if not folder.is_relative_to(plan.texts.root):
            break
        found = [each for each in sorted(folder.glob(".*example*")) if _EXAMPLE.match(each.name)]
        source = plan.texts.read(found[0]) if found else None
        if source is not None:
            plan.texts.replace(found[0], f"{source.text.rstrip()}\n\n" + "\n".join(lines) + "\n")
            plan.move(found[0], f"names {SERVER_URL} and {PROXY_KEY}")
            break
    todo = f"set both where it runs, the key to the one of {plan.backend.name}/.env"
    plan.leave(plan.proxy, f"it reads {SERVER_URL} and {PROXY_KEY}", todo)


def _without_hosted(plan: Plan, lines: list[str], *, keeps_key: bool) -> Iterator[str]:
    """Yield the lines that set neither the workflow nor an API key that is to go, without the comments right above.

    A variable that code still reads stays.
    """
    pending: list[str] = []
    for line in lines:
        name = _HOSTED_LINE.match(line)
        is_hosted = name is not None and not _is_mentioned(plan, name[1])
        is_hosted = is_hosted or (not keeps_key and _KEY_LINE.match(line) is not None)
        if line.lstrip().startswith("#") and not is_hosted:
            pending.append(line)
        elif is_hosted:
            pending = []
        else:
            yield from pending
            pending = []
            yield line
    yield from pending


def _trimmed(lines: list[str]) -> list[str]:
    """Return lines with no more than one blank line in a row, and none at the start."""
    found: list[str] = []
    for line in lines:
        if line.strip() or (found and found[-1].strip()):
            found.append(line)
    return found


def _new_lines(plan: Plan, env: PublicEnvironment, known: list[str]) -> list[str]:
    if any(f"{env.prefix}{environment.KEY}=" in line for line in known):
        return []
    url = [
        "# Where the browser reaches the chat's server; its own settings are in its .env.",
        f"{env.prefix}{environment.URL}={plan.server_url}",
    ]
    return [
        "",
        *(url if plan.direct else ()),
        "# The key that OpenAI gives out for the domain of the page; any text will do on localhost.",
        f"{env.prefix}{environment.KEY}={environment.LOCAL_KEY}",
    ]


def _real_environment(plan: Plan, env: PublicEnvironment) -> None:
    """Say what is to be done in files that hold secrets, which are never touched."""
    for folder in dict.fromkeys((env.folder, plan.texts.root)):
        for path in sorted(folder.glob(".env*")) + sorted(folder.glob(".dev.vars")):
            if path.is_file() and not _EXAMPLE.match(path.name):
                target = relative_path(plan.backend / ".env", plan.texts.root)
                plan.leave(path, "it may hold the workflow's id and the API key", f"move OPENAI_API_KEY to {target}")


def _dockerfiles(plan: Plan) -> None:
    files = [path for path in plan.texts.start.listing.files if path not in plan.texts.removed]
    has_docker = any(path.name.startswith("Dockerfile") for path in files)
    composes = [path for path in files if re.fullmatch(r"(?:docker-)?compose[\w.-]*\.ya?ml", path.name)]
    if not has_docker and not composes:
        return
    plan.texts.new[plan.backend / "Dockerfile"] = _DOCKERFILE.encode()
    for path in composes:
        source = plan.texts.read(path)
        found = _SERVICES.search(source.text) if source is not None else None
        if source is None or found is None or re.search(r"^\s+chatkit:", source.text, re.MULTILINE):
            continue
        indent = found["indent"]
        context = relative_path(plan.backend, path.parent)
        service = "".join(
            f"{indent}{line}\n"
            for line in (
                "chatkit:",
                f"{indent}build: ./{context}",
                f"{indent}env_file: ./{context}/.env",
                f'{indent}ports: ["{plan.port}:8000"]',
                f"{indent}volumes: [chatkit-data:/data]",
                f"{indent}environment: {{ DATABASE: /data/chat.db }}",
            )
        )
        text = source.text[: found.start("indent")] + service + source.text[found.start("indent") :]
        if re.search(r"^volumes:", text, re.MULTILINE):
            text = re.sub(r"^volumes:[ \t]*\n", f"volumes:\n{indent}chatkit-data:\n", text, count=1, flags=re.MULTILINE)
        else:
            text = f"{text.rstrip()}\n\nvolumes:\n{indent}chatkit-data:\n"
        plan.texts.replace(path, text)
        plan.move(path, "runs the new server beside the app")


def _unused_packages(plan: Plan, env: PublicEnvironment) -> None:
    manifest = env.folder / "package.json"
    source = plan.texts.read(manifest) if plan.texts.exists(manifest) else None
    dependencies = Package.read(str(env.folder), source).manifest.get("dependencies")
    if isinstance(dependencies, dict) and "openai" in dependencies and not _imports(plan, env.folder, "openai"):
        plan.leave(manifest, "nothing imports the package openai any more", "take it out with your package manager")


def _imports(plan: Plan, folder: Path, package: str) -> bool:
    pattern = re.compile(rf"""(?:from|require\(|import)\s*\(?["']{package}["'/]""")
    paths = (path for path in plan.texts.web_paths() if path.is_relative_to(folder))
    return any(pattern.search(source.text) for path in paths if (source := plan.texts.read(path)) is not None)


def _readme(plan: Plan, env: PublicEnvironment) -> None:
    for folder in dict.fromkeys((plan.texts.root, env.folder)):
        path = next((each for each in sorted(folder.glob("[Rr][Ee][Aa][Dd][Mm][Ee].md"))), None)
        source = plan.texts.read(path) if path is not None else None
        if path is None or source is None or _README_HEADING in source.text:
            continue
        backend = relative_path(plan.backend, folder)
        added = f"\n\n{_README.format(heading=_README_HEADING, backend=backend)}"
        plan.texts.replace(path, source.text.rstrip() + added.replace("\n", source.newline))
        plan.move(path, "says how to run the new server")
        for number, line in enumerate(source.text.splitlines(), 1):
            if re.search(r"WORKFLOW_ID|agent-builder|Agent Builder|wf_", line):
                plan.leave(path, "it still tells of the workflow", "rewrite what it says of Agent Builder", number)
                break
        return


def _beside(plan: Plan, env: PublicEnvironment) -> list[Path]:
    folders = {env.folder, plan.texts.root, env.folder.parent if env.folder != plan.texts.root else env.folder}
    listed = [path for path in plan.texts.start.listing.files if path.parent in folders]
    also = [path for folder in folders for path in folder.glob("*.vars.example")]
    return list(dict.fromkeys([*listed, *also]))


def _is_mentioned(plan: Plan, word: str) -> bool:
    files = plan.texts.start.listing
    paths = (path for path in files.files if files.kind(path) in {FileKind.WEB, FileKind.PYTHON})
    return any(path not in plan.texts.removed and plan.texts.mentions(path, word) for path in paths)


_DOCKERFILE = """\
FROM python:3.12-slim
WORKDIR /srv
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY app app
EXPOSE 8000
CMD ["uvicorn", "app.main:app", "--host", "0.0.0.0", "--port", "8000"]
"""

_README = """\
{heading}

The chat runs on a ChatKit server of our own, in `{backend}/`. Copy `{backend}/.env.example` to `{backend}/.env`,
fill it in, and start it beside the page:

```
cd {backend}
python3 -m venv .venv
.venv/bin/pip install -r requirements.txt
.venv/bin/python -m app.dev
```

That is for development alone, on your own machine. Elsewhere `uvicorn app.main:app` runs it, with a `SECRET_KEY`.

What the assistant is and can do stands in `{backend}/app/`; threads are kept in `{backend}/chat.db`.
"""
