"""The page's side: `api: { getClientSecret }` becomes a `url` and a `domainKey`, and what served the secret goes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from chatkit_doctor.contracts.web_names import DOMAIN_KEY, SECRET, URL
from chatkit_doctor.finding import Edit
from chatkit_doctor.frontend.hosted.apps import hosted_apps
from chatkit_doctor.frontend.hosted.mounts import HostedMount
from chatkit_doctor.migrate import environment
from chatkit_doctor.migrate.cleaning.cleaner import Cleaner
from chatkit_doctor.migrate.cleaning.removal import remove_statement
from chatkit_doctor.migrate.consequences import note_consequences
from chatkit_doctor.migrate.environment import Framework, PublicEnvironment
from chatkit_doctor.migrate.plan import MigrateError, Plan
from chatkit_doctor.migrate.sessions.asking import asking_of
from chatkit_doctor.migrate.sessions.sending import sending
from chatkit_doctor.migrate.sessions.user import import_user
from chatkit_doctor.project.files import FileProblem, read_bytes
from chatkit_doctor.web.literals import key_text
from chatkit_doctor.web.tree import field, walk, without_comments
from chatkit_doctor.web.writing.literals import indent_unit, indentation, quoted, remove_member, starts_line

if TYPE_CHECKING:
    from tree_sitter import Node

    from chatkit_doctor.migrate.routes.moving import Proxy
    from chatkit_doctor.migrate.sessions.asking import AskingChoice
    from chatkit_doctor.project.project import Project
    from chatkit_doctor.web.document import Document


def move_mount(plan: Plan, mount: HostedMount, env: PublicEnvironment, cleaner: Cleaner, proxy: Proxy | None) -> None:
    """Point one `api` at the new server.

    proxy: the app's own way to it that keeps its sign-in, None for the server itself.
    """
    path, line = mount.document.path, mount.location.first.line
    note_consequences(plan, mount)
    if proxy is None:
        entries = [*_own_server(plan, mount, env), ("fetch", import_user(plan, mount.document, env))]
        # The import was put above, so that the places are others now.
        mount = _again(plan, mount)
    else:
        entries = _through_proxy(plan, mount, env, proxy)
        mount = _again(plan, mount)
    document = mount.document
    members = without_comments(mount.api) if mount.api.type == "object" else []
    kept = [each for each in members if _name(document, each) != SECRET]
    names = {_name(document, each) for each in kept}
    wanted = [(name, value) for name, value in entries if name not in names]
    if not wanted:
        edits = remove_member(document, mount.entry)
    else:
        texts = [f"{name}: {value}" for name, value in wanted] + [document.text(each) for each in kept]
        edits = [Edit(document.location(mount.api), _literal(document, mount.api, texts))]
    cleaner.edit(document, edits, [mount.entry])
    was = f"api.{SECRET}" if members else document.text(field(mount.entry, "function") or mount.entry)
    plan.move(path, f"{was} became {URL} and {DOMAIN_KEY}", line)


def _own_server(plan: Plan, mount: HostedMount, env: PublicEnvironment) -> list[tuple[str, str]]:
    document = mount.document
    url = f"{env.read(environment.URL)} || {quoted(document, plan.server_url)}"
    return [(URL, url), _domain_key(document, env), *_uploads(mount)]


def _through_proxy(plan: Plan, mount: HostedMount, env: PublicEnvironment, proxy: Proxy) -> list[tuple[str, str]]:
    document = mount.document
    asking = asking_of(plan.texts, document, mount.api, mount.entry)
    if not asking.is_whole if asking is not None else "Authorization" in document.source.text:
        what = "the page asked for its session with headers of its own"
        plan.leave_at(mount.location, what, "send them in api.fetch as well")
    if asking is not None and asking.choice is not None:
        return [*_chosen(plan, mount, env, proxy, asking.choice), *_uploads(mount)]
    url = asking.url if asking is not None else quoted(document, proxy.path or "")
    if asking is not None and asking.literal is not None:
        url = quoted(document, proxy.path or asking.literal)
    return [(URL, url), _domain_key(document, env), ("fetch", sending(document, asking)), *_uploads(mount)]


def _chosen(
    plan: Plan, mount: HostedMount, env: PublicEnvironment, proxy: Proxy, choice: AskingChoice
) -> list[tuple[str, str]]:
    """Return the entries of a page that chooses: what a proxy does not take goes to the new server itself."""
    document = mount.document
    ways = (choice.yes, choice.no)
    direct = f"{env.read(environment.URL)} || {quoted(document, plan.server_url)}"
    urls = [way.url if proxy.takes(way) else direct for way in ways]
    fetches = [sending(document, way) if proxy.takes(way) else import_user(plan, document, env) for way in ways]
    fetch = fetches[0] if fetches[0] == fetches[1] else _either(document, choice, [_held(each) for each in fetches])
    return [(URL, _either(document, choice, urls)), _domain_key(document, env), ("fetch", fetch)]


def _either(document: Document, choice: AskingChoice, values: list[str]) -> str:
    yes, no = (each.replace("\n", f"\n{indent_unit(document.source)}") for each in values)
    line = f"\n{indent_unit(document.source)}"
    return f"{choice.condition}{line}? {yes}{line}: {no}"


def _held(function: str) -> str:
    """Return a function in brackets where a colon behind it might be read as that of a type."""
    return f"({function})" if "=>" in function else function


def _domain_key(document: Document, env: PublicEnvironment) -> tuple[str, str]:
    return DOMAIN_KEY, f"{env.read(environment.KEY)} || {quoted(document, environment.LOCAL_KEY)}"


def _uploads(mount: HostedMount) -> Iterator[tuple[str, str]]:
    if _has_attachments(mount.document, mount.api):
        yield "uploadStrategy", f"{{ type: {quoted(mount.document, 'two_phase')} }}"


def drop_workflow_id(plan: Plan, mounts: Iterable[HostedMount], cleaner: Cleaner) -> None:
    """Take out what gave the element the workflow's id as an attribute, which it has never read."""
    for path in dict.fromkeys(mount.document.path for mount in mounts):
        while (document := plan.texts.document(path)) is not None:
            call = next((each for each in document.find("call_expression") if _sets_workflow_id(document, each)), None)
            statement = call.parent if call is not None else None
            if call is None or statement is None or statement.type != "expression_statement":
                break
            line = document.location(call).first.line
            cleaner.edit(document, [remove_statement(document, statement)], [statement])
            plan.move(path, "gives the element no workflow-id any more", line)


