"""What tests of a short machine share: children in namespaces and under limits of their own."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from tests.conftest import PROJECT

TEXT = (
    "Keeper closes lock {0}\n\nThe northern lock number {0} was closed on Monday because a pin "
    "had cracked. Its keeper said that barges must wait until the pin is forged anew.\n"
)


@pytest.fixture
def articles(tmp_path):
    """A folder of six articles."""
    folder = tmp_path / "articles"
    folder.mkdir()
    for number in range(6):
        (folder / f"{number}.txt").write_text(TEXT.format(number))
    return folder


@pytest.fixture
def child(tmp_path):
    """Runs a module of these tests as a child, and gives the JSON value it prints last.
    `mounts`: as root of a mount namespace of its own, where a test may mount what it likes."""

    def run(module, *arguments, mounts=False):
        before = ["unshare", "-rm"] if mounts else []
        if mounts and (not shutil.which("unshare") or not _may_mount()):
            pytest.skip("no mount namespaces here")
        done = subprocess.run(
            [*before, sys.executable, "-m", f"tests.resources.{module}", *map(str, arguments)],
            cwd=PROJECT,
            env={**os.environ, "SOURCEBOOK_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    return run


def _may_mount():
    tried = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return subprocess.run(tried, capture_output=True, check=False).returncode == 0
