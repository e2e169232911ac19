"""Targets of a queue: groups and skill expressions (A§4.2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.centre import Centre, Group, User
from smsdesk.routing.targets import TargetError, expression, serves

ANN = User("a", "ann", skills={"english": 9, "billing": 5})
BEN = User("b", "ben", skills={"english": 5, "spanish": 8})


@pytest.mark.parametrize(
    ("text", "ann", "ben"),
    [
        ("english>5", True, False),
        ("english>=5", True, True),
        ("english=5", False, True),
        ("english!=5", True, False),
        ("spanish<1", True, False),
        ("spanish<=8", True, True),
        ("english>5&billing>=3", True, False),
        ("english>5|spanish>7", True, True),
        (" english > 5 & ( billing > 9 | billing = 5 ) ", True, False),
        ("2>1", False, False),  # a skill may be called 2, as the samples show
    ],
)
def test_an_expression_looks_at_levels(text: str, ann: bool, ben: bool) -> None:
    test = expression(text)
    assert (test(ANN.skills), test(BEN.skills)) == (ann, ben)


def test_operators_are_taken_from_left_to_right() -> None:
    # (english=9 | english=5) & billing=5, not english=9 | (english=5 & billing=5)
    assert not expression("english=9|english=5&billing=5")({"english": 9})
    assert expression("english=9|(english=5&billing=5)")({"english": 9})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected something like"),
        ("english", "expected something like"),
        ("english>", "expected something like"),
        ("english>x", "expected something like"),
        ("(english>5", "closing parenthesis"),
        ("english>5)", "nothing may follow"),
        ("english>5 billing>3", "nothing may follow"),
        ("english>5&", "expected something like"),
        ("english%5", "begins with '%5'"),
    ],
)
def test_a_mistake_is_named(text: str, words: str) -> None:
    with pytest.raises(TargetError, match=words.replace("(", r"\(")):
        expression(text)


@given(st.text(alphabet="ab2 ><=!&|()?:", max_size=30))
def test_any_text_is_understood_or_refused(text: str) -> None:
    try:
        test = expression(text)
    except TargetError:
        return
    assert test({"a": 1, "b": 2}) in (True, False)


def test_a_group_is_its_members() -> None:
    test = serves(Centre([ANN, BEN], [Group("g", "Support", ("a",))]), "Support")
    assert (test(ANN), test(BEN)) == (True, False)


def test_an_expression_names_agents_only() -> None:
    admin = User("c", "cleo", roles=("ROLE_ADMIN",), skills={"english": 9})
    test = serves(Centre([ANN, admin]), "?:english>5")
    assert (test(ANN), test(admin)) == (True, False)