def _sets_workflow_id(document: Document, call: Node) -> bool:
    function, arguments = field(call, "function"), field(call, "arguments")
    name = field(function, "property") if function is not None else None
    given = without_comments(arguments) if arguments is not None else []
    is_setter = name is not None and document.text(name) == "setAttribute" and bool(given)
    return is_setter and document.text(given[0]).strip("'\"`") == "workflow-id"


def mounts_in(project: Project) -> list[HostedMount]:
    """Return the hosted mounts of all apps of a project."""
    return [mount for app in hosted_apps(project) for mount in app.mounts]


def _again(plan: Plan, mount: HostedMount) -> HostedMount:
    """Return a mount as it stands after an edit of its file. Raises MigrateError where it is lost."""
    found = [each for each in mounts_in(plan.texts.now) if each.document.path == mount.document.path]
    if not found:
        raise MigrateError(f"{mount.document.path.name}: its {SECRET} cannot be found again")
    wanted = mount.document.text(mount.api)
    return next((each for each in found if each.document.text(each.api) == wanted), found[0])


def _literal(document: Document, api: Node, texts: list[str]) -> str:
    source = document.source
    at = document.location(api)
    members = without_comments(api) if api.type == "object" else []
    outer = indentation(source, at.end - 1 if api.start_point.row < api.end_point.row else at.start)
    first = document.location(members[0]).start if members else at.start
    own_line = bool(members) and starts_line(source, first)
    inner = indentation(source, first) if own_line else f"{outer}{indent_unit(source)}"
    lines = (f"{inner}{text},".replace("\n", f"\n{inner}") for text in texts)
    return "\n".join(["{", *lines, f"{outer}}}"])


