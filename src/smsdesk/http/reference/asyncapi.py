"""The AsyncAPI 3.0 description of what comes over CometD: topics, notifications, and the Bayeux messages that
ask for them.
"""

from datetime import UTC
from typing import Any

from smsdesk import __version__
from smsdesk.bayeux.topic import ALIASES, TOPICS
from smsdesk.core.alarms import Alarm
from smsdesk.http.reference.examples import BASE, Step, recorded, show
from smsdesk.http.reference.schemas import ref, schemas, used
from smsdesk.http.reference.words import terms
from smsdesk.operations.contacts.identify import MESSAGE_TYPE
from smsdesk.operations.users.set_password import ME, USERS
from smsdesk.wire import alarms, health, history, statistics
from smsdesk.wire.notifications import CHANNELS, SESSIONS
from smsdesk.wire.resources import Resources
from smsdesk.wire.timestamps import Timestamps

Object = dict[str, Any]
# topic -> the messages that come there; on the other topics nothing comes at present
MESSAGES: dict[str, tuple[str, ...]] = {
    SESSIONS: (
        *("StatusChange", "ParticipantsUpdated", "PropertiesUpdated", "Error"),
        *("NewMessages", "MessageUpdated"),
    ),
    CHANNELS: ("ChannelStateChange",),
    ME: ("PasswordChangeSuccessful",),
    USERS: ("PasswordChangeSuccessful",),
    health.TOPIC: (health.NOTIFICATION_TYPE,),
    statistics.TOPIC: (statistics.NOTIFICATION_TYPE,),
    alarms.TOPIC: (alarms.NOTIFICATION_TYPE,),
    history.TOPIC: (history.HISTORY, history.CONTENT, history.OUTCOME, MESSAGE_TYPE),
}
PAYLOADS: dict[str, str] = {
    MESSAGE_TYPE: "ContactIdentified",
    "NewMessages": "LogUpdated",
    "MessageUpdated": "LogUpdated",
    "ChannelStateChange": "ChannelChange",
    "PasswordChangeSuccessful": "PasswordChange",
    health.NOTIFICATION_TYPE: "ServiceStateChange",
    statistics.NOTIFICATION_TYPE: "StatisticsChange",
    alarms.NOTIFICATION_TYPE: "AlarmChange",
    history.HISTORY: "InteractionsHistory",
    history.CONTENT: "InteractionContent",
    history.OUTCOME: "UcsOperation",
}
# Shown as the program makes them, because no example can bring them about.
_MADE: dict[str, Object] = {
    health.NOTIFICATION_TYPE: health.changed(health.services(True, {"sms-1": False})[-1:], "$base"),
    alarms.NOTIFICATION_TYPE: alarms.changed(
        alarms.shape(
            Alarm(
                "nL4bXk0qTz7cWv2R", "overdue", "7" * 32, "Support", 1700000600000, 1700000000000, 3, 600000
            ),
            Resources(BASE.removesuffix("/api/v2"), Timestamps(UTC)),
        )
    ),
}
# meta channel -> what the client may do with it, and the fields that it must send
META: dict[str, tuple[str, tuple[str, ...]]] = {
    "/meta/handshake": ("Begin: makes a client of the user and gives its clientId.", ("channel",)),
    "/meta/subscribe": ("Ask for topics; with `ext.replay` also for what came before.", ("subscription",)),
    "/meta/unsubscribe": ("Give topics up.", ("subscription",)),
    "/meta/connect": ("Wait for notifications; always have one open.", ("connectionType",)),
    "/meta/disconnect": ("End.", ()),
}
_ABOUT = """\
Notifications of sessions and readiness by Bayeux 1.0 (CometD), over long-polling or WebSocket at \
/api/v2/notifications. Handshake, subscribe, then connect again and again; each user gets his own \
notifications only, on all of his clients. Data messages carry `ext.replay.id`: a subscription with \
`ext.replay` first gets everything after that id, also after a restart of the server [ext].
"""


