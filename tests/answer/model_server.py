"""A small model server on loopback that speaks as Ollama, LM Studio and llama-server do.

Not a test: what tests/answer/test_server.py talks to. It keeps every request and answers
from a script.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Script:
    """How the server behaves; a test sets what it needs."""

    models: list[str] = field(default_factory=lambda: ["nomic-embed-text", "qwen3:4b"])
    deltas: list[object] = field(default_factory=lambda: ["Malta bought ", "two ferries."])
    # (status, body) for the next chat requests, before they are answered; then the deltas
    refusals: list[tuple[int, object]] = field(default_factory=list)
    tokenizer: bool = False  # /tokenize, as llama-server has it: one token per word
    cut_after: int | None = None  # the connection breaks after so many deltas
    finish: bool = True  # says at the end that it has ended
    gate: threading.Event | None = None  # waits for it before the first delta
    location: str = ""  # answers everything with a redirect to it
    content_type: str = "text/event-stream"
    requests: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    hung_up: threading.Event = field(default_factory=threading.Event)

    def chats(self) -> list[dict[str, object]]:
        return [body for path, body in self.requests if path == "/v1/chat/completions"]


class ModelServer:
    """Serves a Script from 127.0.0.1 until closed."""

    def __init__(self) -> None:
        self.script = Script()
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        if self.script.gate is not None:
            self.script.gate.set()
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is what some tests are about."""


def _handler(server: ModelServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            """Silent."""

        def do_GET(self) -> None:
            script = server.script
            script.requests.append((self.path, {}))
            script.headers.append(dict(self.headers))
            if script.location:
                self._reply(302, {})
            elif self.path == "/v1/models":
                self._reply(200, {"data": [{"id": name} for name in script.models]})
            else:
                self._reply(404, {"error": "not here"})

        def do_POST(self) -> None:
            script = server.script
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            script.requests.append((self.path, body))
            script.headers.append(dict(self.headers))
            if script.location:
                self._reply(302, {})
            elif self.path == "/tokenize" and script.tokenizer:
                self._reply(200, {"tokens": body["content"].split()})
            elif self.path != "/v1/chat/completions":
                self._reply(404, {"error": {"message": "no such path"}})
            elif script.refusals:
                self._reply(*script.refusals.pop(0))
            else:
                self._stream(script)

        def _reply(self, status: int, body: object) -> None:
            data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            if server.script.location:
                self.send_header("Location", server.script.location)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, script: Script) -> None:
            self.send_response(200)
            self.send_header("Content-Type", script.content_type)
            self.send_header("Connection", "close")
            self.end_headers()
            self.close_connection = True
            if script.gate is not None and not self._waited(script):
                script.hung_up.set()
                return
            for place, delta in enumerate(script.deltas):
                if place == script.cut_after:
                    return
                fields = delta if isinstance(delta, dict) else {"content": delta}
                self._event({"choices": [{"delta": fields, "finish_reason": None}]})
            if script.finish:
                self._event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
                self.wfile.write(b"data: [DONE]\n\n")

        def _event(self, event: object) -> None:
            self.wfile.write(b"data: " + json.dumps(event).encode() + b"\n\n")
            self.wfile.flush()

        def _waited(self, script: Script) -> bool:
            """False where the client hung up while we waited, as a server reads a prompt."""
            gate = script.gate
            assert gate is not None
            self.connection.settimeout(0.02)
            while not gate.wait(0.01):
                try:
                    if self.connection.recv(1) == b"":
                        return False
                except TimeoutError:
                    continue
                except OSError:
                    return False
            return True

    return Handler
