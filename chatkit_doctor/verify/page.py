"""The checks on the page around the chat: does it load ChatKit's script, and do its headers let ChatKit work."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from chatkit_doctor.contracts.web import cdn_script_url, is_mistaken_script
from chatkit_doctor.records import dataclass
from chatkit_doctor.verify.explained import ExplainedBy
from chatkit_doctor.verify.objections import status_objection
from chatkit_doctor.verify.result import PAGE_CHECKS, Verdict, failed, passed, skipped
from chatkit_doctor.verify.wire.address import Address, AddressError
from chatkit_doctor.verify.wire.events import quoted
from chatkit_doctor.verify.wire.markup import Markup, read_markup
from chatkit_doctor.verify.wire.transport import Answer, Http, NoAnswerError
from chatkit_doctor.web.formats.policy import ContentPolicy, Loader, is_undecided, parse, refusal
from chatkit_doctor.words import shortened

_MOST_REDIRECTS = 5
# No page that people write has more scripts; of its own, so many are looked into.
_MOST_SCRIPTS = 1000
_MOST_FETCHED = 12
_LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """A page as it came. redirects: the addresses on the way to it."""

    answer: Answer
    markup: Markup
    redirects: tuple[str, ...] = ()

    @property
    def address(self) -> Address:
        """Return where it was at last."""
        return self.answer.address

    @property
    def policies(self) -> list[ContentPolicy]:
        """Return the policies that hold for it; those that only report are none of them."""
        return parse([self.answer.headers.get("content-security-policy", ""), *self.markup.policies])

    def scripts(self) -> Iterator[tuple[Address, Loader]]:
        """Yield the addresses of the scripts that it runs."""
        for script in self.markup.running[:_MOST_SCRIPTS]:
            if (source := script.get("src")) and (address := self.resolved(source)):
                yield address, Loader(script.get("nonce"), script.get("integrity"))

    def resolved(self, reference: str) -> Address | None:
        """Return what a reference in the page means, or None for no address."""
        try:
            return self.address.joined(self.markup.base or "").joined(reference)
        except AddressError:
            return None


@dataclass(frozen=True, slots=True)
class Loading:
    """How the page comes to ChatKit's script; loader: None where that is not known."""

    verdict: Verdict
    loader: Loader | None = None


async def page_checks(http: Http, address: Address, endpoint: Address) -> AsyncIterator[tuple[str, Verdict]]:
    """Yield the checks on a page with their verdicts."""
    page = await _load(http, address)
    if isinstance(page, Verdict):
        yield "page-loads", page
        for name in PAGE_CHECKS[1:]:
            yield name, skipped("the page does not load")
        return
    yield "page-loads", passed(f"after a redirect to {page.address.shown}" if page.redirects else "")
    loading = await _loading(http, page)
    yield "page-script", loading.verdict
    yield "page-policy", _policy(page, loading.loader, endpoint)
    yield "page-embedding", _embedding(page.answer)


async def _load(http: Http, address: Address) -> FetchedPage | Verdict:
    redirects: list[str] = []
    try:
        for _ in range(_MOST_REDIRECTS + 1):
            answer = await http.get(address)
            location = answer.headers.get("location")
            if not 300 <= answer.status < 400 or location is None:
                break
            address = address.joined(location)
            redirects.append(address.shown)
        else:
            return failed(f"redirects more than {_MOST_REDIRECTS} times, at last to {quoted(redirects[-1], 200)}")
    except (NoAnswerError, AddressError) as error:
        # It may quote where a server redirects to.
        return failed(shortened(str(error), _LONGEST_REASON))
    if found := status_objection(answer):
        return failed(f"{address.shown} {found.reason}")
    if answer.media_type not in {"text/html", "application/xhtml+xml"}:
        return failed(f"the answer is {answer.media_type or 'of no known type'}, no HTML page")
    return FetchedPage(answer, read_markup(answer.text), tuple(redirects))


