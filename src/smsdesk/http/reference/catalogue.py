"""Every operation with what the code says of it: its addresses, spellings, struct, who may, statusCodes."""

from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from smsdesk.core.agent import AGENT_STATES
from smsdesk.core.errors import Fault
from smsdesk.core.states import PERMITS, Kind, State
from smsdesk.http.reference.words import FamilyWords, OperationWords, operations
from smsdesk.operations import channel, history, me, smssession
from smsdesk.operations.base import Operation
from smsdesk.operations.smssession.intrude import Intrude

SESSION = "/api/v2/me/smssessions/{id}"
ME = "/api/v2/me"
MY_CHANNEL = "/api/v2/me/channels/{channel}"
CHANNEL = "/api/v2/users/{user}/channels/{channel}"
OTHERS_SESSION = "/api/v2/users/{user}/smssessions/{id}"
HISTORY = "/api/v2/ucs/interactions"
CONTACT_HISTORY = "/api/v2/ucs/contacts/{contact}/interactions"
INTERACTION = "/api/v2/ucs/interactions/{id}"
TOLD_LATER = frozenset({"history", "contact_history", "interaction"})  # families

# family -> the addresses its operations are posted to, the proper one first
FAMILIES: dict[str, tuple[str, ...]] = {
    "me": (ME,),
    "readiness": (MY_CHANNEL, ME, CHANNEL),
    "session": (SESSION,),
    "supervision": (CHANNEL,),
    "intrusion": (OTHERS_SESSION,),
    "history": (HISTORY,),
    "contact_history": (CONTACT_HISTORY,),
    "interaction": (INTERACTION,),
}
REFERENCE_IN_REPLY = frozenset({"Consult", "Invite", "CancelConsult", "Transfer"})  # SPEC 1.4


class Permit(NamedTuple):
    """A row of the table of permits that has the operation. `company`: None where it does not matter, False
    where a second agent has to be there. `advertised`: the capability names.
    """

    state: State
    kind: Kind
    company: bool | None
    advertised: tuple[str, ...]


class Refusal(NamedTuple):
    """A way the operation can fail, and what that means here."""

    fault: Fault
    words: str


class Entry(NamedTuple):
    """One operation. `struct` None: an agent state, whose name is all there is to it."""

    name: str
    family: str
    struct: type[Operation] | None
    words: OperationWords
    common: FamilyWords
    aliases: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where it is posted to."""
        return FAMILIES[self.family]

    @property
    def permits(self) -> list[Permit]:
        """The rows of the table that have it; none for operations that are on no session."""
        return list(_permits(self.name)) if self.family == "session" else []

    @property
    def refusals(self) -> list[Refusal]:
        """Every way it can fail, in the order of the table of faults."""
        return refusals(self.common.errors, self.words.errors)

    @property
    def reply(self) -> str:
        """The schema of its success."""
        if self.name == "StartContactCenterSession":
            return "LoggedIn"
        if self.name == "Pull":
            return "Pulled"
        later = self.name in REFERENCE_IN_REPLY or self.family in TOLD_LATER
        return "DoneWithReference" if later else "Done"


def refusals(*sources: dict[str, str]) -> list[Refusal]:
    """Faults by name, from what is common to what is particular, with their words joined."""
    names = [fault for fault in Fault if any(fault.name in words for words in sources)]
    unknown = {name for words in sources for name in words} - {fault.name for fault in names}
    if unknown:
        raise ValueError(f"no such fault: {', '.join(sorted(unknown))}")
    return [Refusal(f, "; ".join(words[f.name] for words in sources if f.name in words)) for f in names]


def _permits(operation: str) -> Iterator[Permit]:
    for (state, kind, alone), row in PERMITS.items():
        names = dict(row).get(operation)
        if names is None:
            continue
        other = dict(PERMITS[state, kind, not alone]).get(operation)
        if other is None:
            yield Permit(state, kind, not alone, names)
        elif alone:
            yield Permit(state, kind, None, names)


@cache
def entries() -> tuple[Entry, ...]:
    """All operations, in the order in which they are explained. Raises ValueError when words and code do not
    name the same.
    """
    known = {name: (family, struct) for family, name, struct in _named()}
    words = operations()
    if known.keys() != words.operations.keys():
        raise ValueError(f"without words, or words of nothing: {known.keys() ^ words.operations.keys()}")
    return tuple(_entry(name, *known[name]) for name in words.operations)


def _entry(name: str, family: str, struct: type[Operation] | None) -> Entry:
    words = operations()
    aliases = tuple(alias for alias, meant in smssession.ALIASES.items() if meant == name)
    return Entry(name, family, struct, words.operations[name], words.families[family], aliases)


def _named() -> Iterator[tuple[str, str, type[Operation] | None]]:
    families: tuple[tuple[str, Sequence[type[Operation]]], ...] = (
        ("me", [o for o in me.OPERATIONS if o not in channel.OPERATIONS]),
        ("readiness", channel.OPERATIONS),
        ("session", smssession.OPERATIONS),
        ("supervision", channel.SUPERVISION),
        ("intrusion", (Intrude,)),
        ("history", history.HOUSE),
        ("contact_history", history.CONTACT),
        ("interaction", history.INTERACTION),
    )
    for state in AGENT_STATES:
        yield "readiness", state.operation, None
    for family, structs in families:
        for struct in structs:
            yield family, str(struct.__struct_config__.tag), struct
