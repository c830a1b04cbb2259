"""The network below the HTTP pool: every connection is opened here, and only to an address that was vetted.

Vetting at connect time, below URL parsing, catches `127.1`, `0x7f.1`, `2130706433`, mapped IPv6 and DNS names that
change their answer between a check and the connection: what is dialled is the address that was looked at.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpcore

from shared.http.addresses import IPAddress, IPNetwork, is_allowed, parse_address

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""(host, port) → addresses as text, best first. Raises OSError if the name is not known."""

MAX_ADDRESSES_TRIED = 4
CONNECT_SECONDS = 8.0
"""For one address, so that a name with a dead IPv6 address still reaches the next within usual deadlines."""


class AddressRefused(Exception):
    """The name leads to a private or special address. One clear sentence."""


class NameNotFound(Exception):
    """The name could not be resolved. One clear sentence."""


async def resolve_host(host: str, port: int) -> list[str]:
    """Addresses by the system's resolver.

    Each look-up has a daemon thread of its own: in a shared executor a few hanging look-ups would stop everybody
    else's, and at exit Python would wait for them.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[str]] = loop.create_future()

    def hand_over(addresses: list[str], error: OSError | UnicodeError | None) -> None:
        if answer.done():
            return
        if error is not None:
            answer.set_exception(error)
        else:
            answer.set_result(addresses)

    def look_up() -> None:
        addresses: list[str] = []
        failure: OSError | UnicodeError | None = None
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        except (OSError, UnicodeError) as error:
            failure = error
        try:
            loop.call_soon_threadsafe(hand_over, addresses, failure)
        except RuntimeError:  # the loop is closed: nobody waits any more
            return

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await answer


class VettedNetwork(httpcore.AsyncNetworkBackend):
    """Resolves, vets, dials the vetted address. TLS above it still names the host (SNI, certificate, Host header)."""

    def __init__(self, allow_networks: Sequence[IPNetwork], resolver: Resolver) -> None:
        self._allow_networks = tuple(allow_networks)
        self._resolver = resolver
        self._dialler = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises AddressRefused, NameNotFound, httpcore.ConnectError, httpcore.ConnectTimeout."""
        addresses = await self._vetted_addresses(host, port)
        failure: httpcore.ConnectError | httpcore.ConnectTimeout | None = None
        for address in addresses[:MAX_ADDRESSES_TRIED]:
            try:
                return await self._dialler.connect_tcp(
                    str(address), port, timeout or CONNECT_SECONDS, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = failure or error
        assert failure is not None
        raise failure

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        raise AddressRefused(f"{path} is a local socket, which no URL may lead to.")

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _vetted_addresses(self, host: str, port: int) -> list[IPAddress]:
        literal = parse_address(host)
        addresses = [literal] if literal is not None else await self._look_up(host, port)
        for address in addresses:
            # One private answer among public ones is how DNS rebinding gets in: refuse them all.
            if not is_allowed(address, self._allow_networks):
                raise AddressRefused(
                    f"{host} leads to {address}, a private or special address; "
                    "if it is meant, add its network to VEDETTE_ALLOW_NETWORKS."
                )
        return addresses

    async def _look_up(self, host: str, port: int) -> list[IPAddress]:
        try:
            answers = await self._resolver(host, port)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or "the name is not valid"
            raise NameNotFound(f"The address of {host} could not be found ({reason}).") from error
        addresses = [address for address in map(parse_address, answers) if address is not None]
        if not addresses:
            raise NameNotFound(f"The address of {host} could not be found (the name has no address).")
        return addresses
