"""The reading process, slowed down: it says in a file beside the article that it is at work."""

import sys
import time
from pathlib import Path

from ingest import worker

usual = worker.read_all


def slowly(path, *rest):
    Path(path).with_suffix(".begun").touch()
    time.sleep(0.6)
    yield from usual(path, *rest)


worker.read_all = slowly
worker.SPARE_SECONDS = 1

if __name__ == "__main__":
    sys.exit(worker.main(int(sys.argv[1])))
