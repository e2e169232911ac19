"""Stop, start and help words (SPEC 6.5)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.consent import HELP, START, STOP, keyword


@pytest.mark.parametrize("text", ["STOP", "stop", " Stop\n", "\tsToP "])
def test_the_case_and_the_blanks_around_do_not_matter(text: str) -> None:
    assert keyword(text) in STOP


@pytest.mark.parametrize("text", ["please stop", "stop it", "STOP.", "st op", "", "nonstop"])
def test_a_word_among_others_is_no_keyword(text: str) -> None:
    assert keyword(text) not in STOP | START | HELP


def test_the_lists() -> None:
    assert {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"} == STOP
    assert {"START", "YES", "UNSTOP"} == START
    assert {"HELP", "INFO"} == HELP


@given(st.sampled_from(sorted(STOP | START | HELP)), st.text(" \t\n", max_size=3))
def test_every_keyword_is_found_in_any_dress(word: str, blanks: str) -> None:
    assert keyword(blanks + word.lower() + blanks) == word
