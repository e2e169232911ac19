"""The pages that come with the server: files of the package, read once (no path of a request ever reaches
the disk).
"""

from importlib.resources import files
from importlib.resources.abc import Traversable

from smsdesk.http.exchange import Headers, Reply

TYPES = {
    ".html": b"text/html; charset=utf-8",
    ".js": b"text/javascript; charset=utf-8",
    ".css": b"text/css; charset=utf-8",
    ".svg": b"image/svg+xml",
}
POLICY: Headers = [
    (
        b"content-security-policy",
        b"default-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
]


class Pages:
    """All files below `http/pages`, by their path in the URL; a folder is its index.html."""

    def __init__(self, without: tuple[str, ...] = ()) -> None:
        """`without`: folders that are not served."""
        self._files: dict[str, tuple[bytes, bytes]] = {}
        self._without = without
        self._read(files("smsdesk.http") / "pages", "/")

    def _read(self, folder: Traversable, path: str) -> None:
        if path in self._without:
            return
        for item in folder.iterdir():
            if item.is_dir():
                self._read(item, f"{path}{item.name}/")
            else:
                type = TYPES.get(item.name[item.name.rfind(".") :])
                if type is not None:
                    self._files[path + item.name] = (item.read_bytes(), type)
        if path + "index.html" in self._files:
            self._files[path] = self._files[path + "index.html"]

    def find(self, path: str) -> Reply | None:
        """The file at a path of the URL; a folder without its slash is sent there."""
        found = self._files.get(path)
        if found is None:
            there = [(b"location", f"{path}/".encode())] if f"{path}/" in self._files else None
            return Reply(b"", 308, there) if there else None
        body, type = found
        return Reply(body, 200, [(b"content-type", type), *POLICY])
