"""Which of the free agents of a phase gets an interaction (SPEC 3, 5.3, A§4.3)."""

from smsdesk.core.centre import Policy
from smsdesk.core.interaction import Interaction
from smsdesk.routing.buckets import Bucket
from smsdesk.routing.seats import Entry, Seat


def choose(bucket: Bucket, interaction: Interaction, policy: Policy, now: int) -> Seat | None:
    """The first of those who are free, not in the session and did not just reject it. With shares: of the
    target that is furthest behind its own.
    """

    def fits(seat: Seat) -> bool:
        return not seat.has(interaction.session) and not refused(interaction, seat.agent.id, policy, now)

    order = bucket.phase.order
    found = [target.first(order, fits) for target in bucket.targets]
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


def refused(interaction: Interaction, user: str, policy: Policy, now: int) -> bool:
    """Whether the user rejected or missed it so recently that he is not asked again (SPEC 3 Reject)."""
    at = interaction.rejected.get(user)
    return at is not None and now < at + policy.reject_memory
