"""Which network addresses may be reached: public ones, unless a setting allows others.

The check sits where the connection is opened, on the very address that is
connected to, so that neither a redirect nor a DNS answer that changes between
check and use gets around it.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx

from features.errors import RetriableError, SkippableError

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public(text: str) -> bool:
    """Return whether an IP address belongs to the public internet.

    Example:
        >>> [is_public(a) for a in ("93.184.215.14", "127.0.0.1", "169.254.169.254", "::1")]
        [True, False, False, False]
    """
    try:
        address: Address = ipaddress.ip_address(text.split("%", maxsplit=1)[0])
    except ValueError:
        return False
    address = _unwrap(address)
    return address.is_global and not address.is_multicast and not address.is_reserved


def _unwrap(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, where it does."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    inner = address.ipv4_mapped or address.sixtofour
    if inner is None and address.teredo is not None:
        inner = address.teredo[1]
    if inner is None and address in _NAT64:
        inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return inner or address


def resolve_host(host: str, port: int, allow_private: bool) -> list[str]:
    """Return the addresses of a host that may be connected to.

    Raises:
        SkippableError: ``forbidden_address`` when any answer is not public: a
            name that mixes both is no honest name.
        RetriableError: the name cannot be resolved now.
    """
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as err:
        raise RetriableError(f"cannot resolve {host!r}: {err}") from err
    found = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
    if not allow_private:
        for address in found:
            if not is_public(address):
                raise SkippableError(
                    "forbidden_address",
                    f"{host!r} is at {address}, not on the public internet; the setting"
                    " allow_private_hosts permits it",
                )
    return found


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to permitted addresses only."""

    def __init__(self, allow_private: bool) -> None:
        self._inner = httpcore.SyncBackend()
        self._allow_private = allow_private

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a stream to the first permitted address that answers."""
        fault: Exception | None = None
        for address in resolve_host(host, port, self._allow_private):
            try:
                return self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as err:
                fault = err
        raise fault or httpcore.ConnectError(f"no address for {host!r}")

    def connect_unix_socket(self, *args: Any, **kwargs: Any) -> httpcore.NetworkStream:
        """Refuse: sources live on the network."""
        raise SkippableError("forbidden_address", "unix sockets are no sources")

    def sleep(self, seconds: float) -> None:
        """Wait; the pool asks for it between its own attempts."""
        self._inner.sleep(seconds)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's own transport over a pool whose connections are guarded; TLS is verified."""

    def __init__(self, allow_private: bool, max_connections: int) -> None:
        super().__init__(trust_env=False)
        self._pool.close()
        self._pool = httpcore.ConnectionPool(
            ssl_context=httpx.create_ssl_context(trust_env=False),
            max_connections=max_connections,
            max_keepalive_connections=max_connections,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(allow_private),
        )
