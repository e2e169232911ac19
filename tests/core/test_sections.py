"""Settings in sections: what is kept, and its bounds (C§5.4, SPEC 8.7, 8.10)."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from smsdesk.core.errors import Fault, Refused
from smsdesk.core.sections import DEEPEST, LIMIT, Section, Sections, check_setting

NAMES = st.sampled_from(["a", "b", "c", "d"])
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


def test_a_setting_is_named_by_the_key_of_its_section() -> None:
    section = Section("colours", "Colours", "what").with_setting({"what": "offers", "value": "red"})
    assert section.find("offers") == {"what": "offers", "value": "red"}
    section = section.with_setting({"what": "offers", "value": "blue"})
    assert section.settings == ({"what": "offers", "value": "blue"},)
    assert section.without("offers").settings == ()
    with pytest.raises(Refused, match="not found"):
        section.without("texts")


def test_sections_are_told_apart_without_case() -> None:
    mine = Sections("ann", (Section("Desk", "Desk"),))
    assert mine.find("dEsK") is mine.sections[0]
    assert mine.with_section(Section("DESK", "New")).sections == (Section("DESK", "New"),)
    assert mine.without("desk").sections == ()


def test_what_is_too_much_is_refused_and_what_fits_is_not() -> None:
    def with_text(length: int) -> Sections:
        return Sections("ann").with_section(
            Section("a", "a", settings=({"name": "x", "value": "y" * length},))
        )

    empty = len(msgspec.json.encode(with_text(0)))
    assert len(msgspec.json.encode(with_text(LIMIT - empty))) == LIMIT
    with pytest.raises(Refused, match="64 KiB"):
        with_text(LIMIT - empty + 1)


def nested(depth: int) -> Any:
    return [nested(depth - 1)] if depth else 1


@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ({"value": 1}, Fault.MISSING),
        ({"name": 7}, Fault.INVALID),
        ({"name": None}, Fault.INVALID),
        ({"name": ""}, Fault.INVALID),
        ({"name": "a/b"}, Fault.INVALID),
        ({"name": "x" * 256}, Fault.INVALID),
        ({"name": "a\0"}, Fault.INVALID),
        ({"name": "a", "value": {"b": ["\0"]}}, Fault.INVALID),
        ({"name": "a", "value": {"b\0": 1}}, Fault.INVALID),
        ({"name": "a", "value": 2**64}, Fault.INVALID),
        ({"name": "a", "value": -(2**63) - 1}, Fault.INVALID),
        ({"name": "a", "value": nested(DEEPEST)}, Fault.INVALID),
    ],
)
def test_what_is_no_setting(setting: Any, fault: Fault) -> None:
    with pytest.raises(Refused) as refused:
        check_setting("name", setting)
    assert refused.value.fault is fault


def test_what_is_nested_just_deep_enough() -> None:
    check_setting("name", {"name": "a", "value": nested(DEEPEST - 1)})


@given(st.lists(st.tuples(NAMES, VALUES)), st.lists(st.tuples(NAMES, VALUES)))
def test_own_settings_stand_over_the_defaults(defaults: Any, own: Any) -> None:
    def section(pairs: Any) -> Section:
        made = Section("s", "S")
        for name, value in pairs:
            check_setting("name", {"name": name, "value": value})
            made = made.with_setting({"name": name, "value": value})
        return made

    merged = section(own).over(section(defaults))
    expected = dict(defaults) | dict(own)
    assert {s["name"]: s["value"] for s in merged.settings} == expected
    assert msgspec.json.decode(msgspec.json.encode(merged), type=Section) == merged
