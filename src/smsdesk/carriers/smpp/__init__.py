"""A carrier that is reached by SMPP 3.4 over TCP (SPEC 6.2-6.4): the asyncio shell around `smsdesk.smpp`.

Knows the carrier port and the protocol; neither the store nor other carriers.
"""

from smsdesk.carriers.smpp.carrier import SmppCarrier
from smsdesk.carriers.smpp.settings import SmppCarrierSettings

__all__ = ["SmppCarrier", "SmppCarrierSettings"]
