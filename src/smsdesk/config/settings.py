"""Every setting there is: one frozen struct a room, with default, limits and a sentence (SPEC 7, 8.10, 9.14).

Names are unique across these rooms, since `some_name` is also `SMSDESK_SOME_NAME`. This module reads nothing.
"""

from typing import Annotated, Final, Literal

import msgspec

from smsdesk.config.carriers import CarrierSettings, ServiceNumber
from smsdesk.config.limits import Secret, formed, hidden, says, whole, words
from smsdesk.wire.features import FEATURES
from smsdesk.wire.origins import LONGEST_ORIGIN, ORIGIN

_Origin = Annotated[str, formed(ORIGIN, "an origin such as https://desk.example.com", longest=LONGEST_ORIGIN)]
_Feature = Annotated[str, formed(rf"^({'|'.join(FEATURES)})\Z", f"one of {', '.join(FEATURES)}")]


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where the server listens, where it keeps its data, and how it logs."""

    host: Annotated[str, words(1, 253, "Name or address to listen on.")] = "localhost"
    port: Annotated[int, whole(0, 65535, "TCP port to listen on; 0 takes a free one.")] = 8080
    data: Annotated[
        str,
        words(
            1, 4096, "Directory of the embedded database and its lock, made when missing. One server each."
        ),
    ] = "data"
    external_url: Annotated[
        str,
        formed(
            r"^(https?://[^\s/?#@]+)?\Z",
            "an http or https URL without a path, or empty",
            "What clients call this server; every `uri` in a reply begins with it. Empty: `http://HOST:PORT`.",
        ),
    ] = ""
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        says("The least important lines that are logged. Only `debug` shows what people wrote."),
    ] = "info"
    log_format: Annotated[
        Literal["auto", "console", "json"],
        says("How log lines look; `auto` is `console` on a terminal and `json` elsewhere."),
    ] = "auto"
    shutdown_seconds: Annotated[
        int, whole(1, 10, "How long a stop waits for what was accepted before it gives up.")
    ] = 8

    @property
    def bind_host(self) -> str:
        """The address to bind: `localhost` is IPv4's, because a machine may name ::1 and not have it."""
        return "127.0.0.1" if self.host == "localhost" else self.host

    def public_url(self, port: int | None = None) -> str:
        """What every `uri` begins with, no slash at the end; `port` is the bound one where 0 was asked."""
        if self.external_url:
            return self.external_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port if port is None else port}"


class ApiSettings(msgspec.Struct, frozen=True, kw_only=True):
    """The web services: limits, login, and which foreign pages may call them."""

    body_limit: Annotated[
        int, whole(1024, 16_777_216, "Largest request body, in bytes; a larger one gets HTTP 413.")
    ] = 262_144
    enable_csrf_protection: Annotated[
        bool,
        says('Demand the CSRF token on POST, PUT and DELETE. Always on with `cookie_same_site = "None"`.'),
    ] = False
    cookie_same_site: Annotated[
        Literal["Lax", "Strict", "None"],
        says("SameSite of the session cookie; `None` is for desktops on another site."),
    ] = "Lax"
    allowed_origins: Annotated[
        tuple[_Origin, ...], words(0, 100, "Origins whose pages may call the API (CORS) and open WebSockets.")
    ] = ()
    http_session_minutes: Annotated[
        int, whole(1, 43_200, "How long a login lasts without a request, in minutes.")
    ] = 480
    http_session_hours: Annotated[
        int, whole(1, 8760, "How long a login lasts at most, however much it is used, in hours.")
    ] = 720
    http_sessions_per_user: Annotated[
        int, whole(1, 1000, "Logins that one user may have at the same time; the oldest goes.")
    ] = 50
    login_memory_seconds: Annotated[
        int, whole(0, 3600, "How long a verified Basic credential is remembered and not hashed again.")
    ] = 300
    login_threads: Annotated[
        int, whole(1, 16, "Passwords that are verified at the same time; each takes 64 MiB.")
    ] = 2
    features_off: Annotated[
        tuple[_Feature, ...],
        words(0, 100, "Features that are switched off: what they stand for answers as if it were not there."),
    ] = ()

    @property
    def csrf(self) -> bool:
        """Whether the token is demanded: with a cross-site cookie it always is (SPEC 1.8)."""
        return self.enable_csrf_protection or self.cookie_same_site == "None"


class BayeuxSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Notifications by CometD: times and limits (SPEC 4.2, 8.10)."""

    poll_timeout_ms: Annotated[
        int, whole(100, 600_000, "How long a `/meta/connect` is held, in milliseconds.")
    ] = 30_000
    max_interval_ms: Annotated[
        int,
        whole(
            1000, 3_600_000, "How long after its last connect a Bayeux session is forgotten, in milliseconds."
        ),
    ] = 60_000
    websocket: Annotated[bool, says("Offer the WebSocket transport beside long-polling.")] = True
    bayeux_sessions_per_user: Annotated[
        int, whole(1, 1000, "Bayeux sessions that one user may hold at the same time.")
    ] = 16
    bayeux_queue_bytes: Annotated[
        int,
        whole(
            16_384, 268_435_456, "Unsent bytes that one Bayeux session may pile up before it must handshake."
        ),
    ] = 4_194_304
    replay_days: Annotated[int, whole(1, 365, "How long notifications can be replayed, in days.")] = 7


class SessionSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Work on the desk: offers, capacity, idle limits, and how things are written."""

    ring_seconds: Annotated[
        int, whole(1, 3600, "How long an offer rings at an agent before it is withdrawn.")
    ] = 30
    agent_no_answer_action: Annotated[
        Literal["none", "notready", "logout"], says("What a missed offer does to the agent.")
    ] = "notready"
    reject_memory_seconds: Annotated[
        int, whole(0, 86_400, "How long an agent is not offered again what he rejected.")
    ] = 60
    capacity: Annotated[int, whole(1, 100, "Sessions that one agent works on at the same time.")] = 5
    waiting_idle_hours: Annotated[
        int, whole(1, 8760, "After how much silence a session that waits for an agent is closed.")
    ] = 24
    assigned_idle_hours: Annotated[
        int, whole(1, 8760, "After how much silence the customer of a session on the desk counts as gone.")
    ] = 72
    handling_minutes: Annotated[
        int,
        whole(
            0,
            43_200,
            "How long an agent may do nothing in a session that he has accepted before it goes back to its "
            "queue; 0: for ever, since an answer by text may take hours.",
        ),
    ] = 0
    parked_idle_hours: Annotated[
        int, whole(1, 8760, "After how much silence a session that a strategy has parked is closed.")
    ] = 168
    strategy_nickname: Annotated[
        str, words(1, 255, "Who says the texts of strategies, in the transcript.")
    ] = "Contact Centre"
    vanished_not_ready_seconds: Annotated[
        int,
        whole(
            0,
            86_400,
            "How long nothing may be left of an agent, no Bayeux session and no request, before he is made "
            "NotReady; 0 never.",
        ),
    ] = 60
    vanished_logout_seconds: Annotated[
        int,
        whole(
            0,
            604_800,
            "How long until he is logged out of the channel and his work goes to others; 0 never.",
        ),
    ] = 600
    second_login: Annotated[
        Literal["allow", "refuse", "replace"],
        says(
            "What StartContactCenterSession does for somebody who is at work from another client: both work, "
            "the new one is refused, or the earlier one is logged out."
        ),
    ] = "allow"
    disposition_key: Annotated[str, words(1, 255, "The userData key that SetDisposition writes.")] = (
        "DispositionCode"
    )
    default_region: Annotated[
        str,
        formed(
            r"^([A-Z]{2})?\Z",
            "a country in two capital letters such as AT, or empty",
            "The country of phone numbers that name none: `0664 1234567` is `+436641234567` in `AT`.",
        ),
    ] = ""
    identify_create_contact: Annotated[
        int,
        whole(
            1,
            3,
            "What a new session does about its customer: 1 nothing, 2 find the contact, 3 create one.",
        ),
    ] = 3
    time_zone: Annotated[
        str,
        formed(
            r"^([+-][0-9]{4}|[A-Za-z][A-Za-z0-9_+/-]*)\Z",
            "an offset such as +0000, or an IANA name such as Europe/Vienna",
            "The zone that times are written in.",
            longest=64,
        ),
    ] = "+0000"


class StatisticsSettings(msgspec.Struct, frozen=True, kw_only=True):
    """What is counted of queues and agents. Days begin at midnight in `time_zone`."""

    default_service_level_seconds: Annotated[
        int, whole(1, 604_800, "Who is accepted within so many seconds was accepted within the objective.")
    ] = 60
    statistics_checkpoint_seconds: Annotated[
        int,
        whole(1, 3600, "How often today's counts are kept on disk; a crash loses what was counted since."),
    ] = 10


class AlarmSettings(msgspec.Struct, frozen=True, kw_only=True):
    """When somebody is to be told that customers wait, and by whom webhooks may be received."""

    alarm_unattended_seconds: Annotated[
        int,
        whole(
            0,
            86_400,
            "How long customers may wait in an open queue while nobody who could serve it is signed in, "
            "before an alarm is raised; 0 for ever.",
        ),
    ] = 60
    alarm_waiting_seconds: Annotated[
        int,
        whole(
            0,
            604_800,
            "How long a customer may wait before an alarm is raised, where the strategy of the queue has no "
            "objective; 0 for ever.",
        ),
    ] = 600
    alarm_clear_seconds: Annotated[
        int,
        whole(0, 3600, "How long the reason of an alarm has to be over before the alarm ends."),
    ] = 30
    webhook_allow_private: Annotated[
        bool,
        says(
            "Deliver webhooks also to private and link-local addresses and to this machine itself. Without "
            "it only a demo may, to this machine."
        ),
    ] = False


class StoreSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where everything is kept."""

    store_url: Annotated[
        Secret,
        hidden(
            r"^(postgres(ql)?://\S{1,2000})?\Z",
            "a postgresql:// URL, or empty",
            "Empty: SQLite in the data directory. A `postgresql://` URL: that database. Never shown.",
        ),
    ] = Secret("")
    pending_limit: Annotated[
        int, whole(1, 1_000_000, "Changes that may wait for the disk; beyond that clients get HTTP 503.")
    ] = 10_000

    @property
    def on_postgres(self) -> bool:
        """Whether a PostgreSQL server keeps the data, not a file."""
        return bool(self.store_url)


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All settings of one server. A room is handed its own struct and sees no other."""

    server: ServerSettings = ServerSettings()
    api: ApiSettings = ApiSettings()
    bayeux: BayeuxSettings = BayeuxSettings()
    sessions: SessionSettings = SessionSettings()
    statistics: StatisticsSettings = StatisticsSettings()
    alarms: AlarmSettings = AlarmSettings()
    store: StoreSettings = StoreSettings()
    carrier: tuple[CarrierSettings, ...] = ()
    service_number: tuple[ServiceNumber, ...] = ()


# The rooms in the order of the reference page: what a heading of the file may be called.
ROOMS: Final[dict[str, type[msgspec.Struct]]] = {
    "server": ServerSettings,
    "api": ApiSettings,
    "bayeux": BayeuxSettings,
    "sessions": SessionSettings,
    "statistics": StatisticsSettings,
    "alarms": AlarmSettings,
    "store": StoreSettings,
}
