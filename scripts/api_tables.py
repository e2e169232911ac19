"""The made sections of the reference pages that are otherwise written by hand: tables from the code."""

from collections.abc import Callable, Sequence

from scripts.api_pages import anchor, block, json, linked, table
from smsdesk.bayeux import errors as bayeux
from smsdesk.bayeux.reply import Advice
from smsdesk.bayeux.topic import ALIASES as TOPIC_ALIASES
from smsdesk.core.errors import Fault
from smsdesk.core.states import PERMITS, TRANSITIONS, VISIBILITY_OF, Kind, State, capabilities
from smsdesk.http.reference.cards import Card
from smsdesk.http.reference.catalogue import entries
from smsdesk.http.reference.examples import Step, example
from smsdesk.http.reference.parameters import Parameter, fields
from smsdesk.http.reference.words import terms
from smsdesk.operations.channel import CHANNEL_NAMES

Files = dict[str, str]
# Columns of the matrix of permits: heading, state, kind, alone.
Column = tuple[str, State, Kind, bool]
AGENTS: tuple[Column, ...] = (
    ("Invited", "Invited", "agent", True),
    ("Chatting, alone", "Chatting", "agent", True),
    ("Chatting, with others", "Chatting", "agent", False),
    ("LeftChat", "LeftChat", "agent", True),
)
OTHERS: tuple[Column, ...] = (
    ("consulted", "Chatting", "consulted", False),
    ("Monitor", "Chatting", "monitor", False),
    ("Coach", "Chatting", "coach", False),
    ("BargeIn", "Chatting", "bargein", False),
)


def operations(cards: Sequence[Card], files: Files) -> str:
    """Everything by group, with a sentence each."""
    parts = []
    for group in dict.fromkeys(card.group for card in cards):
        rows = [
            [f"[{card.title.replace('/api/v2', '')}]({files[card.title]})", _marked(card)]
            for card in cards
            if card.group == group
        ]
        parts += [f"### {group}", table(["", ""], rows)]
    return "\n\n".join(parts)


def _marked(card: Card) -> str:
    return card.summary + (" [[ext]](#ext)" if card.extension else "")


def states() -> str:
    """What the states mean."""
    return table(["state", "meaning"], [[f"`{state}`", words] for state, words in terms().states.items()])


def kinds() -> str:
    """In which ways a user takes part."""
    rows = [
        [f"`{VISIBILITY_OF[kind]}`", terms().kinds[kind]] for kind in VISIBILITY_OF if kind in terms().kinds
    ]
    return table(["visibility", "who"], rows)


def transitions() -> str:
    """The table of transitions."""
    rows = [
        [f"`{before}`" if before else "–", trigger, f"`{after}`"]
        for (before, trigger), after in TRANSITIONS.items()
    ]
    return table(["from", "by", "to"], rows)


def triggers(files: Files) -> str:
    """What the transitions are made by."""
    rows = [[name, linked(words, files, folder="api/")] for name, words in terms().triggers.items()]
    return table(["", "is"], rows)


def permits(files: Files, columns: Sequence[Column]) -> str:
    """A matrix of permits: advertised, permitted only, or neither; rows without any are left out."""
    names = [entry.name for entry in entries() if entry.family == "session"]
    rows = []
    for name in names:
        cells = [_mark(name, PERMITS.get((state, kind, alone), ())) for _, state, kind, alone in columns]
        if any(cells):
            rows.append([f"[{name}](api/{files[name]})", *cells])
    return table(["", *(head for head, *_ in columns)], rows)


def _mark(name: str, row: Sequence[tuple[str, tuple[str, ...]]]) -> str:
    advertised = dict(row).get(name)
    return "" if advertised is None else "●" if advertised else "○"


def lists() -> str:
    """The capabilities in the order in which they are sent."""
    rows = [
        [head, ", ".join(f"`{name}`" for name in capabilities(state, kind, alone))]
        for head, state, kind, alone in (*AGENTS, *OTHERS)
    ]
    rows.append(["Completed, Revoked", "none"])
    return table(["", "capabilities, in this order"], rows)


def faults() -> str:
    """A section for each fault."""
    parts = []
    for fault in Fault:
        words = terms().faults[fault.name]
        title = fault.name.replace("_", " ").capitalize()
        parts += [
            f"### {title}",
            f"**statusCode {fault.code}, HTTP {fault.http}.** {words.meaning}",
            f"What to do: {words.advice}",
        ]
    return "\n\n".join(parts)


def fault_table() -> str:
    """All faults on a glance."""
    rows = []
    for fault in Fault:
        first = terms().faults[fault.name].meaning.partition(". ")[0].rstrip(".")
        rows.append([str(fault.code), str(fault.http), f"[{first}](#{anchor(fault.name)})"])
    return table(["statusCode", "HTTP", "in short"], rows)


