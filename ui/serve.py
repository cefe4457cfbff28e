"""Starts the browser app: Streamlit on 127.0.0.1, and the browser once it answers.

The browser is given a link that opens the app once, and only from a program of this user: other
users can read the command that a browser is started with.
"""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

from core import door
from core.children import PROJECT_PATH
from core.errors import InputError
from core.settings import Settings

START_SECONDS = 60


def serve(settings: Settings, port: int, open_browser: bool) -> int:
    """Run the app until it is stopped; gives its exit code."""
    # The app reads its library from the environment: it may be started without us.
    environment = {**os.environ, "SOURCEBOOK_HOME": str(settings.home)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    child = subprocess.Popen(command, cwd=PROJECT_PATH, env=environment)
    if open_browser:
        threading.Thread(
            target=_open_when_ready, args=(settings.home, port, child), daemon=True
        ).start()
    try:
        return child.wait()
    except KeyboardInterrupt:  # the usual way to end it, and no failure
        child.terminate()
        child.wait()
        return 0


def _open_when_ready(home: Path, port: int, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        if _answers(port):
            webbrowser.open(_address(home, port))
            return
        time.sleep(0.2)


def _answers(port: int) -> bool:
    """Whether the app answers at all; it lets nobody in yet."""
    asked = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        asked.request("GET", "/_stcore/health")
        return asked.getresponse().status > 0
    except (OSError, http.client.HTTPException):
        return False
    finally:
        asked.close()


def _address(home: Path, port: int) -> str:
    """A link; the plain address where the app could keep no secret, whose page says what to do."""
    try:
        return door.link(home, port, time.time(), door.OWN_USER)
    except InputError:
        return f"http://127.0.0.1:{port}"
