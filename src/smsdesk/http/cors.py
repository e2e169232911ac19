"""Pages of other origins: which may call, and the headers they get (C§1.8, SPEC 1.8, 8.11)."""

import re
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

from smsdesk.core.errors import Fault, Refused
from smsdesk.http.exchange import Headers, Reply, Request

METHODS = b"GET,POST,PUT,DELETE,OPTIONS"
ALLOWED = (
    b"X-Requested-With,Content-Type,Accept,Origin,Cookie,authorization,ssid,surl,ContactCenterId,X-CSRF-TOKEN,"
    b"Idempotency-Key"
)
EXPOSED = b"X-CSRF-HEADER,X-CSRF-TOKEN"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_PORTS = {"http": ":80", "https": ":443"}


class Origins:
    """The origins that may call: those of the settings file, and those that `kept` returns, which may be
    others every time. A `*` stands for part of a host name; `loopback` allows every page of this machine.
    """

    def __init__(
        self,
        allowed: Iterable[str],
        own: str,
        loopback: bool = False,
        kept: Callable[[], tuple[str, ...]] = tuple,
    ) -> None:
        self._own = _plain(own)
        self._loopback = loopback
        self._kept = kept
        self._patterns = _patterns(allowed)
        self._known: tuple[str, ...] = ()
        self._further: list[re.Pattern[str]] = []

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin may call."""
        kept = self._kept()
        if kept != self._known:
            self._known, self._further = kept, _patterns(kept)
        if origin == self._own or any(p.fullmatch(origin) for p in (*self._patterns, *self._further)):
            return True
        return self._loopback and _host(origin) in LOOPBACK

    def check(self, request: Request) -> None:
        """Raises Refused FORBIDDEN for a page that may not call; programs send no Origin."""
        origin = request.header(b"origin")
        if origin is not None and not self.allows(origin) and not same_host(request, origin):
            raise Refused(Fault.FORBIDDEN, "pages of this origin may not connect; see allowed_origins")

    def headers(self, origin: str | None) -> Headers:
        """What the reply to a page of another origin carries."""
        if origin is None or not self.allows(origin):
            return []
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", EXPOSED),
            (b"vary", b"Origin"),
        ]

    def preflight(self, request: Request) -> Reply:
        """The answer to OPTIONS, without what every reply to such a page carries."""
        origin = request.header(b"origin")
        if origin is None or not self.allows(origin):
            return Reply(b"", 200, [])
        allowed = [(b"access-control-allow-methods", METHODS), (b"access-control-allow-headers", ALLOWED)]
        return Reply(b"", 200, [*allowed, (b"access-control-max-age", b"600")])


def same_host(request: Request, origin: str) -> bool:
    """Whether a page was served by this very address."""
    scheme, _, rest = origin.partition("://")
    return scheme in DEFAULT_PORTS and rest == request.header(b"host")


def own_name(request: Request) -> bool:
    """Whether the address in the Host header is this machine's own: a page that some other name was made to
    lead here for has that name there.
    """
    return _host(f"http://{request.header(b'host') or ''}") in LOOPBACK


def _host(origin: str) -> str | None:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in DEFAULT_PORTS else None


def _names(pattern: str) -> bool:
    """Whether a pattern names anybody: a lone `*` would let everybody in, so it lets in nobody (C§1.8)."""
    host = re.sub(r":[0-9]+\Z", "", pattern.partition("://")[2])
    return any(letter.isalnum() for letter in host)


def _patterns(allowed: Iterable[str]) -> list[re.Pattern[str]]:
    found = (re.escape(_plain(origin)) for origin in allowed if _names(origin))
    return [re.compile(pattern.replace(r"\*", "[A-Za-z0-9.-]+")) for pattern in found]


def _plain(url: str) -> str:
    """An origin as browsers write it: small letters, no port that goes without saying."""
    scheme, _, rest = url.lower().partition("://")
    return f"{scheme}://{rest.removesuffix(DEFAULT_PORTS.get(scheme, ''))}"
