"""Parts of long texts: kept until all are there, then received as one text (SPEC 6.2)."""

from msgspec.structs import replace

from smsdesk.carriers import TextReceived
from smsdesk.core.draft import Draft
from smsdesk.core.numbers import canonical
from smsdesk.core.outgoing import Part, Seen, Timer
from smsdesk.operations.system.receive_text import receive_text, service_number
from smsdesk.smpp.pieces import Pieces, join

GAP = " [...] "  # where parts are missing


def receive_part(draft: Draft, fact: TextReceived, text_id: str) -> str:
    """Keep one part; the last to come makes it a text. A duplicate changes nothing. Raises UnknownNumber."""
    number = service_number(draft, fact)
    seen_id = f"{fact.carrier} {fact.key}"
    seen = draft.get("seen", seen_id)
    if isinstance(seen, Seen):
        return seen.text
    id = f"{fact.carrier} {fact.service_number} {fact.customer_number} {fact.reference} {fact.parts}"
    part = draft.get("part", id)
    if not isinstance(part, Part):
        part = Part(
            id,
            fact.carrier,
            number.number,
            canonical(fact.customer_number, fact.source_ton),
            fact.reference or 0,
            fact.parts,
            {},
            draft.now,
        )
    part = replace(part, texts={str(fact.part): fact.text} | part.texts)  # the first to come counts
    if len(part.texts) < part.parts:
        if len(part.texts) == 1:
            draft.start_timer(Timer(f"parts:{id}", "parts", id, draft.now + draft.policy.parts_wait))
        draft.put("part", id, part)
        draft.put("seen", seen_id, Seen(seen_id, fact.carrier, draft.now, text_id, not fact.keep_key))
        return text_id
    if draft.get("part", id) is not None:
        draft.put("part", id, None)
        draft.stop_timer(f"parts:{id}")
    whole = join([part.texts[str(n)] for n in range(1, part.parts + 1)])
    return receive_text(draft, replace(fact, text=whole, part=1, parts=1), text_id)


def parts_over(draft: Draft, timer: Timer) -> None:
    """The missing parts did not come within the time limit: what is there is delivered, marked incomplete."""
    draft.stop_timer(timer.id)
    id = timer.session
    part = draft.get("part", id)
    if not isinstance(part, Part):
        return
    draft.put("part", id, None)
    there = Pieces(part.parts, {int(n): text for n, text in part.texts.items()}).text(GAP)
    fact = TextReceived(
        part.carrier, part.service_number, part.customer_number, there, f"incomplete {id} {part.first_at}"
    )
    receive_text(draft, fact, fact.key, incomplete=True)


def forget_seen(draft: Draft, carrier: str, keys: tuple[str, ...]) -> None:
    """Acknowledgements are proven: the keys that guarded them go."""
    for key in keys:
        id = f"{carrier} {key}"
        if isinstance(draft.get("seen", id), Seen):
            draft.put("seen", id, None)
