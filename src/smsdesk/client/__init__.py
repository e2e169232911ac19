"""A client for Python: an agent's desk, kept true across broken connections and restarts of the server.

It speaks the documented API and knows nothing of the server's code. How to use it: docs/how-to.
"""

from smsdesk.client.bayeux import Position
from smsdesk.client.desk import Client
from smsdesk.client.errors import DeskError, Ended, LoginRefused, Refused, Unreachable
from smsdesk.client.resources import (
    Changed,
    ChannelsChanged,
    Delivery,
    Event,
    Failed,
    Message,
    MessageUpdated,
    NewMessages,
    Other,
    Participant,
    Snapshot,
    StatusChange,
)
from smsdesk.client.session import Session

__all__ = [
    "Changed",
    "ChannelsChanged",
    "Client",
    "Delivery",
    "DeskError",
    "Ended",
    "Event",
    "Failed",
    "LoginRefused",
    "Message",
    "MessageUpdated",
    "NewMessages",
    "Other",
    "Participant",
    "Position",
    "Refused",
    "Session",
    "Snapshot",
    "StatusChange",
    "Unreachable",
]
