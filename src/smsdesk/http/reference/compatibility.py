"""What a desktop written for the Web Services API finds here: one table, read from `compatibility.toml`, held
to the server by a test and printed as a page of the documentation.
"""

from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from msgspec import Struct

Gets = Literal["full", "partly", "empty", "refused", "apart"]

Desk = Literal["chatting", "offered", "conference", "monitored", "supervised"]


class Row(Struct, forbid_unknown_fields=True):
    """One thing that a client may ask: `ask` is a method, a path below /api/v2 and an operationName, or
    SUBSCRIBE and a topic. In paths, `{me}`, `{session}` and the like stand for ids of the demo.

    `gets`: `full` as documented, `partly` (`words` say what not), `empty` (well-formed, and nothing in the
    member `empty` of the reply; a topic stays silent), `refused` with statusCode `code`, `apart` from
    requests. `who` asks, with `body` beside the operationName, when agent1's session is as `desk` says.
    """

    ask: str
    gets: Gets
    page: str
    words: str = ""
    who: str = "agent1"
    body: dict[str, Any] = {}
    desk: Desk = "chatting"
    code: int = 0
    empty: str | None = None

    def __post_init__(self) -> None:
        if (self.gets == "refused") != (self.code not in (0, 7)):
            raise ValueError(f"{self.ask}: who is refused gets a statusCode, and nobody else")
        if self.gets in ("partly", "apart") and not self.words:
            raise ValueError(f"{self.ask}: {self.gets}, but not in what")
        if (self.gets == "empty") != (self.empty is not None):
            raise ValueError(f"{self.ask}: what is empty has to be named")

    @property
    def parts(self) -> tuple[str, str, str]:
        """Method, path, operationName or nothing."""
        method, path, *operation = self.ask.split()
        return method, path, operation[0] if operation else ""


class Section(Struct, forbid_unknown_fields=True):
    """Rows that belong together; `text` is read above them."""

    title: str
    rows: list[Row]
    text: str = ""


class _Table(Struct, forbid_unknown_fields=True):
    section: list[Section]


@cache
def sections() -> list[Section]:
    """The whole table. Raises msgspec.ValidationError for a row that contradicts itself."""
    text = files("smsdesk.http.reference").joinpath("compatibility.toml").read_text()
    return msgspec.toml.decode(text, type=_Table).section
