"""The table of paths: what is served where, with the aliases of SPEC 1.2. Reading it is reading the API."""

import re
from collections.abc import Mapping

from smsdesk.http.access_control import AccessControl
from smsdesk.http.agent_states import AgentStates
from smsdesk.http.alarms import AlarmEndpoints
from smsdesk.http.api_keys import ApiKeys
from smsdesk.http.app import Route
from smsdesk.http.audit import AuditLog
from smsdesk.http.business_hours import BusinessHoursEndpoints
from smsdesk.http.contact_server import ContactServer
from smsdesk.http.directory import Directories
from smsdesk.http.dispositions import DispositionEndpoints
from smsdesk.http.exchange import Endpoint
from smsdesk.http.features import Features
from smsdesk.http.health import Health
from smsdesk.http.history import History
from smsdesk.http.me import Me
from smsdesk.http.ops import Ops
from smsdesk.http.provisioning import Collection, Provisioning, collections
from smsdesk.http.reference.endpoints import Reference
from smsdesk.http.responses import ResponseEndpoints
from smsdesk.http.routing import RoutingEndpoints
from smsdesk.http.scenario import Scenario
from smsdesk.http.settings import Settings
from smsdesk.http.simulator import SimulatorEndpoints
from smsdesk.http.smssessions import SmsSessions
from smsdesk.http.statistics import StatisticsEndpoints
from smsdesk.http.strategies import StrategyCheck
from smsdesk.http.subresources import Subresources
from smsdesk.http.ucs_contacts import UcsContacts
from smsdesk.http.users import Users
from smsdesk.http.webhooks import WebhookEndpoints
from smsdesk.operations.provisioning.kinds import BY_PLURAL

API = "/api/v2"
_SESSIONS = r"(?:smssessions|smsessions|smsssession)"
_MINE = rf"/(?:me/)?{_SESSIONS}"
_ID = r"(?P<id>[0-9A-Za-z]{1,64})"
_USER = r"/users/(?P<user>[0-9A-Za-z-]{1,64})"
_STATE = r"(?P<state>[A-Za-z0-9_-]{1,64})"
_SECTION = r"(?P<section>[A-Za-z0-9][A-Za-z0-9._-]{0,63})"
_SETTING = r"(?P<setting>[^/]{1,255})"
_CHANNEL = r"channels/(?P<channel>[A-Za-z0-9_-]{1,64})"


_LISTS = ("channels", "skills", "devices", "calls", "chats", "interactions", "workbins")


def api_routes(
    sessions: SmsSessions,
    me: Me,
    subresources: Subresources,
    agent_states: AgentStates,
    features: Features,
    ops: Ops,
    dispositions: DispositionEndpoints,
) -> list[Route]:
    """Everything below `/api/v2`, and what watches the server."""
    return [
        route(API + "/me/groups", GET=dispositions.listing_or(subresources.mine("groups"))),
        route(API + _MINE, GET=sessions.listing),
        route(f"{API}{_MINE}/{_ID}", GET=sessions.one, POST=sessions.operate),
        route(f"{API}{_MINE}/{_ID}/messages", GET=sessions.messages),
        route(API + "/me", GET=me.me, POST=me.operate_me),
        *(route(f"{API}/me/{name}", GET=subresources.mine(name)) for name in _LISTS),
        route(f"{API}/me/{_CHANNEL}", GET=me.channel, POST=me.operate_channel),
        route(f"{API}{_USER}/skills", GET=subresources.others("skills")),
        route(f"{API}{_USER}/channels", GET=subresources.others("channels")),
        route(f"{API}{_USER}/{_CHANNEL}", GET=me.channel, POST=me.operate_channel),
        route(f"{API}{_USER}/{_SESSIONS}/{_ID}", POST=me.intrude),
        route(API + "/settings/agent-states", GET=agent_states.listing, POST=agent_states.create),
        route(
            f"{API}/settings/agent-states/{_STATE}",
            GET=agent_states.one,
            PUT=agent_states.replace,
            DELETE=agent_states.delete,
        ),
        route(API + "/features", GET=features.listing),
        route(API + r"/features/(?P<id>[0-9A-Za-z-]{1,64})", GET=features.one),
        route(API + "/system/features", GET=features.system),
        route(API + "/diagnostics/version", GET=ops.version),
        route("/healthz", GET=ops.healthz),
        route("/readyz", GET=ops.readyz),
    ]


