"""Bayeux 1.0 as the official CometD clients expect it (SPEC 4), sans-I/O. Knows nothing of our model."""

from smsdesk.bayeux.clients import Expired
from smsdesk.bayeux.exchange import Delivery, Held, Outcome
from smsdesk.bayeux.message import BadBatch
from smsdesk.bayeux.replay import LogMessage, ReplayRequest, ReplayWindow
from smsdesk.bayeux.server import BayeuxServer
from smsdesk.bayeux.settings import LONG_POLLING, WEBSOCKET, BayeuxSettings
from smsdesk.bayeux.topic import TOPICS

__all__ = [
    "LONG_POLLING",
    "TOPICS",
    "WEBSOCKET",
    "BadBatch",
    "BayeuxServer",
    "BayeuxSettings",
    "Delivery",
    "Expired",
    "Held",
    "LogMessage",
    "Outcome",
    "ReplayRequest",
    "ReplayWindow",
]
