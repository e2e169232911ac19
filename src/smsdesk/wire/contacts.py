"""The contact of a customer as a JSON shape (SPEC 5.4 [ext]). The names are those of the directory and of the
attached data.
"""

from typing import Any

from msgspec import UNSET, Struct, UnsetType

from smsdesk.core.contact import Contact
from smsdesk.wire.resources import Resources, mapping


class ContactShape(Struct, rename="camel"):
    """A customer. `phone_number` is the first of `phone_numbers`."""

    id: str
    first_name: str
    last_name: str
    title: str
    email_address: str
    phone_numbers: tuple[str, ...]
    language: str
    notes: str
    attributes: dict[str, str]
    created_date: str
    uri: str
    path: str
    phone_number: str | UnsetType = UNSET
    modified_date: str | UnsetType = UNSET
    merged_ids: tuple[str, ...] | UnsetType = UNSET


def contact_shape(resources: Resources, contact: Contact) -> dict[str, Any]:
    """A contact under the names of the API, for `fields` and filters."""
    render, path = resources.timestamps.render, f"/ucs/contacts/{contact.id}"
    return mapping(
        ContactShape(
            contact.id,
            contact.first_name,
            contact.last_name,
            contact.title,
            contact.email,
            contact.all_numbers,
            contact.language,
            contact.notes,
            contact.attributes,
            render(contact.created),
            resources.base + path,
            path,
            contact.number or UNSET,
            render(contact.changed) if contact.changed else UNSET,
            contact.merged or UNSET,
        )
    )