def login_routes(keys: ApiKeys, access: AccessControl) -> list[Route]:
    """Who may come in: API keys, and pages of other origins."""
    return [
        route(API + "/api-keys", GET=keys.listing, POST=keys.create),
        route(f"{API}/api-keys/{_ID}", GET=keys.one, DELETE=keys.delete),
        route(
            API + "/settings/access-control",
            GET=access.read,
            POST=access.create,
            PUT=access.replace,
            DELETE=access.delete,
        ),
    ]


def settings_routes(settings: Settings) -> list[Route]:
    """Settings of the contact centre and of users; behind those that have an address of their own."""
    return [
        route(API + "/settings", GET=settings.groups, POST=settings.create_section),
        route(API + "/settings/general-settings", GET=settings.general),
        route(API + "/settings/dispositions", GET=settings.dispositions),
        *_sections(API + "/settings", settings),
        route(API + "/me/settings", GET=settings.listing, POST=settings.create_section),
        *_sections(API + "/me/settings", settings),
        route(f"{API}{_USER}/settings", GET=settings.listing, POST=settings.create_section),
        *_sections(f"{API}{_USER}/settings", settings),
    ]


def _sections(place: str, settings: Settings) -> list[Route]:
    """What stands below a list of sections."""
    return [
        route(
            f"{place}/{_SECTION}",
            GET=settings.section,
            POST=settings.create_setting,
            DELETE=settings.remove_section,
        ),
        route(
            f"{place}/{_SECTION}/{_SETTING}",
            GET=settings.setting,
            PUT=settings.replace_setting,
            DELETE=settings.remove_setting,
        ),
    ]


def provisioning_routes(
    provisioning: Provisioning,
    users: Users,
    dispositions: DispositionEndpoints,
    responses: ResponseEndpoints,
    webhooks: WebhookEndpoints,
) -> list[Route]:
    """The configured contact centre (SPEC 5.5)."""
    groups = Collection(provisioning, BY_PLURAL["groups"])
    readers = {
        "users": (users.listing, users.one),
        "groups": (dispositions.listing_or(groups.listing), dispositions.one_or(groups.one)),
        "business-attributes": (dispositions.attributes, dispositions.attribute),
        "categories": (responses.categories, responses.category),
        "responses": (responses.listing, responses.one),
    }
    hours = BusinessHoursEndpoints(provisioning)
    operations = {
        "responses": responses.operate,
        "webhooks": webhooks.operate,
        "business-hours": hours.operate,
    }
    return [
        route(
            API + r"/groups/(?P<group>[^/]{1,64})/dispositions",
            GET=dispositions.inside,
            POST=dispositions.create,
        ),
        route(API + "/strategies/check", POST=StrategyCheck(provisioning).check),
        *(route(API + path, **ends) for path, ends in collections(provisioning, readers, operations)),
        route(API + "/provisioning", GET=provisioning.export, POST=provisioning.apply),
    ]


def response_routes(responses: ResponseEndpoints, server: ContactServer) -> list[Route]:
    """Standard responses, beside what is provisioned of them."""
    platform = f"{API}/platform/contactserver"
    mine = API + r"/me/favorite-responses"
    return [
        route(API + "/responses/usage", GET=responses.usage),
        route(mine, GET=responses.favorites),
        route(
            mine + r"/(?P<response>[0-9A-Za-z-]{1,64})",
            PUT=responses.add_favorite,
            DELETE=responses.remove_favorite,
        ),
        route(f"{platform}/(?:RequestGetRootCategories|GetRootCategories)", POST=server.root_categories),
        route(
            f"{platform}/(?:RequestGetApprovedRootCategories|GetApprovedRootCategories)",
            POST=server.approved_root_categories,
        ),
        route(f"{platform}/RequestGetCategory", POST=server.category),
        route(f"{platform}/RequestGetStandardResponse", POST=server.standard_response),
    ]


