"""Which addresses are nobody's but ours: decides, touches nothing.

An article archive has no business in the network that its server stands in: whoever writes a feed
could make the bot read a router's page, or a cloud's credentials, and show them in a chat.
"""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

#: What https://www.iana.org/assignments/iana-ipv4-special-registry/ calls not globally reachable,
#: and what is not unicast. Listed here, because `is_global` differs between releases of Python.
_NOT_PUBLIC = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",
    )
)
#: The only addresses of IPv6 that are public lie here...
_PUBLIC = IPv6Network("2000::/3")
#: ...but for these: protocols (Teredo among them), documentation, segment routing.
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20")
)
#: RFC 6052: the last 32 bits are the IPv4 address that is reached.
_NAT64 = IPv6Network("64:ff9b::/96")

#: Names that no public resolver should answer: RFC 6761, 6762, 8375 and the habits of routers.
_LOCAL = ("localhost", "localdomain", "local", "internal", "intranet", "lan", "home.arpa", "test")


def private(address: Address) -> bool:
    """Whether an address is not one of the public internet, also where it wraps another."""
    if isinstance(address, IPv4Address):
        return any(address in network for network in _NOT_PUBLIC)
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address in _NAT64:
        inner = IPv4Address(int(address) & 0xFFFFFFFF)
    if inner is not None:
        return private(inner)
    return address not in _PUBLIC or any(address in network for network in _NOT_PUBLIC_6)


def literal(host: str) -> Address | None:
    """The address that a host is written as, in any form that resolvers take; None for a name.

    `127.1`, `0x7f000001` and `2130706433` are all 127.0.0.1.
    """
    host = host.rstrip(".")
    try:
        return ip_address(host)
    except ValueError:
        pass
    try:
        return IPv4Address(socket.inet_aton(host)) if host.isascii() else None
    except (OSError, ValueError):
        return None


def local_name(host: str) -> bool:
    """Whether a name is one of a private network: `localhost`, `*.internal`, a name with no dot."""
    name = host.rstrip(".").lower()
    return "." not in name or any(name == end or name.endswith(f".{end}") for end in _LOCAL)
