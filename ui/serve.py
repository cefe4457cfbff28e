"""Starts the browser app: Streamlit on 127.0.0.1, and the browser once it answers."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser

from core.children import PROJECT_PATH
from core.errors import InputError
from core.settings import Settings

START_SECONDS = 60


def serve(settings: Settings, port: int, open_browser: bool) -> int:
    """Run the app until it is stopped; gives its exit code. Raises InputError."""
    if not 0 < port < 65536:
        raise InputError(f"{port} is no port: name one from 1 to 65535.")
    # The app reads its library from the environment: it may be started without us.
    environment = {**os.environ, "SOURCEBOOK_HOME": str(settings.home)}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", f"--server.port={port}"]
    child = subprocess.Popen(command, cwd=PROJECT_PATH, env=environment)
    if open_browser:
        address = f"http://127.0.0.1:{port}"
        threading.Thread(target=_open_when_ready, args=(address, child), daemon=True).start()
    try:
        return child.wait()
    except KeyboardInterrupt:  # the usual way to end it, and no failure
        child.terminate()
        child.wait()
        return 0


def _open_when_ready(address: str, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and child.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                webbrowser.open(address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
