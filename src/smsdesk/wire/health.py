"""The services: what stands behind the API and whether it can be used now (C§1.11). Knows no store and no
carrier.
"""

from typing import Any, Literal

from msgspec import Struct

TOPIC = "/notifications/services"
MESSAGE_TYPE, NOTIFICATION_TYPE = "ServiceStateChangeMessage", "ServiceStateChange"
State = Literal["Active", "Inactive"]


class Service(Struct, frozen=True):
    """One of them. `id` is constant over restarts."""

    id: str
    name: str
    type: str
    state: State


# What lives in the store: id, name, type. Ids and types that Genesys has are kept, the names are ours.
STORED: tuple[tuple[str, str, str], ...] = (
    ("ON_PREMISE_ENVIRONMENT", "Provisioning", "Provisioning"),
    ("sessions", "Sessions and routing", "MultiMediaState"),
    ("content", "Contacts and history", "MultiMediaContent"),
    ("statistics", "Statistics", "Reporting"),
)


def services(stored: bool, carriers: dict[str, bool]) -> list[Service]:
    """All of them. `stored`: whether the store can be used; `carriers`: name -> whether it is connected."""
    made = [Service(id, name, type, _state(stored)) for id, name, type in STORED]
    made += [Service(f"carrier-{name}", name, "Carrier", _state(up)) for name, up in carriers.items()]
    return made


def shape(service: Service, base: str) -> dict[str, Any]:
    """As it is read. `base` ends in `/api/v2`."""
    path = f"/services/{service.id}"
    return {
        "id": service.id,
        "name": service.name,
        "type": service.type,
        "state": service.state,
        "uri": base + path,
        "path": path,
    }


def changed(services: list[Service], base: str) -> dict[str, Any]:
    """The notification: the services whose state has changed, each whole."""
    return {
        "messageType": MESSAGE_TYPE,
        "notificationType": NOTIFICATION_TYPE,
        "services": [shape(service, base) for service in services],
    }


def _state(up: bool) -> State:
    return "Active" if up else "Inactive"
