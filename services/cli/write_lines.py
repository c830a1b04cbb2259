"""JSON Lines on standard output."""

import json
import sys
from typing import Any


def write_line(document: Any) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n")
