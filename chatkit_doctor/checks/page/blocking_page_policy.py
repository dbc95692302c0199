"""Find policies of a page that keep ChatKit's script or its frame out."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import SplitResult, urlsplit

from chatkit_doctor.contracts.web import cdn_script_url
from chatkit_doctor.finding import Finding, SeenAs
from chatkit_doctor.frontend.page.policies import COEP, PagePolicy, page_policies
from chatkit_doctor.frontend.pairs.addresses import surely_asked
from chatkit_doctor.project.app import App
from chatkit_doctor.records import dataclass
from chatkit_doctor.web.formats.policy import parse, refusal, trusts_by_name
from chatkit_doctor.web.languages import MARKUP_SUFFIXES

_WANTED = {"script-src": "script", "frame-src": "frame"}
_KEEPS_FRAMES_OUT = "require-corp"


def blocking_page_policy(app: App) -> Iterator[Finding]:
    """Find a policy that lets ChatKit's script or its frame not through, and one that asks frames for a header."""
    for policy in page_policies(app):
        if not app.owns(policy.at.path):
            continue
        if policy.name == COEP:
            yield from _embedding(policy)
        else:
            yield from _content(policy)
            yield from _requests(app, policy)


def _content(policy: PagePolicy) -> Iterator[Finding]:
    policies = parse([policy.value])
    script, page = ScriptPlace(urlsplit(cdn_script_url())), ScriptPlace(urlsplit("https://page.invalid/"))
    frame = ScriptPlace(script.parts._replace(path=""))
    origin = f"{script.parts.scheme}://{script.host}"
    kinds = [("script-src", script)] if trusts_by_name(policies) else []
    for kind, place in (*kinds, ("frame-src", frame)):
        directive = refusal(policies, kind, place, page)
        if directive is None:
            continue
        yield Finding(
            "CK504",
            policy.at,
            f"`{directive}` keeps out {origin}, where ChatKit's {_WANTED[kind]} comes from",
            label=f"lets no {_WANTED[kind]} of ChatKit's through",
            help=f"add {origin} to {kind}",
            seen_as=SeenAs(_WANTED[kind], {"directive": directive}),
        )


def _requests(app: App, policy: PagePolicy) -> Iterator[Finding]:
    """Yield what keeps the page from the server that its options name: the element asks it from the page."""
    policies = parse([policy.value])
    is_of_host = policy.at.path.suffix not in MARKUP_SUFFIXES
    for address in surely_asked(app):
        if not address.origin or (address.is_local and is_of_host):
            continue
        wanted = ScriptPlace(urlsplit(f"{address.origin}{address.path}"))
        page = ScriptPlace(urlsplit(f"{wanted.parts.scheme}://page.invalid/"))
        directive = refusal(policies, "connect-src", wanted, page)
        if directive is not None:
            yield Finding(
                "CK504",
                policy.at,
                f"`{directive}` keeps out {address.origin}, which api.url names",
                label="lets no request to the server through",
                help=f"add {address.origin} to connect-src",
                why="The element sends the requests to api.url from the page, and the page's policy is asked for each.",
            )
            return


def _embedding(policy: PagePolicy) -> Iterator[Finding]:
    if policy.value.split(";")[0].strip().lower() != _KEEPS_FRAMES_OUT:
        return
    yield Finding(
        "CK504",
        policy.at,
        f"{_KEEPS_FRAMES_OUT} lets in only frames that say they may be embedded, and those of ChatKit do not",
        label="keeps ChatKit's frames out",
        help="write credentialless, or leave the header away on the pages with the chat",
        why="With this policy a browser draws no frame of another origin that does not send the header itself.",
    )


@dataclass(frozen=True, slots=True)
class ScriptPlace:
    """An address of the web, as policies look at it."""

    parts: SplitResult

    @property
    def host(self) -> str:
        """Return the host in lower case."""
        return (self.parts.hostname or "").lower()

    @property
    def port(self) -> int:
        """Return the port, by the scheme where none is written."""
        return self.parts.port or {"http": 80}.get(self.parts.scheme, 443)
