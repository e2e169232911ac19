"""What the settings mean in the terms of the rooms that have structs of their own."""

from smsdesk.bayeux.settings import BayeuxSettings as BayeuxRoom
from smsdesk.config.carriers import SmppSettings
from smsdesk.config.settings import Settings
from smsdesk.http.auth import LoginSettings
from smsdesk.smpp.settings import SessionSettings as SmppRoom

MINUTE, SECOND = 60_000, 1_000  # in milliseconds, as the rooms count


def bayeux(settings: Settings) -> BayeuxRoom:
    """For the Bayeux server."""
    chosen = settings.bayeux
    return BayeuxRoom(
        timeout=chosen.poll_timeout_ms,
        max_interval=chosen.max_interval_ms,
        websocket=chosen.websocket,
        max_sessions_per_user=chosen.bayeux_sessions_per_user,
        max_queue_bytes=chosen.bayeux_queue_bytes,
    )


def login(settings: Settings) -> LoginSettings:
    """For whoever verifies callers; the cookie is for TLS only where clients come by https (SPEC 1.8)."""
    chosen = settings.api
    return LoginSettings(
        lifetime=chosen.http_session_minutes * MINUTE,
        memory=chosen.login_memory_seconds * SECOND,
        threads=chosen.login_threads,
        same_site=chosen.cookie_same_site,
        secure=settings.server.external_url.startswith("https:"),
        csrf=chosen.csrf,
    )


def smpp(carrier: SmppSettings) -> SmppRoom:
    """For one bind. Gives the password away: the struct it goes into does not show it."""
    return SmppRoom(
        system_id=carrier.system_id,
        password=carrier.password.reveal(),
        system_type=carrier.system_type,
        window=carrier.window,
        answer_within=carrier.response_timeout_seconds * SECOND,
        enquire_after=carrier.enquire_link_seconds * SECOND,
    )
