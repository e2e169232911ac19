"""Field codes: what is parsed, refused with its place, and rendered (A§1.6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from smsdesk.core.centre import User
from smsdesk.core.contact import Contact
from smsdesk.core.field_codes import (
    CODES,
    KEYED,
    Code,
    Facts,
    FieldCodeError,
    Piece,
    codes,
    parse,
    render,
    write,
)
from smsdesk.core.user_data import raw
from tests.core.making import session

ANN = User("u", "agent1", "Ann", "Demo")
MARIA = Contact("c", "+15550111", "Maria", "Rossi", attributes={"tier": "gold"})
TALK = replace(
    session(),
    queue="Support",
    subject="Parcel",
    user_data={"order": raw("A-7"), "count": raw(3), "paid": raw(True), "none": raw(None)},
)
FACTS = Facts(MARIA, ANN, TALK, "Annie", "2014-01-09 11:58:12.035+0000")

names = st.sampled_from([*CODES, *(f"{head}.Key-1_a" for head in KEYED)])
defaults = st.text().filter(lambda text: "$>" not in text and not text.endswith("$"))
texts = st.text(alphabet="<$>|ab.", min_size=1)


@st.composite
def wholes(draw: st.DrawFn) -> list[Piece]:
    """Pieces in which no two texts follow each other."""
    found: list[Piece] = []
    for piece in draw(st.lists(texts | st.builds(Code, names, defaults), max_size=8)):
        if not (found and isinstance(piece, str) and isinstance(found[-1], str)):
            found.append(piece)
    return found


@given(wholes())
def test_what_is_written_is_parsed_to_the_same(pieces: list[Piece]) -> None:
    assert list(parse(write(pieces))) == pieces


@given(st.text())
def test_any_text_is_parsed_or_refused_within_it(text: str) -> None:
    place, pieces = 0, None
    try:
        pieces = parse(text)
    except FieldCodeError as error:
        place = error.position
    assert text.startswith("<$", place) if pieces is None else parse(write(pieces)) == pieces


@given(st.text().filter(lambda text: "<$" not in text))
def test_a_text_without_codes_is_rendered_as_it_is(text: str) -> None:
    assert render(parse(text), FACTS) == text


@given(st.text(alphabet="<$>ab"))
def test_what_comes_out_of_a_code_is_not_read_again(name: str) -> None:
    facts = replace(FACTS, contact=replace(MARIA, first_name=name, last_name="<$Agent.FullName$>"))
    expected = f"{name} <$Agent.FullName$>"
    assert render(parse("<$Contact.FirstName$> <$Contact.LastName$>"), facts) == expected


@pytest.mark.parametrize(
    ("text", "rendered"),
    [
        ("Hello <$Contact.FirstName$>!", "Hello Maria!"),
        ("<$Contact.FullName$> <$Contact.PhoneNumber$>", "Maria Rossi +15550111"),
        ("<$Agent.FullName$>, <$Agent.NickName$>, <$Agent.UserName$>", "Ann Demo, Annie, agent1"),
        ("<$Interaction.Id$> <$Interaction.Queue$> <$Interaction.Subject$>", "S1 Support Parcel"),
        ("<$Interaction.DateReceived$>", "2014-01-09 11:58:12.035+0000"),
        ("<$Interaction.AttachedData.order$> <$Interaction.AttachedData.count$>", "A-7 3"),
        ("<$Interaction.AttachedData.paid$><$Interaction.AttachedData.none|-$>", "true-"),
        ("<$Contact.Attribute.tier$> <$Contact.Attribute.gone|no$>", "gold no"),
        ("<$Contact.Title|dear$>", "dear"),
        ("a <$$> b <$$>Contact.FirstName$>", "a <$ b <$Contact.FirstName$>"),
        ("price 5$> and <3", "price 5$> and <3"),
    ],
)
def test_codes_stand_for_what_is_known(text: str, rendered: str) -> None:
    assert render(parse(text), FACTS) == rendered


def test_without_a_session_only_the_agent_is_known() -> None:
    text = "<$Contact.FirstName|there$> <$Interaction.Id$><$Interaction.AttachedData.a$><$Agent.NickName$>"
    assert render(parse(text), Facts(agent=ANN)) == "there Ann"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hi <$Contact.FirstName", "a field code is not closed by $> at character 4"),
        ("<$Contact.Firstname$>", "'Contact.Firstname' is no known field code at character 1"),
        ("a <$Contact$>", "'Contact' is not of the form Contact.FirstName at character 3"),
        (
            "<$ Contact.FirstName $>",
            "' Contact.FirstName ' is not of the form Contact.FirstName at character 1",
        ),
        ("<$Interaction.AttachedData.$>", "'Interaction.AttachedData.' is not of the form"),
        ("<$Interaction.AttachedData$>", "'Interaction.AttachedData' is no known field code"),
        ("<$|x$>", "'|x' is not of the form"),
        ("<$>", "not closed"),
    ],
)
def test_a_wrong_code_is_refused_with_its_place(text: str, words: str) -> None:
    with pytest.raises(FieldCodeError) as caught:
        parse(text)
    assert words in str(caught.value)


def test_the_codes_of_a_text_are_named_once() -> None:
    text = "<$Agent.UserName$> <$Contact.FirstName|a$> <$Agent.UserName|b$>"
    assert codes(parse(text)) == ("Agent.UserName", "Contact.FirstName")
