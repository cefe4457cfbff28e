"""A reading process that misbehaves on command: the file's name says how."""

import json
import os
import signal
import sys
import time

from ingest import wire
from ingest.read import read_all


def give(line):
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


give(json.dumps({"ready": True}))
for line in sys.stdin:
    path = json.loads(line)["path"]
    if "hang" in path:
        time.sleep(600)
    if "crash" in path:
        os.kill(os.getpid(), signal.SIGKILL)
    if "noise" in path:
        give("this is no message")
        sys.exit(3)
    if "memory" in path:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (2**29, 2**29))
        hoard = [bytes(2**20) for _ in range(2**12)]
    for reading in read_all(path, 10**6):
        give(json.dumps({"reading": wire.to_value(reading)}))
    give(json.dumps({"end": True}))
