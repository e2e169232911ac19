"""IdentifyUCSContact: who a customer is, by what is known of him (A§1.2, A§1.9). The answer comes as a
notification.
"""

from typing import Any, Literal

import msgspec
from msgspec import UNSET

from smsdesk.core.contact import Contact
from smsdesk.core.draft import Draft
from smsdesk.core.errors import missing
from smsdesk.core.numbers import canonical
from smsdesk.core.user_data import UserData, check, check_size, plain
from smsdesk.operations.base import Operation, check_text
from smsdesk.operations.contacts.body import ContactBody, check_number
from smsdesk.operations.contacts.change import create_contact
from smsdesk.operations.contacts.keeping import contact_of_number

TOPIC = "/v2/ucs/interactions"
MESSAGE_TYPE = "IdentifyUCSContactMessage"
SMS_MEDIA = ("smssession", "sms")
FIELDS = {
    "FirstName": "first_name",
    "LastName": "last_name",
    "Title": "title",
    "EmailAddress": "email_address",
    "PhoneNumber": "phone_number",
    "GCTI_LanguageCode": "language",
}


class IdentifyUCSContact(Operation, frozen=True, tag="IdentifyUCSContact"):
    """At least one of `email_address`, `phone_number` and `last_name`. `media_type`: in SMS the number
    decides before the address, elsewhere the address. `user_data`: further attributes of whoever is created.
    """

    email_address: str | None = None
    phone_number: str | None = None
    last_name: str | None = None
    first_name: str | None = None
    media_type: str | None = None
    create_contact_enabled: Literal["true", "false"] | bool = "false"
    user_data: UserData = msgspec.field(default_factory=dict)

    def check(self) -> None:
        check_text("emailAddress", self.email_address, 255, shortest=0)
        check_text("lastName", self.last_name, 255, shortest=0)
        check_text("firstName", self.first_name, 255, shortest=0)
        check_text("mediaType", self.media_type, 255, shortest=0)
        if self.phone_number:
            check_number("phoneNumber", self.phone_number)
        check(self.user_data)
        check_size(self.user_data)
        wanted = self.wanted()
        wanted.check()
        if wanted.email_address is wanted.phone_number is wanted.last_name is UNSET:
            raise missing("emailAddress, phoneNumber or lastName")

    @property
    def creates(self) -> bool:
        """Whether somebody unknown becomes a contact."""
        return self.create_contact_enabled in ("true", True)

    @property
    def address(self) -> str:
        """The e-mail address, if one is given."""
        address = self.wanted().email_address
        return "" if address is UNSET else address.strip()

    @property
    def name_words(self) -> list[str]:
        """The words of the names, where nothing else is known."""
        wanted = self.wanted()
        if wanted.email_address is not UNSET or wanted.phone_number is not UNSET:
            return []
        names = (wanted.first_name, wanted.last_name)
        return [word for name in names if name is not UNSET for word in name.split()]

    def wanted(self) -> ContactBody:
        """The contact that would be created. Raises Refused 10."""
        known = {key: value for key, value in plain(self.user_data).items() if value not in ("", None)}
        fields: dict[str, Any] = {}
        for key, name in FIELDS.items():
            if key in known:
                fields[name] = _text(known.pop(key))
        given = {
            "email_address": self.email_address,
            "phone_number": self.phone_number,
            "last_name": self.last_name,
            "first_name": self.first_name,
        }
        fields |= {name: value for name, value in given.items() if value}
        return ContactBody(**fields, attributes={key: _text(value) for key, value in known.items()})

    def apply(self, draft: Draft, candidates: list[str]) -> int:
        """Find or create, and tell the caller who it is; returns the referenceId. `candidates`: ids of
        contacts that had the address or the name a moment ago.
        """
        reference = draft.reference()
        found = self._found(draft, candidates)
        if not found and self.creates:
            found = [create_contact(draft, self.wanted())]
        answer: dict[str, Any] = {"messageType": MESSAGE_TYPE, "referenceId": reference}
        if len(found) == 1:
            answer["contactId"] = found[0].id
        else:
            why = f"{len(found)} contacts match" if found else "no contact matches"
            answer["errorMessage"] = f"UCS request failed: {why}"
        assert draft.actor is not None
        draft.tell_data(draft.actor, TOPIC, answer, "ContactIdentified")
        return reference

    def _found(self, draft: Draft, candidates: list[str]) -> list[Contact]:
        """The strongest attribute that finds anybody decides; weaker ones tell apart (A§1.9)."""
        wanted = self.wanted()
        others = [c for id in candidates if isinstance(c := draft.get("contact", id), Contact)]
        by_number = []
        if wanted.phone_number is not UNSET:
            number = canonical(wanted.phone_number, 0, draft.policy.default_region)
            by_number = [c for c in (contact_of_number(draft, number),) if c is not None]
        address = self.address.lower()
        by_address = [c for c in others if address and c.email.lower() == address]
        sms = self.media_type in SMS_MEDIA
        levels = [by_number, by_address] if sms else [by_address, by_number]
        found = levels[0] or levels[1]
        named = [c for c in found or others if _named(wanted, c)]
        if not found and not address and wanted.phone_number is UNSET:
            return named
        for weaker in (levels[1], named):
            if len(found) > 1:
                found = [c for c in found if c in weaker] or found
        return found


def _named(wanted: ContactBody, contact: Contact) -> bool:
    """Whether a contact has the names that are given."""
    names = ((wanted.first_name, contact.first_name), (wanted.last_name, contact.last_name))
    given = [(name, there) for name, there in names if name is not UNSET]
    return bool(given) and all(name.casefold() == there.casefold() for name, there in given)


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
