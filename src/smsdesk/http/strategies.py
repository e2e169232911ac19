"""POST /strategies/check [ext]: what a strategy comes to, without keeping it (SPEC 5.3)."""

from typing import Any

from smsdesk.core.errors import Fault, Refused, invalid
from smsdesk.core.strategy import OWN, Strategy
from smsdesk.core.strategy_words import Line, in_words
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.provisioning import READ, Provisioning, fields_of
from smsdesk.operations.provisioning.change import read_body
from smsdesk.operations.provisioning.kinds import BY_KIND
from smsdesk.operations.provisioning.strategies import check_circle, plain
from smsdesk.operations.provisioning.strategy_names import name_mistakes


class StrategyCheck:
    """The endpoint."""

    def __init__(self, house: Provisioning) -> None:
        self._house = house

    async def check(self, request: Request) -> Reply:
        """The timeline in words; `queue` names the queue it is for. Raises Refused 10 with every mistake."""
        caller = await self._house.caller(request, READ)
        body: Any = read_body(BY_KIND["strategy"], fields_of(await request.body()))
        view = self._house.view()
        name = request.query.get("queue")
        queue = view.named("queue", name) if name is not None else None
        if name is not None and queue is None:
            raise invalid("queue", f"names {name[:80]!r}, which is no queue")
        self._house.check_admin(caller)
        strategy: Strategy = plain(body)
        mistakes = name_mistakes(strategy, view)
        if mistakes:
            raise Refused(Fault.INVALID, "; ".join(mistakes))
        check_circle(view, strategy=strategy)
        return done(
            {"timeline": [_line(line) for line in in_words(strategy, queue.target if queue else OWN)]}
        )


def _line(line: Line) -> dict[str, Any]:
    return ({"after": line.at} if line.at is not None else {}) | {"words": line.words}