def document(url: str) -> Object:
    """The description. `url` is the address of the server without `/api/v2`."""
    scheme, _, host = url.partition("://")
    base = f"{url}/api/v2"
    messages = {name: _message(name, base) for names in MESSAGES.values() for name in names}
    channels = {_key(topic): _topic(topic) for topic in TOPICS}
    channels |= {_key(name): _meta(name) for name in META}
    messages |= {_title(name): _request(name) for name in META}
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "smsdesk notifications",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "longPolling": _server(host, scheme, "Bayeux messages as JSON arrays by POST."),
            "webSocket": _server(host, scheme.replace("http", "ws"), "The same arrays as text frames."),
        },
        "channels": channels,
        "operations": _operations(),
        "components": {"messages": messages, "schemas": used(messages)},
    }


def _server(host: str, protocol: str, words: str) -> Object:
    security = [
        {"type": "http", "scheme": "basic"},
        {"type": "httpApiKey", "in": "cookie", "name": "JSESSIONID"},
    ]
    pathname = "/api/v2/notifications"
    host, slash, prefix = host.partition("/")
    return {
        "host": host,
        "pathname": slash + prefix + pathname,
        "protocol": protocol,
        "description": words,
        "security": security,
    }


def _topic(topic: str) -> Object:
    names = MESSAGES.get(topic, ())
    described: Object = {
        "address": topic,
        "description": terms().topics[topic],
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
    }
    aliases = [alias for alias, meant in ALIASES.items() if meant == topic]
    return described | ({"x-aliases": aliases} if aliases else {})


def _meta(name: str) -> Object:
    title = _title(name)
    return {
        "address": name,
        "description": META[name][0],
        "messages": {title: {"$ref": f"#/components/messages/{title}"}},
    }


def _message(name: str, base: str) -> Object:
    payload = PAYLOADS.get(name, "StateChange")
    words = terms().notification_types.get(name, "How the user's channel stands now.")
    described: Object = {"name": name, "title": name, "summary": words, "payload": ref(payload)}
    found = next((data for data in notified() if kind(data) == name), None)
    found = _MADE.get(name) if found is None else found
    if found is not None:
        described["examples"] = [{"payload": show(found, base)}]
    if "notificationType" in schemas()[payload]["properties"]:
        constant = {"properties": {"notificationType": {"const": name}}}
        described["payload"] = {"allOf": [ref(payload), constant]}
    return described


def _request(name: str) -> Object:
    properties: Object = {"channel": {"const": name}}
    required = ["channel", *META[name][1]]
    if name != "/meta/handshake":
        required.insert(1, "clientId")
    shape = {"properties": properties, "required": list(dict.fromkeys(required))}
    payload = {"allOf": [ref("BayeuxMessage"), shape]}
    return {"name": _title(name), "title": name, "summary": META[name][0], "payload": payload}


def _operations() -> Object:
    listened = {
        f"hear{_key(topic)[0].upper()}{_key(topic)[1:]}": {
            "action": "send",
            "channel": {"$ref": f"#/channels/{_key(topic)}"},
            "summary": terms().topics[topic],
        }
        for topic in TOPICS
    }
    asked = {
        _title(name): {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{_key(name)}"},
            "summary": META[name][0],
        }
        for name in META
    }
    return asked | listened


def _key(address: str) -> str:
    """`/v2/me/smssessions` as meSmssessions."""
    words = [word for word in address.split("/") if word not in ("", "v2")]
    return words[0] + "".join(word.capitalize() for word in words[1:])


def _title(meta: str) -> str:
    return meta.rpartition("/")[2]


def notified() -> list[Object]:
    """The data of all notifications of all examples, in order."""
    steps: list[Step] = [step for example in recorded().values() for step in example.steps]
    return [m["data"] for step in steps for messages in step.notifications.values() for m in messages]


def kind(data: Object) -> str:
    """The name of a notification here: its notificationType, else its messageType; what comes on the channel
    topic has another.
    """
    name = str(data.get("notificationType", data.get("messageType")))
    return name if name in terms().notification_types else "ChannelStateChange"
