"""What happened in a run, a JSON line each, written at once: what the receiver got, who was killed, who ended."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HISTORY, STORED, BUS = "history.jsonl", "stored.txt", "bus.jsonl"
"""In the folder of a run: this history, the ids of all articles in the fetcher's table, all messages of both topics."""


class History:
    """`note` may be called from any thread; times are seconds since the epoch."""

    def __init__(self, folder: Path) -> None:
        self._file = (folder / HISTORY).open("a", buffering=1)
        self._lock = threading.Lock()

    def note(self, what: str, **fields: Any) -> None:
        with self._lock:
            self._file.write(json.dumps({"what": what, "at": time.time(), **fields}) + "\n")

    def close(self) -> None:
        self._file.close()


def read_lines(file: Path) -> Iterator[dict[str, Any]]:
    for line in file.read_text().splitlines():
        yield json.loads(line)