def figures_routes(health: Health, statistics: StatisticsEndpoints) -> list[Route]:
    """How everything stands: services, queues, agents; the last two also in the shape of the older API."""
    object = r"(?P<object>[0-9A-Za-z-]{1,64})"
    return [
        route(API + "/services", GET=health.listing),
        route(API + r"/services/(?P<service>[0-9A-Za-z_.-]{1,80})", GET=health.one),
        route(API + "/statistics/queues", GET=statistics.queues),
        route(API + r"/statistics/queues/(?P<queue>[0-9A-Za-z-]{1,64})", GET=statistics.queue),
        route(API + "/statistics/agents", GET=statistics.agents),
        route(API + r"/statistics/agents/(?P<user>[0-9A-Za-z-]{1,64})", GET=statistics.agent),
        route(f"/api/v1/stats/{object}", GET=statistics.older),
        route(f"/api/v1/stats/{object}/(?P<statistic>[0-9A-Za-z]{{1,64}})", GET=statistics.older),
    ]


def alarm_routes(alarms: AlarmEndpoints, webhooks: WebhookEndpoints) -> list[Route]:
    """Alarms, and who else is told of them; webhooks themselves are provisioned."""
    webhook = API + r"/webhooks/(?P<webhook>[0-9A-Za-z-]{1,64})"
    return [
        route(API + "/alarms", GET=alarms.listing),
        route(API + r"/alarms/(?P<alarm>[0-9A-Za-z]{1,64})", GET=alarms.one),
        route(f"{webhook}/deliveries", GET=webhooks.deliveries),
        route(
            webhook + r"/deliveries/(?P<delivery>[0-9A-Za-z]{1,64})",
            GET=webhooks.delivery,
            POST=webhooks.operate_delivery,
        ),
    ]


def routing_routes(routing: RoutingEndpoints) -> list[Route]:
    """Why an interaction goes to somebody or to nobody."""
    return [route(f"{API}/interactions/{_ID}/routing", GET=routing.explained)]


def history_routes(history: History, audit: AuditLog) -> list[Route]:
    """The history of the house and of its customers, and who did what (A§1.3, A§1.4)."""
    one = API + rf"/(?:ucs/)?interactions/{_ID}"
    contact = API + r"/ucs/contacts/(?P<contact>[0-9A-Za-z]{1,64})/interactions"
    return [
        route(API + "/ucs/interactions", GET=history.listing, POST=history.retrieve),
        route(one, GET=history.one, POST=history.operate),
        route(one + "/messages", GET=history.messages),
        route(contact, GET=history.contact_listing, POST=history.retrieve_contact),
        route(API + "/audit", GET=audit.listing),
    ]


def contact_routes(directory: Directories, customers: UcsContacts) -> list[Route]:
    """The directory, and the customers (A§1.1, A§1.2)."""
    entry = API + r"/contacts/(?P<entry>[0-9A-Za-z-]{1,64})"
    one = API + r"/ucs/contacts/(?P<contact>[0-9A-Za-z]{1,64})"
    return [
        route(API + "/contacts/ucs", POST=customers.identify),
        route(API + "/contacts", GET=directory.listing, POST=directory.create),
        route(entry, GET=directory.one, PUT=directory.change, DELETE=directory.delete),
        route(API + "/ucs/contacts", GET=customers.listing, POST=customers.create),
        route(API + "/ucs/contacts/import", POST=customers.take_over),
        route(
            one,
            GET=customers.one,
            PUT=customers.change,
            POST=customers.operate,
            DELETE=customers.erase,
        ),
    ]


def simulator_routes(simulator: SimulatorEndpoints, scenario: Scenario | None) -> list[Route]:
    """The phones, and in the demo the situations that can be put on the desk (SPEC 7.4)."""
    routes = [
        route("/simulator/messages", GET=simulator.messages, POST=simulator.messages),
        route("/simulator/receipts", POST=simulator.receipts),
    ]
    if scenario is not None:
        routes.append(route("/simulator/scenario", POST=scenario.put))
        routes.append(route("/simulator/reset", POST=scenario.reset))
    return routes


def reference_routes(reference: Reference) -> list[Route]:
    """The descriptions of all the others; the page made of them is `/docs/`."""
    return [
        route(API + r"/openapi\.json", GET=reference.openapi),
        route(API + r"/asyncapi\.json", GET=reference.asyncapi),
    ]


def route(path: str, **endpoints: Endpoint) -> Route:
    """One path with an endpoint per method."""
    table: Mapping[str, Endpoint] = endpoints
    return re.compile(path), table
