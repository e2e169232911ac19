"""Every kind of record there is: its type, what it is found by, and whether it always stays in memory.

Reading this table is reading the store.
"""

from collections.abc import Callable, Iterable
from typing import Any

from msgspec import Struct

from smsdesk.core.agent import Agent, AgentState
from smsdesk.core.alarms import Alarm
from smsdesk.core.attributes import BusinessAttribute
from smsdesk.core.centre import (
    BusinessHours,
    Centre,
    CustomEntry,
    Group,
    Queue,
    Revision,
    ServiceNumber,
    Skill,
    User,
)
from smsdesk.core.consent import Consent
from smsdesk.core.contact import Alias, Contact
from smsdesk.core.dispositions import Disposition, DispositionGroup
from smsdesk.core.interaction import Interaction
from smsdesk.core.outgoing import Audit, OutgoingText, Part, Seen, SentText, Timer
from smsdesk.core.responses import Category, Favorites, Response, ResponseUsage
from smsdesk.core.sections import Sections
from smsdesk.core.session import Session
from smsdesk.core.strategy import Strategy
from smsdesk.core.tallies import Tally
from smsdesk.core.webhooks import Delivery, Webhook
from smsdesk.operations.login import AllowedOrigins, Answered, ApiKey, Credential, HttpSession

Index = tuple[str | None, str | None, int | None]  # unique key, tag, due


class Kind(Struct, frozen=True):
    """How a kind of record is kept: its type, its indexes, and whether it always stays in memory (those
    tagged "live"). `configured`: it belongs to the configured contact centre (`core.centre`).
    """

    type: type[Any]
    index: Callable[[Any], Index]
    resident: bool = False
    configured: bool = False


def _configured(type: type[Any], key: Callable[[Any], str | None]) -> Kind:
    """Always in memory, found by a unique name."""
    return Kind(type, lambda record: (key(record), "live", None), resident=True, configured=True)


def _live(_value: object) -> Index:
    return None, "live", None


KINDS: dict[str, Kind] = {
    "session": Kind(Session, lambda s: (s.key, None, None)),
    "agent": Kind(Agent, _live, resident=True),
    "interaction": Kind(
        Interaction, lambda i: (None, None if i.place == "closed" else "live", None), resident=True
    ),
    "timer": Kind(Timer, lambda t: (None, "live", t.due), resident=True),
    "contact": Kind(Contact, lambda c: (c.number or None, c.email_tag, None)),
    "alias": Kind(Alias, lambda a: (None, a.contact, None)),
    "consent": Kind(Consent, lambda c: (None, None, None)),
    "outgoing": Kind(
        OutgoingText, lambda o: (None, "live" if o.state in ("queued", "trying") else None, None)
    ),
    "part": Kind(Part, lambda p: (None, None, None)),
    "seen": Kind(Seen, lambda s: (None, f"unproven {s.carrier}" if s.unproven else None, s.at)),
    "audit": Kind(Audit, lambda a: (None, None, a.at)),
    "sent": Kind(SentText, lambda s: (None, None, s.at)),
    "user": _configured(User, lambda u: u.user_name.lower()),
    "group": _configured(Group, lambda g: g.name),
    "queue": _configured(Queue, lambda q: q.name),
    "number": _configured(ServiceNumber, lambda n: None),
    "agentstate": _configured(AgentState, lambda s: None),
    "skill": _configured(Skill, lambda s: s.name),
    "strategy": _configured(Strategy, lambda s: s.name),
    "hours": _configured(BusinessHours, lambda h: h.name),
    "dispositiongroup": _configured(DispositionGroup, lambda g: g.name),
    "disposition": _configured(Disposition, lambda d: d.name),
    "attribute": _configured(BusinessAttribute, lambda a: a.name),
    "custom": _configured(CustomEntry, lambda c: c.name),
    "category": _configured(Category, lambda c: c.name),
    "response": _configured(Response, lambda r: r.name),
    "webhook": _configured(Webhook, lambda w: w.name),
    "delivery": Kind(
        Delivery, lambda d: (None, "live", None) if d.state == "waiting" else (None, None, d.made)
    ),
    "alarm": Kind(Alarm, lambda a: (None, None, a.ended) if a.ended else (None, "live", None)),
    "responseusage": Kind(ResponseUsage, _live, resident=True),
    "favorites": Kind(Favorites, lambda f: (None, None, None)),
    "centre": Kind(Revision, _live, resident=True),
    "settings": Kind(Sections, lambda s: (None, None, None)),
    "credential": Kind(Credential, lambda c: (None, None, None)),
    "idempotency": Kind(Answered, lambda a: (None, None, a.expires)),
    "apikey": Kind(ApiKey, lambda k: (k.name, "live", None), resident=True),
    "allowedorigins": Kind(AllowedOrigins, _live, resident=True),
    "tally": Kind(Tally, _live, resident=True),
    "http": Kind(HttpSession, lambda h: (None, h.user, h.expires)),
}
CONFIGURED = tuple(kind for kind, description in KINDS.items() if description.configured)
INDEXED = CONFIGURED[:5]  # in the order of the parameters of Centre


def centre_of(all_of: Callable[[str], Iterable[Any]]) -> Centre:
    """The configured contact centre, indexed; `all_of` gives the records of a kind."""
    more = {kind: all_of(kind) for kind in CONFIGURED if kind not in INDEXED}
    return Centre(*(all_of(kind) for kind in INDEXED), more=more)
