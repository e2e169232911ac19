"""What becomes of outbound texts: tries, submissions, receipts; every change is told as MessageUpdated (SPEC
6.3, 6.4).
"""

from msgspec.structs import replace

from smsdesk.carriers import ReceiptReceived, Submission
from smsdesk.core.draft import Draft
from smsdesk.core.events import Tell
from smsdesk.core.message import FINAL_DELIVERY, Delivery, DeliveryState
from smsdesk.core.outgoing import OutgoingText, SentText

_STATES: dict[str, DeliveryState] = {
    "Queued": "Queued",
    "Sent": "Sent",
    "Delivered": "Delivered",
    "Failed": "Failed",
    "Expired": "Expired",
    "Unknown": "Unknown",
}


def begin_try(draft: Draft, id: str) -> OutgoingText | None:
    """An attempt is committed before it is made; None when there is nothing left to try."""
    text = draft.get("outgoing", id)
    if not isinstance(text, OutgoingText) or text.state not in ("queued", "trying"):
        return None
    text = replace(text, state="trying", attempt=text.attempt + 1)
    draft.put("outgoing", id, text)
    return text


def record_submission(draft: Draft, id: str, result: Submission) -> None:
    """What came of a try: sent, to be tried again, or refused for good."""
    text = draft.get("outgoing", id)
    if not isinstance(text, OutgoingText):
        return
    ids = (*text.carrier_ids, *result.carrier_ids)
    for carrier_id in result.carrier_ids:
        sent = f"{text.carrier} {carrier_id}"
        draft.put("sent", sent, SentText(sent, text.id, draft.now))
    if result.outcome == "sent":
        text = replace(text, state="sent", carrier_ids=ids, parts=result.parts)
        text = show(draft, text, Delivery("Sent", result.parts, draft.now))
    elif result.outcome == "refused":
        text = replace(text, state="failed", carrier_ids=ids, parts=result.parts)
        text = show(draft, text, Delivery("Failed", result.parts, draft.now, result.error))
    else:
        text = replace(
            text, state="queued", carrier_ids=ids, sent_parts=text.sent_parts + len(result.carrier_ids)
        )
    draft.put("outgoing", id, text)


def give_up(draft: Draft, id: str, error: str) -> None:
    """A crash hid what came of a try, and the carrier's setting says not to send again: Unknown, for people
    to look at.
    """
    text = draft.get("outgoing", id)
    if isinstance(text, OutgoingText):
        text = show(draft, replace(text, state="failed"), Delivery("Unknown", text.parts, draft.now, error))
        draft.put("outgoing", id, text)


def record_receipt(draft: Draft, fact: ReceiptReceived) -> bool:
    """A receipt for one part; the message takes the state when all parts have it, a failure at once. False:
    unknown id.
    """
    sent = draft.get("sent", f"{fact.carrier} {fact.carrier_id}")
    if not isinstance(sent, SentText):
        return False
    text = draft.get("outgoing", sent.text)
    if not isinstance(text, OutgoingText):
        return False
    state = _STATES.get(fact.state, "Unknown")
    text = replace(text, receipts={**text.receipts, fact.carrier_id: state})
    whole = text.state == "sent" and all(text.receipts.get(id) == state for id in text.carrier_ids)
    if whole or state in ("Failed", "Expired"):
        text = show(draft, text, Delivery(state, text.parts, draft.now, fact.error))
    draft.put("outgoing", text.id, text)
    return True


def show(draft: Draft, text: OutgoingText, delivery: Delivery) -> OutgoingText:
    """Put the delivery state on the transcript entry and tell those who see it. A final state never goes
    back (SPEC 6.3).
    """
    if text.entry.delivery and text.entry.delivery.state in FINAL_DELIVERY:
        return text
    entry = replace(text.entry, delivery=delivery)
    session = draft.session(text.session)
    draft.messages.append((session.id, entry))
    draft.tell_all(session, Tell("updated", first=entry.index, last=entry.index))
    draft.close(session, "DeliveryChanged")
    return replace(text, entry=entry)
