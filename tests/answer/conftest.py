import os
import time

import pytest


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
