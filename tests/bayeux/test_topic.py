"""Names of channels: validity, wildcards, aliases (Bayeux 1.0 section 2.2; SPEC 4.3)."""

import pytest

from smsdesk.bayeux.topic import ALIASES, TOPICS, canonical, covers, is_name, is_pattern, proper, spelling


@pytest.mark.parametrize("name", [*TOPICS, *ALIASES, "/a", "/a-b_c!~($)@.d/9"])
def test_a_name_is_also_a_pattern(name: str) -> None:
    assert is_name(name)
    assert is_pattern(name)


@pytest.mark.parametrize("pattern", ["/*", "/**", "/v2/me/*", "/v2/**"])
def test_a_pattern_ends_in_a_wildcard_and_is_no_name(pattern: str) -> None:
    assert is_pattern(pattern)
    assert not is_name(pattern)


@pytest.mark.parametrize(
    ("pattern", "topic", "covered"),
    [
        ("/v2/me/*", "/v2/me/smssessions", True),
        ("/v2/me/*", "/v2/me", False),
        ("/v2/me/*", "/v2/me/a/b", False),
        ("/v2/me/*", "/v2/mex/a", False),
        ("/v2/**", "/v2/me", True),
        ("/v2/**", "/v2/me/smssessions", True),
        ("/v2/**", "/v2", False),
        ("/v2/**", "/v22/me", False),
        ("/**", "/notifications/services", True),
        ("/*", "/v2", True),
        ("/*", "/v2/me", False),
        ("/v2/me", "/v2/me", True),
        ("/v2/me", "/v2/me/channels", False),
        ("/v2/me/smssession", "/v2/me/smssessions", True),
        ("/v2/me/smssessions", "/v2/me/smssessions", True),
    ],
)
def test_what_a_pattern_covers(pattern: str, topic: str, covered: bool) -> None:
    assert covers(pattern, topic) is covered


def test_aliases_stand_for_a_topic_and_are_none_themselves() -> None:
    assert {canonical(alias) for alias in ALIASES} <= set(TOPICS)
    assert not set(ALIASES) & set(TOPICS)
    assert canonical("/v2/other") == "/v2/other"


def test_proper_names_are_each_named_once() -> None:
    names = ["/v2/me/smssession", "/v2/me/*", "/v2/me/smssessions"]
    assert proper(names) == ["/v2/me/smssessions", "/v2/me/*"]


def test_a_topic_nobody_asked_for_has_no_spelling() -> None:
    assert spelling({"/v2/me/channels"}, "/v2/me/smssessions") is None
    assert spelling(set(), "/v2/me") is None
    assert spelling({"/other"}, "/other") == "/other"
