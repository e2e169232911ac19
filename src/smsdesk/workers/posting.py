"""Posts to addresses that somebody else chose: never to places that only this machine can reach, never for
long, and with nothing of the answer kept but its beginning.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv6Address, ip_address
from typing import Literal

import httpx2

from smsdesk.core.webhooks import Outcome, answered

Reach = Literal["public", "loopback", "all"]
Resolve = Callable[[str, int], Awaitable[list[str]]]
SECONDS = 10.0  # for all of a try
MOST_ADDRESSES = 3  # of a host that are tried
READ = 200  # octets of an answer that are looked at
PORTS = {"http": 80, "https": 443}


class Poster:
    """`reach`: which addresses may be posted to: public ones, this machine too, or all."""

    def __init__(self, reach: Reach, *, resolve: Resolve | None = None, seconds: float = SECONDS) -> None:
        self._reach = reach
        self._resolve = resolve or addresses
        self._seconds = seconds
        self._client: httpx2.AsyncClient | None = None

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """One try. What goes wrong is an outcome too."""
        try:
            async with asyncio.timeout(self._seconds):
                return await self._try(httpx2.URL(url), body, headers)
        except TimeoutError:
            return Outcome(None, f"no answer within {self._seconds:g} seconds")
        except httpx2.InvalidURL as error:
            return Outcome(None, f"the url cannot be used: {error}", final=True)
        except httpx2.HTTPError as error:
            return Outcome(None, f"the connection failed: {error}".rstrip(": "))
        except OSError as error:
            return Outcome(None, f"the host was not found: {error.strerror or error}")

    async def _try(self, url: httpx2.URL, body: bytes, headers: Mapping[str, str]) -> Outcome:
        found = await self._resolve(url.host, url.port or PORTS.get(url.scheme, 0))
        allowed = [address for address in found if may_reach(address, self._reach)]
        if not allowed:
            words = f"{url.host} is {', '.join(found[:MOST_ADDRESSES])}: webhook_allow_private forbids that"
            return Outcome(None, words, final=True)
        for address in allowed[: MOST_ADDRESSES - 1]:
            try:
                return await self._post(url, address, body, headers)
            except httpx2.ConnectError:
                if address == allowed[-1]:
                    raise
        return await self._post(url, allowed[-1], body, headers)

    async def _post(self, url: httpx2.URL, address: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
        """The connection goes to the address that was looked at, whatever the name means a moment later."""
        to = url.copy_with(host=address)
        named = {**headers, "Host": url.netloc.decode("ascii")}
        sni = {"sni_hostname": url.raw_host.decode("ascii")}
        async with self._opened().stream("POST", to, content=body, headers=named, extensions=sni) as response:
            said = b"" if response.is_success else await _beginning(response)
            return answered(response.status_code, _words(said))

    def _opened(self) -> httpx2.AsyncClient:
        """No connection is kept: the next one to this address may be for another host."""
        if self._client is None:
            limits = httpx2.Limits(max_keepalive_connections=0)
            self._client = httpx2.AsyncClient(
                trust_env=False, follow_redirects=False, timeout=self._seconds, limits=limits
            )
        return self._client

    async def close(self) -> None:
        """Give back what is open."""
        if self._client is not None:
            await self._client.aclose()


def may_reach(address: str, reach: Reach) -> bool:
    """Whether something may be posted to this address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    if isinstance(found, IPv6Address) and (found.sixtofour or found.teredo):
        return reach == "all"  # an address of IPv4 inside, which would have to be looked at by itself
    if reach == "all" or (reach == "loopback" and found.is_loopback):
        return True
    return found.is_global and not found.is_multicast and not found.is_reserved


async def addresses(host: str, port: int) -> list[str]:
    """What a host's name means now. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


async def _beginning(response: httpx2.Response) -> bytes:
    read = b""
    async for piece in response.aiter_raw():
        read += piece
        if len(read) >= READ:
            break
    return read[:READ]


def _words(said: bytes) -> str:
    text = said.decode("utf-8", "replace")
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
