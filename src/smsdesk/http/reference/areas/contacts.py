"""The directory and the customers (C§6.1, A§1.2): bodies, replies and what is notified."""

from typing import Literal

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.objects import Optional, UserState
from smsdesk.http.reference.replies import Done
from smsdesk.operations.contacts.body import ContactBody
from smsdesk.operations.contacts.identify import IdentifyUCSContact
from smsdesk.operations.contacts.merge import Merge
from smsdesk.operations.contacts.table import Mistake
from smsdesk.operations.provisioning.custom import CustomBody
from smsdesk.wire.contacts import ContactShape


class DirectoryNumber(Struct, rename="camel"):
    """A number of an entry of the directory."""

    phone_number: str
    description: str
    switch_name: str


class ChannelAvailability(Struct, rename="camel"):
    """How a user stands on a channel."""

    channel: Literal["smssession"]
    available: bool
    phone_number: str
    user_activity: Literal["Idle", "Busy"]
    user_state: UserState


class Availability(Struct):
    """How a user stands who is logged in."""

    channels: list[ChannelAvailability]


class DirectoryEntry(Struct, rename="camel"):
    """Somebody or something that a session can be handed to."""

    id: str
    name: str
    type: Literal["User", "Queue", "Custom"]
    phone_numbers: list[DirectoryNumber]
    uri: str
    path: str
    phone_number: Optional = UNSET
    channel: Literal["smssession"] | UnsetType = UNSET
    user_name: Optional = UNSET
    first_name: Optional = UNSET
    last_name: Optional = UNSET
    employee_id: Optional = UNSET
    email_address: Optional = UNSET
    business_units: list[str] | UnsetType = UNSET
    roles: list[str] | UnsetType = UNSET
    availability: Availability | UnsetType = UNSET


class Directory(Done, rename="camel"):
    """Entries of the directory."""

    total_count: int
    contacts: list[DirectoryEntry]


class OneEntry(Done):
    """One entry of the directory."""

    contact: DirectoryEntry


class Contacts(Done):
    """A page of the customers: full with `fields`, else their addresses."""

    more: bool
    contacts: list[ContactShape] | UnsetType = UNSET
    uris: list[str] | UnsetType = UNSET


class TakenOver(Done, rename="camel"):
    """What becomes, or would become, of a table."""

    dry_run: bool
    new: int
    completed: int
    equal: int
    collisions: list[Mistake]
    errors: list[Mistake]
    left_out: int


class OneContact(Done):
    """One customer."""

    contact: ContactShape


class ContactIdentified(Struct, rename="camel"):
    """What is told about who a customer is."""

    message_type: Literal["IdentifyUCSContactMessage"]
    reference_id: int
    contact_id: Optional = UNSET
    error_message: Optional = UNSET


SHAPES: tuple[type[Struct], ...] = (
    *(Directory, OneEntry, CustomBody, OneContact, Contacts, ContactBody, Merge, TakenOver),
    *(IdentifyUCSContact, ContactIdentified),
)
