"""The table of compatibility is true: every row that can be asked is answered as it says."""

import msgspec
import pytest

from scripts import compatibility_page
from smsdesk.http.reference.compatibility import Row, sections
from tests.reference.asking import answer

ROWS = [row for section in sections() for row in section.rows]


@pytest.mark.parametrize("row", [row for row in ROWS if row.gets != "apart"], ids=lambda row: row.ask)
async def test_a_row_is_true(row: Row) -> None:
    reply = await answer(row)
    assert reply["statusCode"] == row.code, reply
    if row.empty:
        assert reply[row.empty] in ([], {}), reply
    elif row.code == 0 and row.parts[0] == "GET":
        # What is called full has something to show in the demo.
        assert any(value not in ([], {}, 0) for value in reply.values()), reply


@pytest.mark.parametrize(
    "words",
    [
        {"gets": "refused"},
        {"gets": "full", "code": 6},
        {"gets": "partly"},
        {"gets": "empty"},
        {"gets": "full", "empty": "x"},
        {"gets": "fully"},
        {"gets": "full", "note": "x"},
    ],
    ids=str,
)
def test_a_row_that_contradicts_itself_is_no_row(words: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"ask": "GET /x", "page": "C", **words}, Row)


def test_nothing_is_said_twice() -> None:
    said = [(row.ask, row.who, str(row.body)) for row in ROWS]
    assert len(said) == len(set(said))


def test_the_page_is_current() -> None:
    """`make docs` writes it again."""
    assert compatibility_page.PAGE.read_text() == compatibility_page.page()
