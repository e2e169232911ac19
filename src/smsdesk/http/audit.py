"""The audit log, for administrators [ext] (SPEC 3, supervisors)."""

from smsdesk.core import moments
from smsdesk.core.errors import Fault, Refused
from smsdesk.core.outgoing import Audit
from smsdesk.http.auth import Auth
from smsdesk.http.exchange import Reply, Request, done
from smsdesk.http.history import page
from smsdesk.operations.history.criteria import Span
from smsdesk.operations.history.reading import Reading
from smsdesk.operations.perform import Performer
from smsdesk.wire.history import Histories
from smsdesk.wire.queries import equality, pick
from smsdesk.wire.resources import Resources, mapping


class AuditLog:
    """The endpoint of `/audit`."""

    def __init__(self, performer: Performer, auth: Auth, resources: Resources) -> None:
        self._auth = auth
        self._zone = resources.timestamps.zone
        self._reading = Reading(performer)
        self._shapes = Histories(resources)

    async def listing(self, request: Request) -> Reply:
        """GET a page of the log, the newest lines first, by what they are equal to."""
        caller = await self._auth.caller(request)
        query = request.query
        since, until = query.get("from"), query.get("to")
        span = Span(
            0 if since is None else moments.first("from", since, self._zone),
            moments.EVER if until is None else moments.behind("to", until, self._zone),
            True,
            *page(query),
        )
        if not caller.user.administers:
            raise Refused(Fault.PERMISSION, "only administrators may read the audit log")
        wanted = equality(query, ("from", "to"))

        def keeps(line: Audit) -> bool:
            return wanted(mapping(self._shapes.audit(line)))

        lines, more = await self._reading.audit(span, keeps)
        shapes = [mapping(self._shapes.audit(line)) for line in lines]
        return done({"audit": [pick(shape, query) for shape in shapes], "more": more})
