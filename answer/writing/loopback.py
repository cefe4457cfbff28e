"""HTTP to a model server on this machine, and to nothing else.

Takes the address that a user named, gives a client for it and what such servers tell:
their models, how they count tokens, their errors. The address is checked itself: no
name is looked up, no proxy used, no redirect followed.
"""

from __future__ import annotations

import json
import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import httpx2

from core.errors import InputError, ModelError

CONNECT_SECONDS = 2.0
MOST_MODELS = 100  # of a server's list
MOST_BYTES = 1_000_000  # of a reply that is no stream
MESSAGE_CHARS = 200  # of what a server says about an error


def checked(text: str) -> str:
    """`text` as http://HOST:PORT, where HOST is an address of the loopback interface.

    `localhost` means 127.0.0.1 and is not looked up. Raises InputError for all else.
    """
    try:
        parts = urlsplit(text.strip() if "://" in text else f"http://{text.strip()}")
        host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
        port = parts.port or 80
        plain = (parts.scheme, parts.username, parts.query, parts.fragment)
        usable = plain == ("http", None, "", "") and parts.path.strip("/") in ("", "v1")
        usable = usable and "%" not in host and ip_address(host).is_loopback
    except ValueError:
        usable = False
    if not usable:
        raise InputError(
            f"SOURCEBOOK_SERVER is “{text}”, which is no address of this machine. Articles are "
            "sent nowhere else: give http://127.0.0.1:PORT, for Ollama http://127.0.0.1:11434."
        )
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def open_client(address: str, silence_seconds: float) -> httpx2.AsyncClient:
    """`address` from `checked`."""
    return httpx2.AsyncClient(
        base_url=address,
        trust_env=False,  # no proxy, no password from a file
        follow_redirects=False,
        timeout=httpx2.Timeout(silence_seconds, connect=CONNECT_SECONDS),
        headers={"Accept-Encoding": "identity"},  # nothing to unpack
    )


async def model_names(client: httpx2.AsyncClient) -> list[str]:
    """In the server's own order. Raises ModelError where the reply is no list of models."""
    async with client.stream("GET", "/v1/models") as response:
        body = await _body_of(response)
    try:
        if response.status_code != 200:
            raise ValueError
        return [str(row["id"]) for row in json.loads(body)["data"]][:MOST_MODELS]
    except (ValueError, LookupError, TypeError) as error:
        raise ModelError(
            f"What answers at {client.base_url} does not speak OpenAI's protocol: it lists no "
            "models under /v1/models. Check the address in SOURCEBOOK_SERVER."
        ) from error


async def token_count(client: httpx2.AsyncClient, text: str) -> int | None:
    """By the model's own tokenizer where the server gives it (llama-server); else None."""
    async with client.stream("POST", "/tokenize", json={"content": text}) as response:
        body = await _body_of(response)
    try:
        return len(json.loads(body)["tokens"]) if response.status_code == 200 else None
    except (ValueError, LookupError, TypeError):
        return None


async def message(response: httpx2.Response) -> str:
    """What a server says of its error, on one short line."""
    if response.is_redirect:
        return "it points to another address, which is not followed"
    body = (await _body_of(response)).decode("utf-8", "replace")
    try:
        return shortened(json.loads(body)["error"])
    except (ValueError, LookupError, TypeError):
        return shortened(body)


async def _body_of(response: httpx2.Response) -> bytes:
    body = b""
    async for part in response.aiter_bytes():
        body += part
        if len(body) > MOST_BYTES:
            break
    return body


def shortened(error: Any) -> str:
    """A server's own words, on one line and without what could be markup."""
    text = error.get("message", "") if isinstance(error, dict) else error
    line = " ".join(re.sub(r"[^\w\s.,:;!?'\"()/%=-]", " ", str(text)).split())
    return line if len(line) <= MESSAGE_CHARS else line[:MESSAGE_CHARS] + " …"


def why_failed(address: str, error: httpx2.HTTPError) -> str:
    """For a user, with what to do next."""
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return (
            f"Nothing answers at {address}. Start the model server, or check the address in "
            "SOURCEBOOK_SERVER."
        )
    if isinstance(error, httpx2.TimeoutException):
        return f"The model server at {address} gave nothing for too long. Ask again."
    return (
        f"The connection to the model server at {address} broke "
        f"({shortened(str(error)) or type(error).__name__}). Ask again, or look at its log."
    )
