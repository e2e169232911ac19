"""Words of a search in the directory (C§6.1): `*` stands for anything, case does not matter."""

import re

from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.centre import Centre, User
from smsdesk.wire.directory import Directory, _patterns
from smsdesk.wire.resources import Resources
from smsdesk.wire.timestamps import Timestamps, zone

FEW = st.text("ab*", max_size=8)


@given(FEW, st.text("ab", max_size=8))
def test_a_word_with_stars_fits_what_it_seems_to(word: str, name: str) -> None:
    expression = ".*".join(re.escape(piece) for piece in word.split("*"))
    fits, _ = _patterns(word)
    assert fits(name) == (re.fullmatch(expression, name) is not None)


def test_a_search_does_not_grow_with_what_is_not_shown() -> None:
    """Whose availability is asked for: of those on the page, not of five thousand."""
    users = [User(f"{n:032}", f"user{n:04}", "Ann", f"Lee{n % 10}") for n in range(5000)]
    directory = Directory(Resources("http://h", Timestamps(zone("+0000"))), Centre(users))
    asked: list[str] = []

    def availability(id: str) -> None:
        asked.append(id)

    words = "ann,lee3*"
    query = {"filterName": "NamesOrPhoneNumberMatches", "filterParameters": words, "limit": "10"}
    body = directory.search(query, availability)
    assert body["totalCount"] == 500
    assert asked == [entry["id"] for entry in body["contacts"]]
    assert len(asked) == 10
