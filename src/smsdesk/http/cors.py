"""Pages of other origins: which may call, and the headers they get (C§1.8, SPEC 1.8, 8.11)."""

import re
from collections.abc import Iterable
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


class Origins:
    """The origins that may call. A `*` stands for part of a host name; `loopback` allows every page of this
    machine.
    """

    def __init__(self, allowed: Iterable[str], own: str, loopback: bool = False) -> None:
        self._own = own
        self._loopback = loopback
        self._patterns = [re.compile(re.escape(a).replace(r"\*", "[A-Za-z0-9.-]+")) for a in allowed]

    def allows(self, origin: str) -> bool:
        """Whether pages of this origin may call."""
        if origin == self._own or any(pattern.fullmatch(origin) for pattern in self._patterns):
            return True
        return self._loopback and urlsplit(origin).hostname in LOOPBACK

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
            (b"access-control-allow-origin", origin.encode("latin-1", "replace")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", EXPOSED),
            (b"vary", b"Origin"),
        ]

    def preflight(self, request: Request) -> Reply:
        """The answer to OPTIONS."""
        headers = self.headers(request.header(b"origin"))
        if headers:
            headers += [
                (b"access-control-allow-methods", METHODS),
                (b"access-control-allow-headers", ALLOWED),
            ]
            headers.append((b"access-control-max-age", b"600"))
        return Reply(b"", 200, headers)


def same_host(request: Request, origin: str) -> bool:
    """Whether a page was served by this very address."""
    return urlsplit(origin).netloc == request.header(b"host")
