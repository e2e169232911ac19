"""Features as clients look for them (C§1.9). What is off answers 404; which one guards what is said where it
is asked for (`http.features.require_feature`).
"""

from typing import Any

FEATURES = {
    "api-multimedia": ("Multimedia API", "Sessions of SMS: operations, transcript, notifications"),
    "api-multimedia-chat": ("Multimedia Chat API", "Named by the read pages of the SMS Session API"),
    "api-supervisor-monitoring": ("Monitoring API", "Supervisors monitor, coach and barge into sessions"),
    "api-supervisor-agent-control": ("Agent Control API", "Supervisors change the readiness of agents"),
    "api-provisioning-read": ("Provisioning Read API", "Users and the like can be read"),
    "api-provisioning-write": ("Provisioning Write API", "Users and the like can be made and changed"),
}


def features(base: str, off: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    """All of them but those that are off. `base` ends in `/api/v2`."""
    return [
        {
            "id": id,
            "displayName": name,
            "description": description,
            "autoAssignOnContactCenterCreate": True,
            "uri": f"{base}/features/{id}",
            "path": f"/features/{id}",
        }
        for id, (name, description) in FEATURES.items()
        if id not in off
    ]
