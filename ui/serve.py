"""Starts the browser app: Streamlit on 127.0.0.1, and the browser once it answers.

The browser is given a link that opens the app once, and only from a program of this user: other
users can read the command that a browser is started with.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import threading
import time
import webbrowser
from pathlib import Path

from core import door, lifeline
from core.children import PROJECT_PATH
from core.errors import AppError, InputError
from core.settings import Settings

START_SECONDS = 60
END_SECONDS = 4.0
KILLED = (
    "The app was ended from outside (signal {}); memory may be short. Start it again: what was "
    "indexed and saved is kept, and unfinished work goes on."
)


def serve(settings: Settings, port: int, open_browser: bool) -> int:
    """Run the app until it is stopped; gives its exit code. However this process ends, the app
    ends with it (outside Linux it stays where this process is killed). Raises AppError where
    the app was killed."""
    # The app reads its library from the environment: it may be started without us.
    environment = {**os.environ, "SOURCEBOOK_HOME": str(settings.home)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    child = subprocess.Popen(
        command, cwd=PROJECT_PATH, env=environment, preexec_fn=lifeline.tied("SIGTERM")
    )
    signal.signal(signal.SIGTERM, _stop)
    if open_browser:
        threading.Thread(
            target=_open_when_ready, args=(settings.home, port, child), daemon=True
        ).start()
    try:
        code = child.wait()
    except KeyboardInterrupt:  # the usual way to end it, and no failure
        _end(child)
        return 0
    if code < 0:
        raise AppError(KILLED.format(-code))
    return code


def _stop(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def _end(child: subprocess.Popen[bytes]) -> None:
    """End the app, with patience that does not depend on it. Ctrl-C has told it already."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    child.terminate()
    try:
        child.wait(timeout=END_SECONDS)
    except subprocess.TimeoutExpired:  # its own children end with it
        child.kill()
        child.wait()


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
