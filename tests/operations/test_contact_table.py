"""Tables of customers (SPEC 5.4 [ext]): whatever comes, it is told by line or taken over as it stands."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.contact import Contact
from smsdesk.core.errors import Fault, Refused
from smsdesk.operations.contacts.table import read_table
from smsdesk.operations.contacts.take_over import FIELDS, completed

WORD = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20)
CONTACTS = st.builds(
    Contact,
    st.just("id"),
    st.just("+1"),
    **{field: st.sampled_from(["", "a", "b"]) for field in FIELDS},
    attributes=st.dictionaries(st.sampled_from("xy"), st.sampled_from("12")),
)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_whatever_comes_is_a_table_or_refused(content: bytes) -> None:
    try:
        rows, mistakes = read_table(b"firstName,lastName\n" + content, "")
    except Refused as refused:
        fault = refused.fault
    else:
        fault = Fault.INVALID
        lines = [row.line for row in rows] + [mistake.line for mistake in mistakes]
        assert len(set(lines)) == len(lines)
    assert fault is Fault.INVALID


@given(st.lists(st.tuples(WORD, WORD), max_size=20), st.sampled_from(",;\t"))
def test_names_come_out_as_they_went_in(names: list[tuple[str, str]], separator: str) -> None:
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=separator)
    writer.writerows([("firstName", "lastName"), *names])
    rows, mistakes = read_table(written.getvalue().encode(), "")
    told = [(row.contact.first_name, row.contact.last_name) for row in rows]
    assert told == [(a.strip(), b.strip()) for a, b in names if a.strip() or b.strip()]
    assert mistakes == []


@given(CONTACTS, CONTACTS)
def test_nothing_that_is_known_is_replaced(old: Contact, told: Contact) -> None:
    new = completed(old, told)
    pairs = [(getattr(old, field), getattr(told, field)) for field in FIELDS]
    pairs += [(old.attributes.get(key, ""), told.attributes.get(key, "")) for key in "xy"]
    if new is None:
        assert any(before and now and before != now for before, now in pairs)
    else:
        after = [getattr(new, field) for field in FIELDS] + [new.attributes.get(key, "") for key in "xy"]
        assert after == [before or now for before, now in pairs]
        assert completed(new, told) == new
