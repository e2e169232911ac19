"""The table of everything that is provisioned, in the order of a file: what is referred to comes first."""

from typing import Any

from smsdesk.core.draft import Draft
from smsdesk.operations.provisioning.agent_states import AgentStates
from smsdesk.operations.provisioning.attributes import Attributes
from smsdesk.operations.provisioning.custom import CustomEntries
from smsdesk.operations.provisioning.dispositions import DispositionGroups, Dispositions
from smsdesk.operations.provisioning.groups import Groups
from smsdesk.operations.provisioning.kind import ProvisionedKind, Surroundings, View
from smsdesk.operations.provisioning.queues import Hours, Numbers, Queues
from smsdesk.operations.provisioning.responses import Categories, Responses
from smsdesk.operations.provisioning.skills import Skills
from smsdesk.operations.provisioning.strategies import Strategies
from smsdesk.operations.provisioning.users import Users
from smsdesk.operations.provisioning.webhooks import Webhooks

TABLE: tuple[ProvisionedKind[Any, Any], ...] = (
    Skills(),
    Users(),
    AgentStates(),
    Groups(),
    Hours(),
    DispositionGroups(),
    Dispositions(),
    Strategies(),
    Queues(),
    Numbers(),
    Attributes(),
    CustomEntries(),
    Categories(),
    Responses(),
    Webhooks(),
)
BY_KIND = {row.kind: row for row in TABLE}
BY_PLURAL = {row.plural: row for row in TABLE}


def view_of(draft: Draft, surroundings: Surroundings) -> View:
    """The newest records, to be changed by this draft."""
    return View(draft.newest.all, BY_KIND, surroundings, draft.now)
