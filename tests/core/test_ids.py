"""The shapes of ids (SPEC 8.2)."""

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.ids import ALPHABET, Ids


@given(st.integers(0, 2**32))
def test_shapes(seed: int) -> None:
    ids = Ids(Random(seed).randbytes)
    assert re.fullmatch(r"[0-9A-Za-z]{16}", ids.interaction())
    assert re.fullmatch(r"[0-9A-F]{16}", ids.participant())
    assert re.fullmatch(r"[0-9a-f]{32}", ids.user())
    assert re.fullmatch(r"[0-9a-f]{40}", ids.token())


def test_the_edges_of_the_random_source() -> None:
    low, high = Ids(bytes), Ids(lambda count: b"\xff" * count)
    assert low.interaction() == "0" * 16
    assert len(high.interaction()) == 16
    assert high.participant() == "F" * 16
    assert low.user() == "0" * 32


def test_ids_do_not_come_again() -> None:
    ids = Ids(Random(7).randbytes)
    made = [ids.interaction() for _ in range(5000)]
    assert len(set(made)) == len(made)


def test_every_letter_is_used() -> None:
    ids = Ids(Random(7).randbytes)
    assert set("".join(ids.interaction() for _ in range(500))) == set(ALPHABET)
