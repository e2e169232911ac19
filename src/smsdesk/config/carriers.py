"""The settings of carriers and of our numbers: `[[carrier]]` and `[[service_number]]` (SPEC 6.4, 7.4).

This module reads nothing.
"""

from typing import Annotated, Final, Literal

import msgspec

from smsdesk.config.limits import Secret, formed, hidden, says, whole, words

_Name = Annotated[
    str,
    formed(
        r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}\Z",
        "1 to 63 letters, digits, '-', '_' or '.', the first a letter or digit",
        "How the rest of the file, the API and the log call it.",
    ),
]
_Ton = Annotated[int, whole(0, 6, "Type of number.")]
_Npi = Annotated[int, whole(0, 18, "Numbering plan.")]


class SimulatorSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="simulator"):
    """The phone in the browser, for a try-out and for tests (SPEC 7.4)."""

    name: _Name


class SmppSettings(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="smpp"):
    """A carrier that is reached by SMPP 3.4; smsdesk binds as a transceiver (SPEC 6.4)."""

    name: _Name
    host: Annotated[str, words(1, 253, "Name or address of the carrier's SMSC.")]
    port: Annotated[int, whole(1, 65535, "Its TCP port.")] = 2775
    system_id: Annotated[
        str, formed(r"^[ -~]{1,15}\Z", "1 to 15 printable ASCII characters", "The user name of the bind.")
    ]
    password: Annotated[
        Secret,
        hidden(
            r"^[ -~]{0,8}\Z",
            "at most 8 printable ASCII characters, as SMPP 3.4 has it",
            "The password of the bind. Never shown.",
        ),
    ] = Secret("")
    password_file: Annotated[
        str, words(0, 4096, "A file whose first line is the password, so that it need not stand here.")
    ] = ""
    system_type: Annotated[
        str,
        formed(
            r"^[ -~]{0,12}\Z",
            "at most 12 printable ASCII characters",
            "The system type of the bind; most carriers want none.",
        ),
    ] = ""
    window: Annotated[int, whole(1, 1000, "Requests that may be under way without an answer.")] = 10
    rate: Annotated[int, whole(0, 100_000, "Parts sent a second, at most; 0 is no limit.")] = 0
    enquire_link_seconds: Annotated[
        int, whole(1, 3600, "Quiet time after which the link is checked with an enquire_link.")
    ] = 30
    response_timeout_seconds: Annotated[
        int, whole(1, 600, "How long an answer is waited for before the link counts as dead.")
    ] = 10
    reconnect_min_seconds: Annotated[int, whole(1, 3600, "The first pause before a new connect.")] = 1
    reconnect_max_seconds: Annotated[
        int, whole(1, 86_400, "The longest pause; every failure doubles the pause up to here.")
    ] = 60
    source_ton: Annotated[_Ton, says("Type of number of our numbers.")] = 1
    source_npi: Annotated[_Npi, says("Numbering plan of our numbers.")] = 1
    dest_ton: Annotated[_Ton, says("Type of number of the customers' numbers.")] = 1
    dest_npi: Annotated[_Npi, says("Numbering plan of the customers' numbers.")] = 1
    registered_delivery: Annotated[bool, says("Ask the carrier for delivery receipts.")] = True
    crash_policy: Annotated[
        Literal["resend", "unknown"],
        says("A text whose outcome a crash hid is sent again (at least once), or left in state Unknown."),
    ] = "resend"
    default_encoding: Annotated[
        Literal["gsm7", "latin1"], says("What the carrier means by data_coding 0.")
    ] = "gsm7"


class ServiceNumber(msgspec.Struct, frozen=True, kw_only=True):
    """A number that customers write to, and the queue in which their texts wait."""

    number: Annotated[
        str,
        formed(
            r"^(\+[0-9]{5,15}|[0-9]{3,15}|[A-Za-z0-9 ]{1,11})\Z",
            "a number such as +15550100, a short code, or a sender name of up to 11 letters and digits",
            "The number as the carrier delivers it.",
        ),
    ]
    queue: Annotated[str, words(1, 255, "The name of the queue.")]
    carrier: Annotated[str, words(1, 63, "The `name` of a `[[carrier]]`.")]


CarrierSettings = SimulatorSettings | SmppSettings

CARRIER_KINDS: Final[dict[str, type[CarrierSettings]]] = {
    "simulator": SimulatorSettings,
    "smpp": SmppSettings,
}
