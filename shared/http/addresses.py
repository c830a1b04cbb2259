"""Which network addresses an outside URL may lead to: public unicast only, plus networks the operator allows.

`ipaddress.is_global` alone is not enough: Python 3.11 calls NAT64, 6to4, multicast, site-local and several
special-purpose blocks (IANA registries, RFC 6890) global.
"""

import re
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

IPAddress = IPv4Address | IPv6Address
IPNetwork = IPv4Network | IPv6Network

_LABEL = re.compile(r"[A-Za-z0-9_-]{1,63}")  # names with underscores are no host names, and are met all the same

_NAT64 = IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST_6 = IPv6Network("2000::/3")
_DENIED_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "192.0.0.0/24",
        "192.88.99.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_DENIED_6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20"))


def effective_address(address: IPAddress) -> IPAddress:
    """The IPv4 address inside a v4-mapped (RFC 4291), NAT64 (RFC 6052) or 6to4 (RFC 3056) one; others unchanged."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def is_public(address: IPAddress) -> bool:
    """True for an address of the public internet, judged by the address really reached."""
    real = effective_address(address)
    if not real.is_global or real.is_multicast:
        return False
    if isinstance(real, IPv4Address):
        return not any(real in network for network in _DENIED_4)
    return real in _GLOBAL_UNICAST_6 and not any(real in network for network in _DENIED_6)


def is_allowed(address: IPAddress, allow_networks: Sequence[IPNetwork]) -> bool:
    """True if the address is public or lies, unwrapped, in one of `allow_networks`."""
    real = effective_address(address)
    return is_public(address) or any(real in network for network in allow_networks if network.version == real.version)


def parse_address(text: str) -> IPAddress | None:
    """The address of a canonical literal, None for a host name; `127.1` and its like are left to the resolver."""
    try:
        return ip_address(text)
    except ValueError:
        return None


def can_be_host(host: str) -> bool:
    """True for an address literal, and for a name (IDNA encoded) that DNS could know: RFC 1035, section 2.3.4."""
    name = host.removesuffix(".")
    labels = name.split(".")
    return parse_address(host) is not None or (len(name) <= 253 and all(map(_LABEL.fullmatch, labels)))


def can_be_port(port: int | None) -> bool:
    """True for a port that a server can listen on, and for none, which means the scheme's own."""
    return port is None or 0 < port < 65536
