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
    """Keep one part; the last to come makes it a text. A duplicate changes nothing. Raises UnknownNumber.

    Phones count to 255 and begin anew: another text at a place that is taken belongs to the next text.
    """
    number = service_number(draft, fact)
    seen_id = f"{fact.carrier} {fact.key}"
    seen = draft.get("seen", seen_id)
    if isinstance(seen, Seen):
        return seen.text
    id = f"{fact.carrier} {fact.service_number} {fact.customer_number} {fact.reference} {fact.parts}"
    part = draft.get("part", id)
    if isinstance(part, Part) and part.texts.get(str(fact.part), fact.text) != fact.text:
        _give_incomplete(draft, part, f"incomplete {id} before {fact.key}")
        part = None
    if not isinstance(part, Part):
        draft.start_timer(Timer(f"parts:{id}", "parts", id, draft.now + draft.policy.parts_wait))
        part = Part(
            id,
            fact.carrier,
            number.number,
            canonical(fact.customer_number, fact.source_ton, draft.policy.default_region),
            fact.reference or 0,
            fact.parts,
            {},
            draft.now,
        )
    part = replace(part, texts=part.texts | {str(fact.part): fact.text})
    if len(part.texts) < part.parts:
        draft.put("part", id, part)
        draft.put("seen", seen_id, Seen(seen_id, fact.carrier, draft.now, text_id, not fact.keep_key))
        return text_id
    _forget(draft, part)
    whole = join([part.texts[str(n)] for n in range(1, part.parts + 1)])
    return receive_text(draft, replace(fact, text=whole, part=1, parts=1), text_id)


def parts_over(draft: Draft, timer: Timer) -> None:
    """The missing parts did not come within the time limit: what is there is delivered, marked incomplete."""
    part = draft.get("part", timer.session)
    if isinstance(part, Part):
        _give_incomplete(draft, part, f"incomplete {part.id} {part.first_at}")
    else:
        draft.stop_timer(timer.id)


def _give_incomplete(draft: Draft, part: Part, key: str) -> None:
    _forget(draft, part)
    there = Pieces(part.parts, {int(n): text for n, text in part.texts.items()}).text(GAP)
    fact = TextReceived(part.carrier, part.service_number, part.customer_number, there, key)
    receive_text(draft, fact, key, incomplete=True)


def _forget(draft: Draft, part: Part) -> None:
    draft.put("part", part.id, None)
    draft.stop_timer(f"parts:{part.id}")


def forget_seen(draft: Draft, carrier: str, keys: tuple[str, ...]) -> None:
    """Acknowledgements are proven: the keys that guarded them go."""
    for key in keys:
        id = f"{carrier} {key}"
        if isinstance(draft.get("seen", id), Seen):
            draft.put("seen", id, None)
