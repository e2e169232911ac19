"""Groups of dispositions, which are read where groups of agents are, as structs: only to be described."""

from msgspec import UNSET, Struct, UnsetType

Optional = str | UnsetType


class Descriptor(Struct, rename="camel"):
    """What stands for a disposition."""

    id: str
    name: str
    display_name: str
    uri: str
    path: str


class DispositionGroup(Struct, rename="camel", tag_field="type", tag="dispositions"):
    """A group of dispositions among the groups; with `subresources` it comes with what is in it."""

    id: str
    name: str
    contains: list[str]
    default_group: bool
    uri: str
    path: str
    parent_uri: Optional = UNSET
    parent_path: Optional = UNSET
    dispositions: list[Descriptor] | UnsetType = UNSET
    groups: list["DispositionGroup"] | UnsetType = UNSET
