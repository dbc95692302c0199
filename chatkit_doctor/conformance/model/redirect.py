"""Leads the project's model clients to the endpoint: what they send is made by their own code, and goes no further.

Requests of httpx are turned at the transport, whatever client is built on it. LiteLLM asks each provider in its own
way; it is told that the endpoint is an OpenAI one, so that its own code for these makes the request.
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

# A client refuses to start without a key; these open nothing.
_KEYS = (
    "OPENAI",
    "ANTHROPIC",
    "GEMINI",
    "GOOGLE",
    "GROQ",
    "MISTRAL",
    "OPENROUTER",
    "DEEPSEEK",
    "XAI",
    "COHERE",
    "AZURE",
)
_KEY = "sk-of-chatkit-doctor-check"
# openai's client is built on the one up to its release 2, and on the other from 3 on.
_CLIENTS = ("httpx", "httpx2")
_ASKED = ("/chat/completions", "/responses")


def settings() -> dict[str, str]:
    """Return the variables that let clients be made and that keep them to what can be turned."""
    keys = {f"{name}_API_KEY": _KEY for name in _KEYS}
    return {"DISABLE_AIOHTTP_TRANSPORT": "True", "OPENAI_AGENTS_DISABLE_TRACING": "1", **keys}


def prepare() -> None:
    """Give the environment what clients ask for when they are made, before the project is imported."""
    os.environ.update(settings())
    # Nothing goes out, so that nothing goes by way of a proxy.
    for name in [name for name in os.environ if name.upper().endswith("_PROXY")]:
        del os.environ[name]


class Redirect:
    """Leads to one endpoint at a time. target: its base URL, which ends in /v1; empty before there is one."""

    def __init__(self) -> None:
        self.target = ""

    def install(self) -> None:
        """Turn what is loaded so far; each client once, however often this is called."""
        for name in _CLIENTS:
            client = sys.modules.get(name)
            if client is not None:
                self._wrap(client.AsyncHTTPTransport, "handle_async_request", self._turned)
                self._wrap(client.HTTPTransport, "handle_request", self._turned)
        litellm = sys.modules.get("litellm")
        if litellm is not None:
            for method in ("acompletion", "completion", "aresponses", "responses"):
                if hasattr(litellm, method):
                    self._wrap(litellm, method, self._told)

    def _wrap(self, owner: Any, name: str, change: Callable[[tuple[Any, ...], dict[str, Any]], None]) -> None:
        whole = getattr(owner, name)
        if getattr(whole, "is_turned", False):
            return

        @functools.wraps(whole)
        def turned(*arguments: Any, **named: Any) -> Any:
            change(arguments, named)
            return whole(*arguments, **named)

        turned.is_turned = True  # type: ignore[attr-defined]
        setattr(owner, name, turned)

    def _turned(self, arguments: tuple[Any, ...], _: dict[str, Any]) -> None:
        request = arguments[1]
        path = next((each for each in _ASKED if request.url.path.rstrip("/").endswith(each)), None)
        if path is None or not self.target:
            return
        to = urlsplit(self.target)
        request.url = request.url.copy_with(scheme=to.scheme, host=to.hostname, port=to.port, path=to.path + path)
        request.headers["Host"] = to.netloc

    def _told(self, _: tuple[Any, ...], named: dict[str, Any]) -> None:
        if self.target and isinstance(named.get("model"), str):
            named["model"] = "openai/" + named["model"].rpartition("/")[2]
            named.update(api_base=self.target, base_url=None, api_key=_KEY)
            named.pop("base_url")
            named.pop("custom_llm_provider", None)


# A client is turned once in a process, so that there is one for all runs.
REDIRECT = Redirect()
