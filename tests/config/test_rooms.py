"""The rooms' own structs: same defaults here and there, and every setting arrives in its unit."""

from msgspec.structs import replace

from smsdesk.bayeux.settings import BayeuxSettings as BayeuxRoom
from smsdesk.config import ApiSettings, BayeuxSettings, Secret, ServerSettings, Settings, SmppSettings, rooms
from smsdesk.http.auth import LoginSettings
from smsdesk.smpp.settings import SessionSettings as SmppRoom


def test_nothing_set_means_the_defaults_of_the_rooms() -> None:
    assert rooms.bayeux(Settings()) == BayeuxRoom()
    assert rooms.login(Settings()) == LoginSettings()


def test_bayeux() -> None:
    chosen = BayeuxSettings(
        poll_timeout_ms=101,
        max_interval_ms=1002,
        websocket=False,
        bayeux_sessions_per_user=3,
        bayeux_queue_bytes=20_004,
    )
    assert rooms.bayeux(Settings(bayeux=chosen)) == replace(
        BayeuxRoom(),
        timeout=101,
        max_interval=1002,
        websocket=False,
        max_sessions_per_user=3,
        max_queue_bytes=20_004,
    )


def test_login() -> None:
    """SPEC 1.8: Secure behind TLS; a cross-site cookie brings the CSRF check with it."""
    chosen = ApiSettings(
        http_session_minutes=2, login_memory_seconds=3, login_threads=4, cookie_same_site="None"
    )
    server = ServerSettings(external_url="https://desk.example")
    assert rooms.login(Settings(api=chosen, server=server)) == LoginSettings(
        lifetime=120_000, memory=3000, threads=4, same_site="None", secure=True, csrf=True
    )


def test_smpp() -> None:
    chosen = SmppSettings(
        name="acme",
        host="smsc.example",
        system_id="desk",
        password=Secret("hunter2"),
        system_type="vma",
        window=7,
        response_timeout_seconds=3,
        enquire_link_seconds=4,
    )
    room = rooms.smpp(chosen)
    assert room == SmppRoom(
        system_id="desk",
        password="hunter2",
        system_type="vma",
        window=7,
        answer_within=3000,
        enquire_after=4000,
    )
    assert "hunter2" not in repr(room)
