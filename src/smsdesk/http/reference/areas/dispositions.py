"""Dispositions and business attributes, as structs: only to be described."""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from smsdesk.http.reference.areas.groups import Descriptor
from smsdesk.http.reference.areas.provisioning import Collection
from smsdesk.http.reference.replies import Done
from smsdesk.operations.provisioning.attributes import AttributeBody
from smsdesk.operations.provisioning.dispositions import DispositionBody, DispositionGroupBody

Optional = str | UnsetType


class DispositionGroupByPath(Struct):
    """A group of dispositions, named by its path."""

    id: str
    name: str
    uri: str
    path: str


class DispositionGroups(Collection, rename="camel"):
    """All groups of dispositions."""

    disposition_groups: list[DispositionGroupByPath] | UnsetType = UNSET


class OneDispositionGroup(Done, rename="camel"):
    """One group of dispositions."""

    disposition_group: DispositionGroupByPath


class ProvisionedDisposition(Struct, rename="camel"):
    """A disposition, as it was written."""

    id: str
    name: str
    uri: str
    path: str
    display_name: Optional = UNSET
    group: Optional = UNSET


class Dispositions(Collection):
    """All dispositions."""

    dispositions: list[ProvisionedDisposition] | UnsetType = UNSET


class OneDisposition(Done):
    """One disposition."""

    disposition: ProvisionedDisposition


class Descriptors(Collection):
    """The dispositions of a group."""

    dispositions: list[Descriptor] | UnsetType = UNSET


class AttributeChoice(Struct, rename="camel"):
    """One value of a business attribute."""

    name: str
    display_name: str
    description: str
    user_properties: list[dict[str, Any]]
    default: bool


class BusinessAttribute(Struct, rename="camel"):
    """A list of values."""

    id: str
    name: str
    display_name: str
    description: str
    user_properties: list[dict[str, Any]]
    values: list[AttributeChoice]
    uri: str
    path: str


class BusinessAttributes(Collection, rename="camel"):
    """All business attributes."""

    business_attributes: list[BusinessAttribute] | UnsetType = UNSET


class OneBusinessAttribute(Done, rename="camel"):
    """One business attribute."""

    business_attribute: BusinessAttribute


DISPOSITIONS: tuple[type[Struct], ...] = (
    *(DispositionGroups, OneDispositionGroup, Dispositions, OneDisposition, Descriptors),
    *(BusinessAttributes, OneBusinessAttribute),
    *(DispositionGroupBody, DispositionBody, AttributeBody),
)
