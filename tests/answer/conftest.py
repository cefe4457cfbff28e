import os
import time

import pytest

from core import modelfiles
from core.settings import Settings


@pytest.fixture(scope="session")
def gguf(tmp_path_factory):
    """The path of the default writing model, which `make setup` installs."""
    home = tmp_path_factory.mktemp("home")
    model = modelfiles.find_gguf(Settings(home=home))
    if model is None:
        pytest.skip(f"no writing model installed; {modelfiles.WRITER_COMMAND}")
    return model.path


@pytest.fixture
def wait_until_gone():
    """Wait for a process that is not our child to end."""

    def wait(process_id, seconds=5.0):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                os.kill(process_id, 0)
            except ProcessLookupError:
                return True
            time.sleep(0.02)
        return False

    return wait
