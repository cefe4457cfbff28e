"""Where the offline part is killed, what it was running ends with it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests import processes
from tests.conftest import PROJECT

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")

PART = """
import sys
from pathlib import Path
from evaluate.torture import offline
offline.one(Path(sys.argv[1]), int(sys.argv[2]), fresh=False)
"""


@pytest.mark.usefixtures("real_source")
@pytest.mark.parametrize(("number", "what"), [(2, "cli.py add"), (3, "streamlit run")])
def test_a_killed_part_leaves_nothing_running(tmp_path: Path, number: int, what: str) -> None:
    if number == 3 and shutil.which("chromium") is None:
        pytest.skip("Chromium is not installed")
    part = subprocess.Popen(
        [sys.executable, "-c", PART, str(tmp_path), str(number)],
        cwd=PROJECT,
        env={**os.environ, processes.MARK: str(tmp_path)},
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not any(what in one for one in processes.marked(str(tmp_path)).values()):
            assert part.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.1)
        part.kill()
        part.wait()
        assert processes.left_after(str(tmp_path), seconds=10) == {}
    finally:
        processes.end(str(tmp_path))
