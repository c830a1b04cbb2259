"""A name server that knows the names it is given, and the networks that tests may reach."""

from collections.abc import Awaitable, Callable, Sequence
from ipaddress import ip_network

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def resolver_of(**names: Sequence[str]) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    """Resolves names written with "_" for "."; any other is unknown."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        try:
            return names[host.replace(".", "_")]
        except KeyError:
            raise OSError(-2, "Name or service not known") from None

    return resolve
