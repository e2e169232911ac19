"""What a session has to be told: who we are and how long to wait."""

from typing import Literal

from msgspec import Struct

Mode = Literal["transceiver", "transmitter", "receiver"]


class SessionSettings(Struct, frozen=True, kw_only=True):
    """Of one bind. Times are milliseconds. The password is not in the repr.

    `window`: submits on the way at a time; `inbound_window`: deliveries waiting for our answer at a time,
    more are throttled; `answer_within`: how long the peer may take for an answer; `enquire_after`: how long
    it may be silent before it is asked; `prove_after`: how long our answers may wait for their proof.
    """

    system_id: str
    password: str = ""
    system_type: str = ""
    mode: Mode = "transceiver"
    address_range: str = ""
    address_ton: int = 0
    address_npi: int = 0
    window: int = 10
    inbound_window: int = 100
    answer_within: int = 30_000
    enquire_after: int = 30_000
    prove_after: int = 5_000

    def __repr__(self) -> str:
        return f"SessionSettings(system_id={self.system_id!r}, mode={self.mode!r})"
