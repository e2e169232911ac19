"""The attached data of a gateway (A§2.2), written when a session begins."""

from datetime import UTC, datetime

from smsdesk.carriers import TextReceived
from smsdesk.core.contact import Contact
from smsdesk.core.user_data import UserData, raw

SUBMITTED_BY = "smsdesk"


def gateway_keys(
    fact: TextReceived,
    service: str,
    customer: str,
    contact: Contact | None,
    text: str,
    now: int,
    identify_create_contact: int,
) -> UserData:
    """Keys in the documented order; numbers of SMPP as strings, as the samples show them. Without a contact
    there is no `ContactId`.
    """
    created = datetime.fromtimestamp(now / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S") + f".{now % 1000:03d}Z"
    values: dict[str, str] = {
        "IdentifyCreateContact": str(identify_create_contact),
        "ContactId": contact.id if contact else "",
        "MediaType": "smssession",
        "PhoneNumber": customer,
        "FromAddr": customer.removeprefix("+"),
        "ToAddr": service.removeprefix("+"),
        "Subject": text[:25],
        "_smsSrcNumber": fact.customer_number,
        "_smsDestNumber": fact.service_number,
        "_smsSrcAddrTon": str(fact.source_ton),
        "_smsSrcAddrNpi": str(fact.source_npi),
        "_smsDestAddrTon": str(fact.destination_ton),
        "_smsDestAddrNpi": str(fact.destination_npi),
        "_smsText": text[:1000],
        "_smsSeqNumber": str(fact.sequence),
        "_smsInbDataEnc": str(fact.data_coding),
        "_umsChannel": fact.carrier,
        "_umsInboundIxnSubmittedBy": SUBMITTED_BY,
        "_msg_CreatedAt": created,
    }
    if contact:
        values |= {"FirstName": contact.first_name, "LastName": contact.last_name}
        values["EmailAddress"] = contact.email
    unset = ("ContactId", "FirstName", "LastName", "EmailAddress")
    return {key: raw(value) for key, value in values.items() if value or key not in unset}
