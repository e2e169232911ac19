"""Which of the free agents of a phase gets an interaction (SPEC 3, 5.3, A§4.3)."""

from smsdesk.core.centre import Policy
from smsdesk.core.interaction import Interaction
from smsdesk.routing.buckets import Bucket
from smsdesk.routing.rules import fits
from smsdesk.routing.seats import Entry, Seat


def choose(bucket: Bucket, interaction: Interaction, policy: Policy, now: int) -> Seat | None:
    """The first of those who are free, not in the session and did not just reject it. With shares: of the
    target that is furthest behind its own.
    """

    def may_have(seat: Seat) -> bool:
        there = seat.has(interaction.session)
        return fits(interaction, seat.agent.id, there, policy, now)

    order = bucket.phase.order
    found = [target.first(order, may_have) for target in bucket.targets]
    shares = bucket.phase.shares
    if order == "percentage" and shares:
        able = [n for n, entry in enumerate(found) if entry is not None and shares[n]]
        if able:
            return _take_turn(bucket, able, found)
    best = min((entry for entry in found if entry is not None), default=None)
    return best[4] if best else None


def _take_turn(bucket: Bucket, able: list[int], found: list[Entry | None]) -> Seat | None:
    """Each target that has somebody is credited its share; the one with most pays for all. A target that had
    nobody for a while catches nothing up.
    """
    shares, credit = bucket.phase.shares, bucket.credit
    for n in able:
        credit[n] += shares[n]
    chosen = max(able, key=lambda n: (credit[n], -n))
    credit[chosen] -= sum(shares[n] for n in able)
    entry = found[chosen]
    return entry[4] if entry else None
