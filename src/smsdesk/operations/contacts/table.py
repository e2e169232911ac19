"""A table of customers as CSV: its rows, and what is wrong with them, by line. Knows no contact that is there
already.
"""

import csv
import io
from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any, Final

from msgspec import Struct

from smsdesk.core.contact import Contact
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.contacts.body import ContactBody

MOST_ROWS: Final = 5000
ATTRIBUTE: Final = "attribute."  # begins the name of a column that becomes an attribute
COLUMNS: Final = {
    "firstname": "first_name",
    "lastname": "last_name",
    "phonenumber": "phone_number",
    "emailaddress": "email_address",
    "title": "title",
    "language": "language",
    "notes": "notes",
}
SHOWN: Final = ("firstName", "lastName", "phoneNumber", "emailAddress", "title", "language", "notes")
_SEPARATORS: Final = ",;\t"


class Row(Struct, frozen=True):
    """One customer of a table; `line` counts from 1 with the heading, where the row ends."""

    line: int
    contact: Contact


class Mistake(Struct, frozen=True, rename="camel"):
    """What is wrong with a line, in words."""

    line: int
    message: str


def read_table(text: bytes, region: str) -> tuple[list[Row], list[Mistake]]:
    """The rows that can be a customer, and the mistakes of the others. `region`: the country of numbers that
    name none. Raises Refused 10 for what is no table, or too long a one.
    """
    try:
        content = text.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refused(Fault.INVALID, f"the table is not UTF-8, at octet {error.start + 1}") from None
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=_separator(content), strict=True)
    rows: list[Row] = []
    mistakes: list[Mistake] = []
    try:
        names = _heading(next(reader, []))
        for cells in reader:
            if any(cell.strip() for cell in cells):
                _take(rows, mistakes, reader.line_num, names, cells, region)
    except csv.Error as error:
        raise Refused(Fault.INVALID, f"line {reader.line_num} is no CSV: {error}") from None
    return rows, mistakes


def _separator(content: str) -> str:
    """The first of comma, semicolon and tab that the heading has; a comma where it is a single column."""
    heading = content.partition("\n")[0]
    return min((s for s in _SEPARATORS if s in heading), key=heading.index, default=",")


def _heading(cells: list[str]) -> list[str]:
    """Fields of the columns, attributes with their mark. Raises Refused 10."""
    if not any(cell.strip() for cell in cells):
        raise Refused(Fault.INVALID, "the table has no heading: its first line names the columns")
    names = [_column(cell.strip()) for cell in cells]
    twice = next((cell for cell, name in zip(cells, names, strict=True) if names.count(name) > 1), None)
    if twice is not None:
        raise Refused(Fault.INVALID, f"line 1: the column {twice[:80]!r} is there twice")
    return names


def _column(name: str) -> str:
    folded = name.replace(" ", "").replace("_", "").lower()
    if folded in COLUMNS:
        return COLUMNS[folded]
    if name.lower().startswith(ATTRIBUTE) and len(name) > len(ATTRIBUTE):
        return ATTRIBUTE + name[len(ATTRIBUTE) :]
    near = get_close_matches(folded, COLUMNS, n=1, cutoff=0.7)
    hint = f"; perhaps {SHOWN[list(COLUMNS).index(near[0])]}" if near else ""
    known = ", ".join(SHOWN)
    words = f"line 1: {name[:80]!r} is no column{hint}; there are {known}, and {ATTRIBUTE}NAME"
    raise Refused(Fault.INVALID, words)


def _take(
    rows: list[Row], mistakes: list[Mistake], line: int, names: list[str], cells: list[str], region: str
) -> None:
    if len(rows) + len(mistakes) >= MOST_ROWS:
        raise Refused(Fault.INVALID, f"the table has more than {MOST_ROWS} rows; bring it in pieces")
    if len(cells) != len(names):
        mistakes.append(Mistake(line, f"has {len(cells)} cells; the heading has {len(names)}"))
        return
    try:
        body = ContactBody(**dict(_fields(names, cells)))
        body.check()
        rows.append(Row(line, body.onto(Contact("", ""), region)))
    except Refused as refused:
        mistakes.append(Mistake(line, refused.message))


def _fields(names: list[str], cells: list[str]) -> Iterator[tuple[str, Any]]:
    given = {name: cell.strip() for name, cell in zip(names, cells, strict=True) if cell.strip()}
    attributes = {n.removeprefix(ATTRIBUTE): cell for n, cell in given.items() if n.startswith(ATTRIBUTE)}
    yield from ((name, cell) for name, cell in given.items() if not name.startswith(ATTRIBUTE))
    if attributes:
        yield "attributes", attributes
