"""Which addresses and names are not the public internet's."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.web.guard import literal, local_name, private

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.254
169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.8 192.0.2.1 192.88.99.1 192.168.0.1
198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
:: ::1 ::7f00:1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:0:7f00:1 fe80::1 febf::1 fec0::1 fc00::1
fd12:3456::1 ff02::1 ff0e::1 100::1 2001:db8::1 3fff::1 5f00::1 2001::1 2001:0:4136:e378::1
2001:10::1 2002:7f00:1::1 2002:a00:1:: 2002:c0a8:101::1 64:ff9b::7f00:1 64:ff9b::a9fe:a9fe
64:ff9b:1::808:808 fe80::1%eth0
""".split()
PUBLIC = """
1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 126.255.255.255 128.0.0.1 169.253.0.1 172.15.255.255
172.32.0.0 192.0.1.1 192.167.255.255 192.169.0.0 198.17.255.255 198.20.0.0 223.255.255.255
2606:4700::1111 2a00:1450:4001::1 2001:4860:4860::8888 2400:3200::1 ::ffff:8.8.8.8
2002:808:808::1 64:ff9b::808:808
""".split()


@pytest.mark.parametrize("address", PRIVATE)
def test_private(address: str) -> None:
    assert private(ip_address(address))


@pytest.mark.parametrize("address", PUBLIC)
def test_public(address: str) -> None:
    assert not private(ip_address(address))


@given(st.ip_addresses(v=4))
def test_what_python_calls_private_is(address: IPv4Address) -> None:
    if not address.is_global or address.is_multicast or address.is_reserved:
        assert private(address)
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert private(IPv6Address(wrapped)) == private(address)
    six = IPv6Address((0x2002 << 112) | (int(address) << 80))
    assert private(six) == private(address)


@given(st.ip_addresses(v=6))
def test_what_python_calls_private_is_in_ipv6(address: IPv6Address) -> None:
    wraps = address.ipv4_mapped or address.sixtofour
    if wraps is None and (not address.is_global or address.is_multicast):
        assert private(address)


@pytest.mark.parametrize(
    "host",
    "127.0.0.1 127.0.0.1. 127.1 127.0.1 0177.0.0.1 0x7f.0.0.1 0x7f000001 2130706433 017700000001"
    " 0X7F.1".split(),
)
def test_an_address_in_any_form_is_seen_through(host: str) -> None:
    assert literal(host) == IPv4Address("127.0.0.1")


@pytest.mark.parametrize(
    "host", ["example.org", "localhost", "1.2.3.4.5", "a.1", "", "127.0.0.1.x"]
)
def test_a_name_is_no_address(host: str) -> None:
    assert literal(host) is None


@pytest.mark.parametrize("host", ["::1", "fe80::1%eth0", "2001:db8::1"])
def test_ipv6_is_an_address(host: str) -> None:
    assert literal(host) == ip_address(host)


@pytest.mark.parametrize(
    "host",
    "localhost LOCALHOST localhost. a.localhost printer.local metadata.google.internal router.lan"
    " x.home.arpa redis a.test ip6-localhost".split(),
)
def test_local_names(host: str) -> None:
    assert local_name(host)


@pytest.mark.parametrize(
    "host", ["example.org", "localhost.org", "internal.example.com", "a.localx"]
)
def test_public_names(host: str) -> None:
    assert not local_name(host)
