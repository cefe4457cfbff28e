"""Reads an article with little time for it, as a process group that is stopped meanwhile."""

import json
import sys

from core import patience
from ingest.reader import Reader


def main(article):
    patience.MOST_SECONDS = 0.3
    with Reader(10**6, seconds_per_reading=2, module="tests.resources.slow_worker") as reader:
        read = [[one.file.status, one.file.reason] for one in reader.read(article)]
    sys.stdout.write(json.dumps(read) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
