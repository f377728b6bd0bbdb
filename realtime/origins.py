"""Cross-site WebSocket hijacking (failures E1): a handshake must come from a page of this very host.

Browsers always send Origin with a WebSocket handshake and scripts cannot forge it, so a missing one is refused. The
origin's host and port must equal the Host header exactly (no suffix, no wildcard), the host must be allowed by
ALLOWED_HOSTS, and in production the scheme must be https. Origins in CSRF_TRUSTED_ORIGINS are accepted literally, for
proxies that rewrite Host.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.http.request import split_domain_port, validate_host

_DEFAULT_PORTS = {"http": "80", "https": "443"}


def is_own_origin(
    headers: Iterable[tuple[bytes, bytes]],
    *,
    allowed_hosts: Iterable[str],
    trusted_origins: Iterable[str] = (),
    https_only: bool = False,
) -> bool:
    """Whether these handshake headers come from a page of ours."""
    found = [value for name, value in headers if name == b"origin"]
    hosts = [value for name, value in headers if name == b"host"]
    if len(found) != 1 or len(hosts) != 1:
        return False
    try:
        origin, host = found[0].decode("ascii").lower(), hosts[0].decode("ascii").lower()
        parts = urlsplit(origin)
        port = parts.port
    except (UnicodeDecodeError, ValueError):
        return False
    schemes = {"https"} if https_only else {"http", "https"}
    if parts.scheme not in schemes or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
        return False
    if parts.username is not None or parts.password is not None:
        return False
    if any(origin == trusted.lower().rstrip("/") for trusted in trusted_origins if "*" not in trusted):
        return True
    domain, host_port = split_domain_port(host)
    if not domain or not validate_host(domain, list(allowed_hosts)):
        return False
    default = _DEFAULT_PORTS[parts.scheme]
    origin_domain, _ = split_domain_port(parts.netloc)
    return origin_domain == domain and str(port or default) == (host_port or default)
