"""Makes the endpoints and lays out the table of their paths. Knows no store, no carrier, no settings file."""

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from smsdesk import __version__
from smsdesk.core.responses import languages
from smsdesk.http import routes
from smsdesk.http.access_control import AccessControl
from smsdesk.http.agent_states import AgentStates
from smsdesk.http.alarms import AlarmEndpoints
from smsdesk.http.api_keys import ApiKeys
from smsdesk.http.app import Route
from smsdesk.http.audit import AuditLog
from smsdesk.http.auth import Auth
from smsdesk.http.contact_server import ContactServer
from smsdesk.http.directory import Directories
from smsdesk.http.dispositions import DispositionEndpoints
from smsdesk.http.features import Features
from smsdesk.http.health import Health
from smsdesk.http.history import History
from smsdesk.http.logins import Logins
from smsdesk.http.me import Me, NextFor
from smsdesk.http.notifications import Notifications
from smsdesk.http.ops import Ops
from smsdesk.http.provisioning import Provisioning
from smsdesk.http.responses import ResponseEndpoints
from smsdesk.http.routing import RoutingEndpoints
from smsdesk.http.settings import Settings, SystemSettings
from smsdesk.http.smssessions import SmsSessions
from smsdesk.http.statistics import Figures, StatisticsEndpoints
from smsdesk.http.subresources import Subresources
from smsdesk.http.ucs_contacts import UcsContacts
from smsdesk.http.users import Users
from smsdesk.http.webhooks import WebhookEndpoints
from smsdesk.operations.perform import Performer
from smsdesk.wire.health import Service
from smsdesk.wire.resources import Resources


class Parts(NamedTuple):
    """What endpoints are made of. `carriers`: names of those that run. `next_for`: what routing would give a
    user next; `position`: where an interaction stands in its queue.
    """

    performer: Performer
    auth: Auth
    resources: Resources
    notifications: Notifications
    services: Callable[[], Awaitable[list[Service]]]
    figures: Figures
    carriers: frozenset[str]
    system: SystemSettings
    next_for: NextFor
    position: Callable[[str], int | None]
    stopping: Callable[[], bool]


class Table(NamedTuple):
    """All routes but those of the simulator and of the reference; and what the hot paths and CORS need."""

    routes: list[Route]
    sessions: SmsSessions
    access: AccessControl


def make_table(parts: Parts) -> Table:
    """Make them all."""
    ours = parts.performer, parts.auth, parts.resources
    performer, auth, resources = ours
    sessions = SmsSessions(*ours)
    own = Settings(*ours, parts.system)
    subresources = Subresources(*ours, sessions, own)
    logins = Logins(performer, auth, parts.notifications, resources)
    me = Me(*ours, sessions, subresources, logins, parts.next_for)
    access = AccessControl(performer, auth)
    provisioning = Provisioning(*ours, parts.carriers, parts.notifications.ending)
    dispositions = DispositionEndpoints(provisioning, performer, resources.base, languages)
    responses = ResponseEndpoints(*ours, sessions)
    webhooks = WebhookEndpoints(*ours)
    ops = Ops(performer, __version__, parts.stopping)
    table = [
        *routes.api_routes(
            sessions, me, subresources, AgentStates(*ours), Features(*ours), ops, dispositions
        ),
        *routes.login_routes(ApiKeys(*ours, logins), access),
        *routes.settings_routes(own),
        *routes.response_routes(responses, ContactServer(auth, responses)),
        *routes.provisioning_routes(
            provisioning, Users(*ours, subresources), dispositions, responses, webhooks
        ),
        *routes.figures_routes(
            Health(parts.services, auth, resources.base), StatisticsEndpoints(performer, auth, parts.figures)
        ),
        *routes.alarm_routes(AlarmEndpoints(*ours), webhooks),
        *routes.routing_routes(RoutingEndpoints(*ours, parts.position)),
        *routes.history_routes(History(*ours), AuditLog(*ours)),
        *routes.contact_routes(Directories(*ours, provisioning), UcsContacts(*ours)),
    ]
    return Table(table, sessions, access)
