"""Ports for processes that cannot be told to listen on port 0 and say where."""

import os
import socket
from itertools import count

FIRST, BEYOND = 10_000, 32_768
"""Below what Linux gives to outgoing connections and to port 0 (net.ipv4.ip_local_port_range), so that nobody else gets
a port between its choice and the start of its process, or while that process is killed and started again."""

PORTS_OF_A_PROCESS = 97
"""Enough for one of pytest's workers, whose process ids are neighbours."""

_steps = count(os.getpid() * PORTS_OF_A_PROCESS)


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens, and that this process has not been given before."""
    while True:
        port = FIRST + next(_steps) % (BEYOND - FIRST)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        return port
