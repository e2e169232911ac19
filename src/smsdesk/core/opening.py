"""When the queues of the contact centre are open (SPEC 5.3, A§4.6)."""

from smsdesk.core.centre import Centre


def opens(centre: Centre, queue: str, now: int) -> int | None:
    """`now` (UTC milliseconds) while a queue is open, else when it opens next; None when it stays closed for
    a year. A queue without business hours is always open.
    """
    hours = centre.openings.get(queue)
    return now if hours is None else hours.opens(now)


def closes(centre: Centre, queue: str, now: int) -> int | None:
    """`now` while a queue is closed, else when it closes next; None when it stays open for a year."""
    hours = centre.openings.get(queue)
    return None if hours is None else hours.closes(now)


def begins(centre: Centre, queue: str, now: int) -> int | None:
    """When business hours begin next: not those that are now, but the ones after them."""
    closed = closes(centre, queue, now)
    return None if closed is None else opens(centre, queue, closed)
