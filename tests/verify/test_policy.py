"""What a Content-Security-Policy lets through."""

from __future__ import annotations

import pytest

from chatkit_doctor.verify.wire.address import Address
from chatkit_doctor.web.formats.policy import Loader, parse, refusal

CDN = Address.parse("https://cdn.example.com/chat/kit.js")
PAGE = Address.parse("https://app.example.org/chat")

# A policy, and whether it lets in a script that stands in the page.
SCRIPTS = [
    ("", True),
    ("img-src 'none'", True),
    ("default-src 'self'", False),
    ("default-src 'none'; script-src https://cdn.example.com", True),
    ("default-src *; script-src 'self'", False),
    ("script-src *; script-src-elem 'none'", False),
    ("script-src 'none'; script-src *", False),
    ("SCRIPT-SRC CDN.EXAMPLE.COM", True),
    ("script-src https:", True),
    ("script-src http:", True),
    ("script-src wss:", False),
    ("script-src *", True),
    ("script-src *.example.com", True),
    ("script-src *.cdn.example.com", False),
    ("script-src example.com", False),
    ("script-src http://cdn.example.com", True),
    ("script-src cdn.example.com:8443", False),
    ("script-src cdn.example.com:443", True),
    ("script-src cdn.example.com:*", True),
    ("script-src https://cdn.example.com/chat/", True),
    ("script-src https://cdn.example.com/chat", False),
    ("script-src https://cdn.example.com/chat/kit.js", True),
    ("script-src https://cdn.example.com/other/", False),
    ("script-src 'unsafe-inline' 'unsafe-eval'", False),
    ("script-src 'nonce-abc'", True),
    ("script-src 'nonce-ABC'", False),
    ("script-src 'sha256-xyz='", True),
    ("script-src 'sha256-other='", False),
    ("script-src 'strict-dynamic' https://cdn.example.com", False),
    ("script-src 'strict-dynamic' 'nonce-abc'", True),
    ("script-src *, script-src 'self'", False),
]


@pytest.mark.parametrize(("policy", "lets_in"), SCRIPTS, ids=[each[0] or "none" for each in SCRIPTS])
def test_scripts(policy: str, lets_in: bool) -> None:
    refused = refusal(parse([policy]), "script-src", CDN, PAGE, Loader("abc", "sha256-xyz="))
    assert (refused is None) is lets_in


def test_what_a_trusted_script_makes_is_let_in_by_strict_dynamic_alone() -> None:
    made = Loader(is_written=False)
    assert refusal(parse(["script-src 'nonce-abc' 'strict-dynamic'"]), "script-src", CDN, PAGE, made) is None
    assert refusal(parse(["script-src 'nonce-abc'"]), "script-src", CDN, PAGE, made) == "script-src 'nonce-abc'"


@pytest.mark.parametrize(
    ("policy", "wanted", "lets_in"),
    [
        ("connect-src 'self'", "https://app.example.org/chatkit", True),
        ("connect-src 'self'", "https://app.example.org:8443/chatkit", False),
        ("connect-src 'self'", "https://api.example.org/chatkit", False),
        ("connect-src http://localhost:8000", "http://localhost:8000/chatkit", True),
        ("connect-src localhost:8000", "http://localhost:8000/chatkit", False),
        ("default-src https:", "http://localhost:8000/chatkit", False),
        ("child-src 'none'", "https://app.example.org/chatkit", True),
    ],
)
def test_requests(policy: str, wanted: str, lets_in: bool) -> None:
    assert (refusal(parse([policy]), "connect-src", Address.parse(wanted), PAGE) is None) is lets_in


@pytest.mark.parametrize(
    ("policy", "refused"),
    [
        ("frame-src 'self'; child-src *", "frame-src 'self'"),
        ("child-src 'self'; default-src *", "child-src 'self'"),
        ("default-src 'self'", "default-src 'self'"),
        ("frame-src https://cdn.example.com/somewhere/", None),
    ],
)
def test_frames_of_which_only_the_host_is_known(policy: str, refused: str | None) -> None:
    assert refusal(parse([policy]), "frame-src", CDN.at(""), PAGE) == refused