def _name(document: Document, member: Node) -> str | None:
    key = field(member, "key") or field(member, "name") or member
    return key_text(document, key)


def _has_attachments(document: Document, api: Node) -> bool:
    """Return whether the options beside an `api` may let people send files."""
    for node in walk(_program(api)):
        if node.type == "pair" and _name(document, node) == "attachments":
            value = field(node, "value")
            text = document.text(value) if value is not None else ""
            if "enabled" in text and "enabled: false" not in text:
                return True
    return False


def _program(node: Node) -> Node:
    while node.parent is not None:
        node = node.parent
    return node


def declare_environment(plan: Plan, env: PublicEnvironment, document: Document) -> None:
    """Make the framework and the type checker know the new variables, where they have to be told."""
    if env.framework is Framework.NUXT:
        _declare_runtime_config(plan, env)
    is_typed = document.path.suffix in {".ts", ".tsx", ".mts"}
    if env.framework is Framework.VITE and is_typed and not _knows_vite(env.folder):
        source_folder = env.folder / "src"
        folder = source_folder if document.path.is_relative_to(source_folder) else document.path.parent
        plan.texts.new[folder / "vite-env.d.ts"] = b'/// <reference types="vite/client" />\n'


def _knows_vite(folder: Path) -> bool:
    for path in sorted(folder.rglob("*.d.ts")) + sorted(folder.glob("tsconfig*.json")):
        with suppress(FileProblem):
            if "node_modules" not in path.parts and b"vite/client" in read_bytes(path, top=str(folder)):
                return True
    return False


def _declare_runtime_config(plan: Plan, env: PublicEnvironment) -> None:
    for path in plan.texts.web_paths():
        document = (
            plan.texts.document(path) if path.parent == env.folder and path.name.startswith("nuxt.config") else None
        )
        if document is None:
            continue
        lines = (
            (name, value)
            for name, value in (("chatkitUrl", plan.server_url), ("chatkitDomainKey", environment.LOCAL_KEY))
        )
        texts = [f"{name}: {quoted(document, value)}" for name, value in lines if name not in document.source.text]
        if texts:
            plan.texts.apply(_into_runtime_config(document, texts))
            plan.move(path, "runtimeConfig.public holds the new settings")
        return


def _into_runtime_config(document: Document, texts: list[str]) -> list[Edit]:
    """Write entries into `runtimeConfig.public`, which is made if need be."""
    entries = {_name(document, node): node for node in document.find("pair")}
    public, config = (
        field(node, "value") if (node := entries.get(name)) else None for name in ("public", "runtimeConfig")
    )
    made = f"public: {{ {', '.join(texts)} }}"
    for target, text in ((public, ",\n".join(texts)), (config, made)):
        if target is not None and target.type == "object":
            return [_first_member(document, target, text)]
    for call in document.find("call_expression"):
        arguments = field(call, "arguments")
        given = without_comments(arguments) if arguments is not None else []
        if given and given[0].type == "object":
            return [_first_member(document, given[0], f"runtimeConfig: {{ {made} }}")]
    return []


def _first_member(document: Document, target: Node, text: str) -> Edit:
    source = document.source
    start = document.location(target).start + 1
    inner = indentation(source, document.location(target).start) + indent_unit(source)
    lines = "".join(f"\n{inner}{line}" for line in f"{text},".split("\n"))
    return Edit(source.location(start, start), lines)
