"""Field codes in standard responses: `<$Contact.FirstName$>` stands for the customer's first name,
`<$Contact.FirstName|friend$>` for "friend" where it is not known, `<$$>` for the two characters that begin a
code (A§1.6). Texts that come out of a code are never read for codes again.
"""

import re
from collections.abc import Callable, Sequence

import msgspec
from msgspec import Struct

from smsdesk.core.centre import User
from smsdesk.core.contact import Contact
from smsdesk.core.session import Session

OPEN, CLOSE, BAR = "<$", "$>", "|"
_NAME = re.compile(r"[A-Za-z]+(?:\.[A-Za-z0-9_-]+)+")
SHOWN = 40  # characters of a wrong code


class Code(Struct, frozen=True):
    """A field code; `default` is rendered where there is nothing."""

    name: str
    default: str = ""


Piece = str | Code


class FieldCodeError(ValueError):
    """A text whose codes cannot be understood. `position` counts its characters from 0."""

    def __init__(self, position: int, words: str) -> None:
        super().__init__(f"{words} at character {position + 1}")
        self.position = position


class Facts(Struct, frozen=True):
    """What codes are filled from. `nickname`: how the customer sees the agent. `received`: when the session
    began, as it is written.
    """

    contact: Contact | None = None
    agent: User | None = None
    session: Session | None = None
    nickname: str = ""
    received: str = ""


def _contact(value: Callable[[Contact], str]) -> Callable[[Facts], str]:
    return lambda facts: value(facts.contact) if facts.contact is not None else ""


def _agent(value: Callable[[User], str]) -> Callable[[Facts], str]:
    return lambda facts: value(facts.agent) if facts.agent is not None else ""


def _session(value: Callable[[Session], str | None]) -> Callable[[Facts], str]:
    return lambda facts: (value(facts.session) or "") if facts.session is not None else ""


CODES: dict[str, Callable[[Facts], str]] = {
    "Contact.Title": _contact(lambda c: c.title),
    "Contact.FirstName": _contact(lambda c: c.first_name),
    "Contact.LastName": _contact(lambda c: c.last_name),
    "Contact.FullName": _contact(lambda c: c.name or ""),
    "Contact.PhoneNumber": _contact(lambda c: c.number),
    "Contact.EmailAddress": _contact(lambda c: c.email),
    "Agent.FirstName": _agent(lambda a: a.first_name),
    "Agent.LastName": _agent(lambda a: a.last_name),
    "Agent.FullName": _agent(lambda a: f"{a.first_name} {a.last_name}".strip()),
    "Agent.UserName": _agent(lambda a: a.user_name),
    "Agent.NickName": lambda facts: facts.nickname or (facts.agent.display_name if facts.agent else ""),
    "Interaction.Id": _session(lambda s: s.id),
    "Interaction.Subject": _session(lambda s: s.subject),
    "Interaction.Queue": _session(lambda s: s.queue),
    "Interaction.ServiceNumber": _session(lambda s: s.service_number),
    "Interaction.CustomerNumber": _session(lambda s: s.customer_number),
    "Interaction.DateReceived": lambda facts: facts.received,
}
# Codes whose last part is a key of the customer's attributes, or of the attached data.
KEYED: dict[str, Callable[[Facts, str], str]] = {
    "Contact.Attribute": lambda facts, key: facts.contact.attributes.get(key, "") if facts.contact else "",
    "Interaction.AttachedData": lambda facts, key: _attached(facts.session, key),
}


def parse(text: str) -> tuple[Piece, ...]:
    """The pieces of a text. Raises FieldCodeError for a code that is not closed, not well-formed, or not
    known.
    """
    pieces: list[Piece] = []
    at = 0
    while (begin := text.find(OPEN, at)) >= 0:
        _add(pieces, text[at:begin])
        end = text.find(CLOSE, begin + len(OPEN))
        if end < 0:
            raise FieldCodeError(begin, "a field code is not closed by $>")
        inside = text[begin + len(OPEN) : end]
        if inside:
            pieces.append(_code(inside, begin))
        else:
            _add(pieces, OPEN)
        at = end + len(CLOSE)
    _add(pieces, text[at:])
    return tuple(pieces)


def write(pieces: Sequence[Piece]) -> str:
    """The text that these pieces are parsed from."""
    return "".join(_written(piece) for piece in pieces)


def codes(pieces: Sequence[Piece]) -> tuple[str, ...]:
    """The names of the codes, each once, in order."""
    return tuple(dict.fromkeys(piece.name for piece in pieces if isinstance(piece, Code)))


def render(pieces: Sequence[Piece], facts: Facts) -> str:
    """The text with every code filled."""
    return "".join(p if isinstance(p, str) else value(p.name, facts) or p.default for p in pieces)


def value(name: str, facts: Facts) -> str:
    """What a known code stands for; empty where that is not known."""
    if name in CODES:
        return CODES[name](facts)
    head, _, key = name.rpartition(".")
    return KEYED[head](facts, key)


def _code(inside: str, begin: int) -> Code:
    name, _, default = inside.partition(BAR)
    if not _NAME.fullmatch(name):
        raise FieldCodeError(begin, f"{inside[:SHOWN]!r} is not of the form Contact.FirstName")
    if name not in CODES and name.rpartition(".")[0] not in KEYED:
        raise FieldCodeError(begin, f"{name[:SHOWN]!r} is no known field code")
    return Code(name, default)


def _add(pieces: list[Piece], text: str) -> None:
    """Texts that follow each other are one piece."""
    last = pieces[-1] if pieces else None
    if isinstance(last, str):
        pieces[-1] = last + text
    elif text:
        pieces.append(text)


def _written(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece.replace(OPEN, OPEN + CLOSE)
    return f"{OPEN}{piece.name}{BAR + piece.default if piece.default else ''}{CLOSE}"


def _attached(session: Session | None, key: str) -> str:
    """Texts as they are, numbers and words such as true as they are written; nothing for all else."""
    if session is None or key not in session.user_data:
        return ""
    found = msgspec.json.decode(session.user_data[key])
    if isinstance(found, str):
        return found
    return bytes(session.user_data[key]).decode() if isinstance(found, bool | int | float) else ""
