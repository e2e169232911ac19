"""Targets of queues: groups and skill expressions (A§4.2)."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from smsdesk.core.centre import Centre, Group, User
from smsdesk.core.expression import DEEPEST, DIGITS, LONGEST, TargetError, expression
from smsdesk.routing.targets import serves

SKILLS = {"english": 9, "billing": 5, "zero": 0}


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("english>8", True),
        ("english>9", False),
        ("english>=9", True),
        ("english<9", False),
        ("english<=9", True),
        ("english=9", True),
        ("english!=9", False),
        ("spanish>0", False),  # a skill that one has not is level 0
        ("spanish=0", True),
        ("spanish<1", True),
        ("english>5&billing>=5", True),
        ("english>5&billing>5", False),
        ("english>99|billing=5", True),
        (" english > 5 & ( billing > 9 | zero = 0 ) ", True),
        ("((english>5))", True),
        ("2>1", False),  # a skill may be called 2, as in the samples
    ],
)
def test_expressions(text: str, met: bool) -> None:
    assert expression(text)(SKILLS) is met


@pytest.mark.parametrize(
    ("text", "met"),
    [
        ("english>0|billing>0&spanish>0", False),  # (a or b) and c, whatever other languages do
        ("english>0|(billing>0&spanish>0)", True),
        ("spanish>0&english>0|billing>0", True),
        ("spanish>0&(english>0|billing>0)", False),
    ],
)
def test_it_is_read_from_left_to_right_parentheses_first(text: str, met: bool) -> None:
    assert expression(text)(SKILLS) is met


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "expected something like english>5"),
        ("english", "expected something like english>5"),
        ("english>", "expected something like english>5"),
        ("english>high", "expected something like english>5, found english>high"),
        (">5", "expected something like english>5"),
        ("english>5&", "expected something like english>5"),
        ("english>5 billing>5", "nothing may follow before 'billing'"),
        ("english>5)", "nothing may follow before ')'"),
        ("(english>5", "a closing parenthesis is missing"),
        ("english>>5", "expected something like english>5"),
        ("english>-5", "nothing is known that begins with '-5'"),
        ("english~5", "nothing is known that begins with '~5'"),
        ("english>²", "expected something like english>5"),
        ("english>" + "9" * (DIGITS + 1), "expected something like english>5"),
        ("(" * (DEEPEST + 1) + "a>1" + ")" * (DEEPEST + 1), f"more than {DEEPEST} parentheses"),
        ("a>1&" * LONGEST + "a>1", f"is longer than {LONGEST} characters"),
    ],
    ids=lambda text: text[:30],
)
def test_what_cannot_be_understood_is_explained(text: str, words: str) -> None:
    with pytest.raises(TargetError) as caught:
        expression(text)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "text",
    ["(" * DEEPEST + "a>1" + ")" * DEEPEST, "&".join(["a>1"] * (LONGEST // 4)), "|".join(["(a>1)"] * 160)],
    ids=["deep", "long", "many"],
)
def test_what_is_allowed_can_also_be_decided(text: str) -> None:
    assert expression(text)({"a": 2})
    assert not expression(text)({"a": 0})


@given(st.text(alphabet="ab1 2>=<!&|()²٣-?:", max_size=30) | st.text(max_size=30))
@example("english>²")
@example("(" * 900)
@example("a>" + "1" * 5000)
def test_any_text_is_an_expression_or_a_target_error(text: str) -> None:
    try:
        test = expression(text)
    except TargetError:
        return
    assert test(SKILLS) in (True, False)


tests = st.recursive(
    st.tuples(st.sampled_from("xyz"), st.sampled_from(["=", "!=", ">", "<", ">=", "<="]), st.integers(0, 3)),
    lambda inner: st.tuples(inner, st.sampled_from("&|"), inner),
    max_leaves=8,
)
COMPARE = {"=": "==", "!=": "!=", ">": ">", "<": "<", ">=": ">=", "<=": "<="}


def spelt(tree: object, python: bool) -> str:
    """A tree in our language with all its parentheses, or in Python."""
    assert isinstance(tree, tuple)
    left, sign, right = tree
    if isinstance(left, str):
        return f"s[{left!r}]{COMPARE[sign]}{right}" if python else f"{left}{sign}{right}"
    word = {"&": " and ", "|": " or "}[sign] if python else sign
    return f"({spelt(left, python)}){word}({spelt(right, python)})"


@given(tests, st.fixed_dictionaries({name: st.integers(0, 3) for name in "xyz"}))
def test_it_means_what_python_would_mean(tree: object, skills: dict[str, int]) -> None:
    assert expression(spelt(tree, False))(skills) is eval(spelt(tree, True), {"s": skills})


# -- who serves ------------------------------------------------------------------------------------
ANN = User("a", "ann", skills={"english": 9})
BEN = User("b", "ben", skills={"english": 3})
SUE = User("s", "sue", roles=("ROLE_SUPERVISOR",), skills={"english": 9})
CENTRE = Centre([ANN, BEN, SUE], [Group("g", "Support", ("a", "s")), Group("h", "english>8", ("b",))])


@pytest.mark.parametrize(
    ("target", "names"),
    [
        ("Support", "ann sue"),
        ("?:english>2", "ann ben"),  # only agents are found by skill
        ("english>2", "ann ben"),
        ("english>8", "ben"),  # a group of that name goes first
        ("?:english>8", "ann"),
        ("?:english>99", ""),
    ],
)
def test_who_serves_a_target(target: str, names: str) -> None:
    test = serves(CENTRE, target)
    assert [user.user_name for user in CENTRE.users.values() if test(user)] == names.split()


def test_an_unknown_group_is_no_target() -> None:
    with pytest.raises(TargetError):
        serves(CENTRE, "Nobody")
