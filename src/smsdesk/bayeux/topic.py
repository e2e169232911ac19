"""Names of Bayeux channels: which are valid, what a wildcard covers, and how one client spells a topic."""

import re
from collections.abc import Collection, Iterable

# SPEC 4.3. Other valid names may be subscribed too (clients of the API ask for /v2/me/calls and the like);
# nothing is ever sent there.
TOPICS = (
    "/v2/me/smssessions",
    "/v2/me/channels",
    "/v2/me/devices",
    "/v2/me",
    "/v2/users",
    "/v2/ucs/interactions",
    "/notifications/services",
    "/v2/statistics",
    "/v2/alarms",
)
# Topics that clients of the API do not know: a wildcard does not ask for them, only their name does.
BY_NAME = frozenset({"/v2/statistics", "/v2/alarms"})
ALIASES = {
    "/v2/me/smssession": "/v2/me/smssessions",
    "/v2/me/smsessions": "/v2/me/smssessions",
}
_SPELLINGS = {
    topic: (topic, *(alias for alias, meant in ALIASES.items() if meant == topic)) for topic in TOPICS
}

# The characters of a segment are those of the Bayeux 1.0 grammar, and the full stop.
_SEGMENT = r"/[A-Za-z0-9\-_!~()$@.]+"
_NAME = re.compile(rf"(?:{_SEGMENT})+")
_PATTERN = re.compile(rf"(?:{_SEGMENT})*(?:{_SEGMENT}|/\*\*?)")


def is_name(text: str) -> bool:
    """Whether the text is a channel name without wildcard."""
    return _NAME.fullmatch(text) is not None


def is_pattern(text: str) -> bool:
    """Whether the text may be subscribed to: a name, or a path ending in ``/*`` or ``/**``."""
    return _PATTERN.fullmatch(text) is not None


def is_reserved(text: str) -> bool:
    """Whether the channel belongs to the protocol (``/meta/…``, ``/service/…``): nobody may subscribe."""
    return text.startswith(("/meta/", "/service/"))


def canonical(topic: str) -> str:
    """The topic that an alias stands for; any other name unchanged."""
    return ALIASES.get(topic, topic)


def proper(names: Iterable[str]) -> list[str]:
    """The same names and patterns without aliases, each once."""
    return list(dict.fromkeys(map(canonical, names)))


def covers(pattern: str, topic: str) -> bool:
    """Whether a subscription to ``pattern`` asks for the canonical ``topic``."""
    if topic in BY_NAME:
        return pattern == topic
    if pattern.endswith("/**"):
        return topic.startswith(pattern[:-2])
    if pattern.endswith("/*"):
        return topic.startswith(pattern[:-1]) and "/" not in topic[len(pattern) - 1 :]
    return canonical(pattern) == topic


def spelling(subscriptions: Collection[str], topic: str) -> str | None:
    """The one channel name under which a client with these subscriptions gets ``topic``, or None (SPEC 4.3).

    A name subscribed to exactly wins over a wildcard, the proper name over an alias: so that a client that
    asked for an alias and for a wildcard hears the message once, by a name that both of its listeners match.
    """
    for name in _SPELLINGS.get(topic, (topic,)):
        if name in subscriptions:
            return name
    return topic if any(covers(pattern, topic) for pattern in subscriptions) else None
