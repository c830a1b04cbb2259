"""Processes that end with the test that started them, even where the test is killed."""

import shutil


def dies_with_us(signal: str = "KILL") -> list[str]:
    """What stands before a command so that the process gets `signal` when its starter dies (setpriv of util-linux, so
    on Linux only)."""
    return ["setpriv", "--pdeathsig", signal] if shutil.which("setpriv") else []
