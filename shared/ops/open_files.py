"""How many files and connections a process may have open."""

import resource
from contextlib import suppress

WANTED = 65_536


def raise_open_files() -> int:
    """Raise the soft limit (RLIMIT_NOFILE) to the hard one, up to WANTED. Returns what is in force then."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    wanted = WANTED if hard == unlimited else min(hard, WANTED)
    if soft != unlimited and soft < wanted:
        with suppress(ValueError, OSError):  # macOS has a lower limit of its own, and does not say which
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
    return WANTED if soft == unlimited else soft
