"""Counting requests of one address in the cache. Redis away means no limit: nothing that matters hangs on it."""

from __future__ import annotations

import ipaddress

from django.core.cache import cache

IPV6_HOUSE = 64  # bits: one house or one rented server has the whole network behind them


def allow(name: str, address: str, *, limit: int, window_s: int, cost: int = 1) -> bool:
    """Count one request (or what it is worth, ``cost``); whether the address has made at most ``limit`` in this window of
    ``window_s`` seconds."""
    key = f"throttle:{name}:{address}"
    if cache.add(key, cost, timeout=window_s):
        return True
    try:
        count: int = cache.incr(key, cost)
    except ValueError:  # the window ended between the two calls
        return True
    return count <= limit


def network_of(address: str) -> str:
    """What one client is counted by: an IPv4 address; of IPv6 the /64, of which anybody may use every address."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(ipaddress.ip_network((ip, IPV6_HOUSE), strict=False).network_address)
