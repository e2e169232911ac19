"""The configured contact centre."""

from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.areas.groups import DispositionGroup
from smsdesk.http.reference.objects import Optional
from smsdesk.http.reference.replies import Done, Uris
from smsdesk.operations.provisioning.attributes import AttributeBody
from smsdesk.operations.provisioning.custom import CustomBody
from smsdesk.operations.provisioning.dispositions import DispositionBody, DispositionGroupBody
from smsdesk.operations.provisioning.groups import GroupBody
from smsdesk.operations.provisioning.queues import HoursBody, NumberBody, QueueBody
from smsdesk.operations.provisioning.responses import CategoryBody, ResponseBody
from smsdesk.operations.provisioning.skills import SkillBody
from smsdesk.operations.provisioning.strategies import StrategyBody
from smsdesk.operations.provisioning.users import UserBody
from smsdesk.operations.provisioning.webhooks import WebhookBody

Names = list[str] | UnsetType


class ProvisionedSkill(Struct, rename="camel"):
    """A skill."""

    id: str
    name: str
    description: Optional = UNSET
    level: Literal["0"] | UnsetType = UNSET
    uri: Optional = UNSET
    path: Optional = UNSET


class ProvisionedGroup(Struct, rename="camel", tag_field="type", tag="BusinessUnit"):
    """A group of agents."""

    id: str
    name: str
    contains: list[str]
    members: Names = UNSET
    supervisors: Names = UNSET
    uri: Optional = UNSET
    path: Optional = UNSET


class Queue(Struct, rename="camel"):
    """A queue."""

    id: str
    name: str
    target: str
    channel: Literal["smssession"]
    strategy: Optional = UNSET
    dispositions: Names = UNSET
    disposition_mandatory: bool | UnsetType = UNSET
    hours: Optional = UNSET
    uri: Optional = UNSET
    path: Optional = UNSET


class ServiceNumber(Struct, rename="camel"):
    """A number that customers text to."""

    id: str
    number: str
    queue: str
    carrier: str
    uri: str
    path: str
    identify_create_contact: int | UnsetType = UNSET


class BusinessHours(Struct, rename="camel"):
    """When a queue is open."""

    id: str
    name: str
    uri: str
    path: str
    time_zone: Optional = UNSET
    regular: Names = UNSET
    exceptions: Names = UNSET


class Collection(Done, rename="camel"):
    """Full resources with `fields`, else their addresses; `totalCount` with `limit` or `offset`."""

    uris: Uris | UnsetType = UNSET
    total_count: int | UnsetType = UNSET


class AllSkills(Collection, rename="camel"):
    """All skills."""

    skills: list[ProvisionedSkill] | UnsetType = UNSET


class OneSkill(Done, rename="camel"):
    """One skill."""

    skill: ProvisionedSkill


class AllGroups(Collection, rename="camel"):
    """All groups."""

    groups: list[ProvisionedGroup | DispositionGroup] | UnsetType = UNSET


class OneGroup(Done, rename="camel"):
    """One group."""

    group: ProvisionedGroup | DispositionGroup


class Queues(Collection, rename="camel"):
    """All queues."""

    queues: list[Queue] | UnsetType = UNSET


class OneQueue(Done, rename="camel"):
    """One queue."""

    queue: Queue


class ServiceNumbers(Collection, rename="camel"):
    """All service numbers."""

    service_numbers: list[ServiceNumber] | UnsetType = UNSET


class OneServiceNumber(Done, rename="camel"):
    """One service number."""

    service_number: ServiceNumber


class AllBusinessHours(Collection, rename="camel"):
    """All business hours."""

    business_hours: list[BusinessHours] | UnsetType = UNSET


class OneBusinessHours(Done, rename="camel"):
    """One set of business hours."""

    business_hours: BusinessHours


class Step(Struct, rename="camel"):
    """One change: `changes` maps fields to what they were and what they are."""

    action: Literal["create", "change", "delete"]
    kind: str
    name: str
    changes: dict[str, tuple[Any, Any]] | UnsetType = UNSET


class Applied(Done, rename="camel"):
    """What was changed by a file, or would be with `dryRun`."""

    dry_run: bool
    steps: list[Step]


class Exported(Done, rename="camel"):
    """Everything that is provisioned, by kind."""

    provisioning: dict[str, list[dict[str, Any]]]


class ProvisioningFile(Struct, rename=lambda name: name.replace("_", "-")):
    """Entries by kind, as TOML or JSON."""

    skills: list[SkillBody] = []
    users: list[UserBody] = []
    groups: list[GroupBody] = []
    business_hours: list[HoursBody] = []
    disposition_groups: list[DispositionGroupBody] = []
    dispositions: list[DispositionBody] = []
    strategies: list[StrategyBody] = []
    queues: list[QueueBody] = []
    service_numbers: list[NumberBody] = []
    business_attributes: list[AttributeBody] = []
    directory_entries: list[CustomBody] = []
    categories: list[CategoryBody] = []
    responses: list[ResponseBody] = []
    webhooks: list[WebhookBody] = []


REPLIES: tuple[type[Struct], ...] = (
    *(AllSkills, OneSkill, AllGroups, OneGroup, Queues, OneQueue, ServiceNumbers, OneServiceNumber),
    *(AllBusinessHours, OneBusinessHours, Applied, Exported, ProvisioningFile),
)
