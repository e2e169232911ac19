"""The counter of parts: 3GPP TS 23.038, 6.2; 23.040, 9.2.3.24.1; SPEC 6.1."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.smpp import gsm_alphabet
from smsdesk.smpp.segments import capacity, split
from smsdesk.smpp.text import Encoding

CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("segments.json").read_text("utf-8"))[
    "cases"
]


def expand(runs: list[list[Any]]) -> str:
    return "".join(string * times for string, times in runs)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_vector(case: dict[str, Any]) -> None:
    text = expand(case["text"])
    found = split(text)
    assert found.encoding.value == case["encoding"]
    assert [part.text for part in found.parts] == [expand(runs) for runs in case["parts"]]
    assert [part.units for part in found.parts] == case["units"]
    assert found.units_left == case["left"]
    assert list(found.foreign) == case["foreign"]


def test_vectors_are_consistent_in_themselves() -> None:
    for case in CASES:
        assert "".join(map(expand, case["parts"])) == expand(case["text"]), case["name"]
        assert len(case["units"]) == len(case["parts"]), case["name"]


@pytest.mark.parametrize(
    ("header", "gsm", "ucs2"),
    [(0, 160, 70), (6, 153, 67), (7, 152, 66)],
)
def test_room_beside_a_header(header: int, gsm: int, ucs2: int) -> None:
    """23.040, 9.2.3.24.1: 153 and 67 beside an 8-bit reference, one less beside a 16-bit one."""
    assert (capacity(Encoding.GSM7, header), capacity(Encoding.UCS2, header)) == (gsm, ucs2)


def test_a_forced_encoding() -> None:
    assert [part.units for part in split("a" * 71, encoding=Encoding.UCS2).parts] == [67, 4]
    with pytest.raises(ValueError, match="outside"):
        split("ы", encoding=Encoding.GSM7)


def test_sixteen_bit_references_leave_less_room() -> None:
    assert [part.units for part in split("a" * 161, 7).parts] == [152, 9]


GSM_TEXT = st.text(alphabet=sorted(gsm_alphabet.BASIC.replace("\x1b", "") + "".join(gsm_alphabet.WIDE)))
FAMILY, THUMB, FLAG = (
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "\U0001f44d\U0001f3fd",
    "\U0001f1e9\U0001f1ea",
)
GRAPHEMES = st.sampled_from(["e\u0301", FAMILY, THUMB, FLAG, "\r\n", "1\ufe0f\u20e3", "😀", "€", "ы", "a"])
ANY_TEXT = st.one_of(
    GSM_TEXT.map(lambda text: text * 4),
    st.text(max_size=300),
    st.lists(GRAPHEMES, max_size=120).map("".join),
)


@given(ANY_TEXT, st.sampled_from([6, 7]))
def test_any_split(text: str, header: int) -> None:
    """Parts joined are the text, none is too long or empty, no pair is cut, units are those of the octets."""
    found = split(text, header)
    assert "".join(part.text for part in found.parts) == text
    limit = capacity(found.encoding, header if len(found.parts) > 1 else 0)
    for part in found.parts:
        assert 0 < part.units <= limit
        if found.encoding is Encoding.GSM7:
            assert part.units == len(part.data)
            assert gsm_alphabet.decode(part.data) == part.text
        else:
            assert part.units * 2 == len(part.data)
            assert part.data.decode("utf-16-be") == part.text
    assert found.units_left == limit - (found.parts[-1].units if found.parts else 0)
    assert (found.foreign == ()) == (found.encoding is Encoding.GSM7)


@given(st.lists(GRAPHEMES, min_size=1, max_size=120))
def test_short_graphemes_are_never_cut(graphemes: list[str]) -> None:
    """Each cut is an end of one of the graphemes the text was made of (a line end, too, stays whole)."""
    ends, at = set(), 0
    for grapheme in graphemes:
        at += len(grapheme)
        ends.add(at)
    at = 0
    for part in split("".join(graphemes)).parts:
        at += len(part.text)
        assert at in ends


@given(GSM_TEXT)
def test_fewest_parts(text: str) -> None:
    """Moving the first character of a part back to the part before would overfill it, or tear a line end."""
    parts = split(text * 4).parts
    for before, after in pairwise(parts):
        first = after.text[:2] if after.text.startswith("\r\n") else after.text[0]
        assert before.units + len(gsm_alphabet.encode(first)) > 153
