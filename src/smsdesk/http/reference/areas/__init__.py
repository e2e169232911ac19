"""Bodies and replies of the resources around the sessions, as structs: only to be described, one module for
each area. Tests hold them to what is really answered.
"""

from msgspec import Struct

from smsdesk.http.reference.areas import contacts, provisioning
from smsdesk.http.reference.areas.alarms import ALARMS
from smsdesk.http.reference.areas.dispositions import DISPOSITIONS
from smsdesk.http.reference.areas.figures import FIGURES
from smsdesk.http.reference.areas.history import HISTORY
from smsdesk.http.reference.areas.login import LOGIN
from smsdesk.http.reference.areas.responses import RESPONSES
from smsdesk.http.reference.areas.routing import ROUTING
from smsdesk.http.reference.areas.settings import SETTINGS
from smsdesk.http.reference.areas.strategies import STRATEGIES
from smsdesk.http.reference.areas.work import WORK

AREAS: tuple[type[Struct], ...] = (
    *(*provisioning.REPLIES, *WORK, *LOGIN, *FIGURES, *SETTINGS, *HISTORY),
    *contacts.SHAPES,
    *(*DISPOSITIONS, *RESPONSES, *STRATEGIES, *ALARMS, *ROUTING),
)
