"""Features as clients look for them (C§1.9). What is off answers 404."""

from typing import Any

_FEATURES = {
    "api-multimedia": ("Multimedia API", "Sessions of SMS: operations, transcript, notifications"),
    "api-multimedia-chat": ("Multimedia Chat API", "Named by the read pages of the SMS Session API"),
    "api-supervisor-agent-control": ("Agent Control API", "Supervisors change the readiness of agents"),
}


def features(base: str, off: frozenset[str]) -> list[dict[str, Any]]:
    """Those that are on. `base` ends in `/api/v2`."""
    return [
        {
            "id": id,
            "displayName": name,
            "description": description,
            "autoAssignOnContactCenterCreate": True,
            "uri": f"{base}/features/{id}",
            "path": f"/features/{id}",
        }
        for id, (name, description) in _FEATURES.items()
        if id not in off
    ]