def topics() -> str:
    """The topics with their other spellings."""
    rows = []
    for topic, words in terms().topics.items():
        others = ", ".join(f"`{alias}`" for alias, meant in TOPIC_ALIASES.items() if meant == topic)
        rows.append([f"`{topic}`", words, others])
    return table(["topic", "what comes", "also accepted"], rows)


def notification_types() -> str:
    """What the kinds of notification mean."""
    rows = [
        [f"`{name}`", linked(words, {}, folder="api/")] for name, words in terms().notification_types.items()
    ]
    return table(["notificationType", "meaning"], rows)


def message_types() -> str:
    """What the types of transcript entries mean."""
    return table(["type", "meaning"], [[f"`{name}`", words] for name, words in terms().message_types.items()])


def bayeux_faults() -> str:
    """The table of advice."""
    rows = []
    for fault, row in bayeux.TABLE.items():
        advice = _advice(row.long_polling)
        if row.websocket != row.long_polling:
            advice += f"; by WebSocket {_advice(row.websocket)}"
        rows.append([f"`{row.code}:…:{row.text}`", advice, terms().bayeux[fault.value]])
    return table(["error", "advice", "when"], rows)


def _advice(advice: Advice | None) -> str:
    if advice is None:
        return "none"
    after = f", after {advice.interval // 1000} s" if advice.interval else ""
    return f"`{advice.reconnect}`{after}"


def resources(files: Files) -> str:
    """A section for each JSON object."""
    parts = []
    for name, words in terms().resources.items():
        rows = [
            [f"`{row.name}`", _type(row.type), _there(row), linked(row.text, files, folder="api/")]
            for row in fields(name)
        ]
        parts += [f"### {name}", linked(words.text, files, folder="api/")]
        parts.append(table(["field", "type", "there", "meaning"], rows))
    return "\n\n".join(parts)


def _there(row: Parameter) -> str:
    return "" if row.mandatory == "yes" else "not always"


def _type(words: str) -> str:
    known = terms().resources
    return " ".join(f"[{word}](#{word.lower()})" if word in known else word for word in words.split(" "))


def spellings(cards: Sequence[Card]) -> str:
    """Every other way to write a name, from the tables that accept it."""
    paths = {card.addresses[0]: card.aliases for card in cards if card.aliases}
    rows = [["path", f"`{path}`", ", ".join(f"`{a}`" for a in aliases)] for path, aliases in paths.items()]
    for entry in entries():
        if entry.aliases:
            rows.append(
                ["operationName", f"`{entry.name}`", ", ".join(f"`{alias}`" for alias in entry.aliases)]
            )
    for topic in dict.fromkeys(TOPIC_ALIASES.values()):
        aliases = [f"`{alias}`" for alias, meant in TOPIC_ALIASES.items() if meant == topic]
        rows.append(["topic", f"`{topic}`", ", ".join(aliases)])
    others = ", ".join(f"`{name}`" for name in sorted(CHANNEL_NAMES - {"smssession"}))
    rows.append(["channel", "`smssession`", others])
    return table(["where", "proper", "also accepted"], rows)


def steps(name: str) -> str:
    """A recorded example as requests and answers, without the notifications."""
    shown = example(name)
    assert shown is not None
    return "\n\n".join(part for step in shown.steps for part in _exchange(step))


def _exchange(step: Step) -> list[str]:
    parts = [block("text", f"{step.method} {step.path}")]
    if step.body is not None:
        parts.append(json(step.body))
    return [*parts, f"is answered with HTTP {step.status}:", json(step.reply)]


def notified(name: str) -> str:
    """The first notification of a recorded example."""
    shown = example(name)
    assert shown is not None
    return json(next(iter(shown.steps[0].notifications.values()))[0])


def sections(cards: Sequence[Card], files: Files) -> dict[str, Callable[[], str]]:
    """All made sections by the name that stands in the pages."""
    return {
        "operations": lambda: operations(cards, files),
        "states": states,
        "kinds": kinds,
        "transitions": transitions,
        "triggers": lambda: triggers(files),
        "permits": lambda: permits(files, AGENTS),
        "permits of others": lambda: permits(files, OTHERS),
        "capabilities": lists,
        "faults": faults,
        "fault table": fault_table,
        "topics": topics,
        "notification types": notification_types,
        "message types": message_types,
        "bayeux faults": bayeux_faults,
        "resources": lambda: resources(files),
        "spellings": lambda: spellings(cards),
        "refused": lambda: steps("refused"),
        "conversation": lambda: steps("POST /api/v2/notifications"),
        "expired": lambda: steps("expired"),
        "notification": lambda: notified("AddComment"),
        "log notification": lambda: notified("SendMessage"),
        "error notification": lambda: notified("declined"),
    }
