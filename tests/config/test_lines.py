"""The line on which a key of a TOML text stands, whatever stands before it."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.config.lines import Lines, Path

AWKWARD = '''# [not.a.table]
title = "a # b ["        # 2
text = """
[no]
key = "no"
\\""" still
"""
'lit' = \'\'\'
[[no]]
\'\'\'                      # 10
list = [
  1, # ]
  [2, "]"],
]
[a]                      # 15
b.c = { d = 1, e = "}" }
"q.r" = 1
[[t]]                    # 18
x = 1
[t.sub]                  # 20
y = 1
[[t]]
x = 2                    # 23
[[t.sub2]]
z = 1                    # 25
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("text",), 3),
        (("lit",), 8),
        (("list",), 11),
        (("list", 1), 11),
        (("a",), 15),
        (("a", "b", "c"), 16),
        (("a", "b", "c", "d"), 16),
        (("a", "q.r"), 17),
        (("t", 0), 18),
        (("t", 0, "x"), 19),
        (("t", 0, "sub", "y"), 21),
        (("t", 1), 22),
        (("t", 1, "x"), 23),
        (("t", 1, "sub2", 0, "z"), 25),
        (("t", 1, "nothing"), 22),
        (("nothing",), 1),
    ],
)
def test_the_line_of_a_key(path: Path, line: int) -> None:
    assert tomllib.loads(AWKWARD)
    assert Lines(AWKWARD)[path] == line


@pytest.mark.parametrize("path", [("t", 1, "x"), ("a", "q.r")])
def test_line_ends_of_other_systems_count_the_same(path: Path) -> None:
    assert Lines(AWKWARD.replace("\n", "\r\n"))[path] == Lines(AWKWARD)[path]


VALUES = st.sampled_from(
    [
        "1",
        '"s"',
        "'l'",
        '"""\nm\n"""',
        "'''\nm\n'''",
        "[\n1,\n]",
        "[[1],\n[2]]",
        "{ a = 1 }",
        '"\\"["',
        "[ # ]\n]",
    ]
)


@given(st.lists(VALUES, max_size=12))
def test_values_over_many_lines_do_not_shift_the_count(values: list[str]) -> None:
    text, expected = "", {}
    for index, value in enumerate(values):
        expected[f"k{index}"] = text.count("\n") + 1
        text += f"k{index} = {value} # c\n"
    assert list(tomllib.loads(text)) == list(expected)
    lines = Lines(text)
    assert {key: lines[(key,)] for key in expected} == expected
