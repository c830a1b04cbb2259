"""`make reliability-stack`: harm the real stack and count what came of it. Each run ends by itself.

`python -m tests.reliability [kills] [scaling] [outage] [--seed N] [--folder DIR]`
"""

import argparse
import random
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.reliability.run_kills import run_kills
from tests.reliability.run_outage import run_outage
from tests.reliability.run_scaling import run_scaling
from tests.stack.running import why_no_stack

RUNS: dict[str, Callable[[Path, int], bool]] = {"kills": run_kills, "scaling": run_scaling, "outage": run_outage}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.reliability", description=__doc__)
    parser.add_argument("runs", nargs="*", choices=[[], *RUNS], help="all unless named")
    parser.add_argument("--seed", type=int, default=random.randrange(10**8), help="of all that is random")
    parser.add_argument("--folder", type=Path, help="where logs and history are kept")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is ended on the way out
    if reason := why_no_stack():
        print(reason)
        return 1
    folder = arguments.folder or Path(tempfile.mkdtemp(prefix="vedette-reliability-"))
    failed = []
    for name in arguments.runs or RUNS:
        (folder / name).mkdir(parents=True)
        if not RUNS[name](folder / name, arguments.seed):
            failed.append(name)
    print(f"FAILED: {', '.join(failed)}; logs and history are in {folder}" if failed else "all held")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
