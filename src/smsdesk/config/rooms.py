"""What each room gets to know of the settings: its own struct, in its own units (ARCHITECTURE, `config`)."""

from smsdesk.bayeux.settings import BayeuxSettings
from smsdesk.config.settings import Settings
from smsdesk.core.alarms import SECOND, Limits
from smsdesk.core.centre import Policy
from smsdesk.http.http_sessions import LoginSettings


def make_policy(settings: Settings) -> Policy:
    """What decides outcomes."""
    s = settings.sessions
    return Policy(
        ring=s.ring_seconds * 1000,
        agent_no_answer_action=s.agent_no_answer_action,
        reject_memory=s.reject_memory_seconds * 1000,
        capacity=s.capacity,
        idle_waiting=s.waiting_idle_hours * 3_600_000,
        idle_assigned=s.assigned_idle_hours * 3_600_000,
        handling=s.handling_minutes * 60_000,
        idle_parked=s.parked_idle_hours * 3_600_000,
        strategy_nickname=s.strategy_nickname,
        disposition_key=s.disposition_key,
        vanished_not_ready=s.vanished_not_ready_seconds * 1000,
        vanished_logout=s.vanished_logout_seconds * 1000,
        second_login=s.second_login,
        features_off=frozenset(settings.api.features_off),
        default_region=s.default_region,
        identify_create_contact=s.identify_create_contact,
    )


def make_limits(settings: Settings) -> Limits:
    """When alarms are raised and end."""
    a = settings.alarms
    return Limits(
        a.alarm_unattended_seconds * SECOND, a.alarm_waiting_seconds * SECOND, a.alarm_clear_seconds * SECOND
    )


def make_login(settings: Settings, url: str) -> LoginSettings:
    """How logins are kept."""
    api = settings.api
    return LoginSettings(
        lifetime=api.http_session_minutes * 60_000,
        longest=api.http_session_hours * 3_600_000,
        sessions=api.http_sessions_per_user,
        memory=api.login_memory_seconds * 1000,
        threads=api.login_threads,
        same_site=api.cookie_same_site,
        secure=url.startswith("https:"),
        csrf=api.csrf,
    )


def make_bayeux(settings: Settings) -> BayeuxSettings:
    """Times and limits of notifications."""
    b = settings.bayeux
    return BayeuxSettings(
        timeout=b.poll_timeout_ms,
        max_interval=b.max_interval_ms,
        websocket=b.websocket,
        max_batch_bytes=settings.api.body_limit,
        max_sessions_per_user=b.bayeux_sessions_per_user,
        max_queue_bytes=b.bayeux_queue_bytes,
    )