async def _loading(http: Http, page: FetchedPage) -> Loading:
    cdn = Address.parse(cdn_script_url())
    for address, loader in page.scripts():
        if _is_same_file(address, cdn):
            return Loading(passed(), loader)
    for address, loader in page.scripts():
        if is_mistaken_script(address.host, address.parts.path):
            reason = f"loads {quoted(address.shown, 200)}, which is not ChatKit's script"
            return Loading(failed(reason, ExplainedBy.WRONG_CDN_SCRIPT, f"load {cdn.text}"), loader)
    if any(_is_named(script.text, cdn) for script in page.markup.running):
        return Loading(passed("a script in the page names it"), Loader(is_written=False))
    return await _in_bundles(http, page, cdn)


async def _in_bundles(http: Http, page: FetchedPage, cdn: Address) -> Loading:
    """Look for the address in the page's own scripts, which may load it when they run."""
    own = [address for address, _ in page.scripts() if address.origin == page.address.origin]
    early = (page.resolved(each) for each in page.markup.preloaded)
    own += [address for address in early if address is not None and address.origin == page.address.origin]
    for address in list(dict.fromkeys(own))[:_MOST_FETCHED]:
        try:
            answer = await http.get(address)
        except NoAnswerError:
            continue
        if answer.status == 200 and _is_named(answer.text, cdn):
            return Loading(passed(f"{address.parts.path} names it"), Loader(is_written=False))
    if not page.markup.scripts:
        return Loading(failed("the page has no script at all", ExplainedBy.MISSING_CDN_SCRIPT, f"load {cdn.text}"))
    return Loading(skipped("neither the page nor the scripts that it names say so; scripts loaded later may"))


def _is_named(text: str, cdn: Address) -> bool:
    """Return whether code names the script, in one literal or in several, with or without escaped slashes."""
    return cdn.host in text and cdn.parts.path.rpartition("/")[2] in text


def _is_same_file(address: Address, cdn: Address) -> bool:
    return (address.host, address.port, address.parts.path) in {
        (cdn.host, port, cdn.parts.path) for port in (80, cdn.port)
    }


def _policy(page: FetchedPage, loader: Loader | None, endpoint: Address) -> Verdict:
    """Judge whether the policies let the script, its frame and the requests to the endpoint through."""
    policies = page.policies
    if not policies:
        return passed("it has none")
    cdn = Address.parse(cdn_script_url())
    # The frame's own address is the script's secret, its host is not.
    frame = cdn.at("")
    as_loaded = loader or Loader(is_written=False)
    if directive := refusal(policies, "script-src", cdn, page.address, as_loaded):
        if not is_undecided(policies, as_loaded):
            return _blocked("ChatKit's script", directive, cdn.origin)
        return skipped(
            f"whether the script is let in depends on a nonce that only the page's own code knows: {directive}"
        )
    if directive := refusal(policies, "frame-src", frame, page.address):
        return _blocked("ChatKit's frame", directive, cdn.origin)
    if directive := refusal(policies, "connect-src", endpoint, page.address):
        return _blocked("requests to the endpoint", directive, endpoint.origin)
    return passed()


def _blocked(what: str, directive: str, origin: str) -> Verdict:
    name = directive.partition(" ")[0]
    return failed(
        f"{quoted(directive, 120)} keeps out {what}", ExplainedBy.BLOCKING_PAGE_POLICY, f"add {origin} to {name}"
    )


def _embedding(answer: Answer) -> Verdict:
    """Judge whether the page's embedder policy lets in a frame that does not say that it agrees."""
    policy = answer.headers.get("cross-origin-embedder-policy", "").partition(";")[0].strip().lower()
    if policy == "require-corp":
        advice = "leave the header out on the page that shows the chat"
        return failed(
            "Cross-Origin-Embedder-Policy: require-corp keeps out ChatKit's frames",
            ExplainedBy.BLOCKING_PAGE_POLICY,
            advice,
        )
    if policy == "credentialless":
        return skipped("Cross-Origin-Embedder-Policy: credentialless keeps out frames without a like header")
    return passed()
