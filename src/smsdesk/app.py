"""The composition root: the only file that names concrete stores and carriers. Opens everything in order,
closes it in reverse.
"""

import asyncio
import os
import random
import secrets
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import structlog
from argon2 import PasswordHasher

from smsdesk.bayeux.server import BayeuxServer
from smsdesk.carriers import Carrier
from smsdesk.carriers.simulator import Simulator
from smsdesk.carriers.smpp import SmppCarrier, SmppCarrierSettings
from smsdesk.config import CarrierSettings, Settings, SimulatorSettings, SmppSettings
from smsdesk.config.rooms import make_bayeux, make_limits, make_login, make_policy
from smsdesk.core.centre import ServiceNumber
from smsdesk.core.ids import Ids
from smsdesk.http import routes, websocket
from smsdesk.http.alarms import tell_staff
from smsdesk.http.app import App, Route
from smsdesk.http.auth import Auth
from smsdesk.http.cors import Origins
from smsdesk.http.exchange import Receive, Scope, Send
from smsdesk.http.health import tell_everybody
from smsdesk.http.local import LocalDoor
from smsdesk.http.notifications import Notifications
from smsdesk.http.pages import Pages
from smsdesk.http.reference.endpoints import Reference
from smsdesk.http.scenario import Scenario
from smsdesk.http.settings import SystemSettings
from smsdesk.http.simulator import SimulatorEndpoints
from smsdesk.http.statistics import tell_listeners
from smsdesk.http.table import Parts, make_table
from smsdesk.operations.demo import PASSWORD, SIMULATOR, provision_demo, provision_number
from smsdesk.operations.perform import Performer
from smsdesk.operations.provisioning.adopt import adopt_skills
from smsdesk.operations.provisioning.dispositions import adopt_dispositions
from smsdesk.smpp.settings import SessionSettings
from smsdesk.store import Store
from smsdesk.store.commit import GroupCommit
from smsdesk.wire import alarms as alarm_shapes
from smsdesk.wire.days import day_of
from smsdesk.wire.resources import Resources
from smsdesk.wire.timestamps import Timestamps, zone
from smsdesk.workers.alarms import Alarms
from smsdesk.workers.gateway import House
from smsdesk.workers.health import Health
from smsdesk.workers.notifier import Notifier
from smsdesk.workers.posting import Poster
from smsdesk.workers.presence import Presence
from smsdesk.workers.retention import DAY, Retention
from smsdesk.workers.router import Router
from smsdesk.workers.sender import Sender
from smsdesk.workers.statistics import Statistics
from smsdesk.workers.strategist import Strategist
from smsdesk.workers.timers import Timers
from smsdesk.workers.webhooks import Webhooks

log = structlog.get_logger("app")
Clock = Callable[[], int]


def wall_clock() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


class Application:
    """One contact centre, running. `asgi` serves it; `open` and `close` frame its life."""

    def __init__(
        self,
        settings: Settings,
        *,
        demo: bool = False,
        store: Store | None = None,
        clock: Clock = wall_clock,
        hasher: PasswordHasher | None = None,
        port: int | None = None,
        process_key: bytes | None = None,
    ) -> None:
        self.settings = settings
        self.demo = demo
        self.ids = Ids(os.urandom)
        self.store = store or make_store(settings, clock)
        self.commits = GroupCommit(self.store, settings.store.pending_limit)
        self.performer = Performer(self.store, self.commits, self.ids, clock, make_policy(settings))
        self.timestamps = Timestamps(zone(settings.sessions.time_zone))
        self.url = settings.server.public_url(port)
        self.resources = Resources(self.url, self.timestamps)
        self.auth = Auth(
            self.performer,
            make_login(settings, self.url),
            process_key or secrets.token_bytes(32),
            hasher,
            self._pause,
        )
        bayeux = BayeuxServer(make_bayeux(settings), self.ids.token)
        self.notifications = Notifications(bayeux, self.performer, self.auth)
        self.notifier = Notifier(
            self.store, self.resources, self.notifications.publish, self.notifications.listens
        )
        self.notifications.make_again = self.notifier.replayed
        self.timers = Timers(self.performer)
        self.router = Router(self.performer, lambda due: self.timers.call_at(due, self.router.look))
        self.strategist = Strategist(
            self.performer, lambda due: self.timers.call_at(due, self.strategist.look)
        )
        self.presence = Presence(self.performer, bayeux.listens, self.timers.call_at)
        self.auth.seen = self.presence.seen
        bayeux.on_deserted(self.presence.seen)
        self.house = House(self.performer)
        self.carriers = make_carriers(settings, demo, clock, self.ids)
        unknown = frozenset(
            c.name for c in settings.carrier if isinstance(c, SmppSettings) and c.crash_policy == "unknown"
        )
        self.sender = Sender(self.performer, self.carriers, unknown, self.timers.pause)
        self.health = Health(
            self.store,
            self.carriers,
            self._pause,
            lambda services: tell_everybody(self.notifications, self.resources.base, services),
        )
        self.statistics = Statistics(
            self.performer,
            partial(day_of, where=zone(settings.sessions.time_zone)),
            settings.statistics.default_service_level_seconds * 1000,
            self.resources.base,
            self.timers.call_at,
            lambda queues, agents: tell_listeners(self.notifications, self.performer.centre, queues, agents),
        )
        self.alarms = Alarms(
            self.performer,
            make_limits(settings),
            self.timers.call_at,
            lambda alarm: alarm_shapes.shape(alarm, self.resources),
            lambda shape: tell_staff(self.notifications, self.performer.centre, shape),
        )
        everywhere = settings.alarms.webhook_allow_private
        self.poster = Poster("all" if everywhere else "loopback" if demo else "public")
        self.webhooks = Webhooks(self.performer, self.poster.post, self.timers.call_at)
        self.retention = Retention(self.performer, settings.bayeux.replay_days * DAY)
        self.stopping = False
        self.scenario: Scenario | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._serve = self._make_app()
        self.local = LocalDoor(self.asgi)

    async def _pause(self, milliseconds: int) -> None:
        await self.timers.pause(milliseconds)

    def _next_for(self, user: str, queue: str | None) -> str | None:
        return self.router.engine.next_for(user, self.performer.clock(), queue)

    def _position(self, interaction: str) -> int | None:
        return self.router.engine.position(interaction)

    def _make_app(self) -> App:
        settings = self.settings
        table, sessions, access = make_table(
            Parts(
                self.performer,
                self.auth,
                self.resources,
                self.notifications,
                self.health.now,
                self.statistics,
                frozenset(self.carriers),
                SystemSettings(
                    settings.sessions.default_region, settings.statistics.default_service_level_seconds
                ),
                self._next_for,
                self._position,
                lambda: self.stopping,
            )
        )
        simulator = next((c for c in self.carriers.values() if isinstance(c, Simulator)), None)
        if simulator is not None:
            endpoints = SimulatorEndpoints(simulator, self.auth, self.timestamps)
            if self.demo:
                self.scenario = Scenario(self.performer, simulator, endpoints)
            table += routes.simulator_routes(endpoints, self.scenario)
        table += routes.reference_routes(Reference(table, self.url))
        self.routes: Sequence[Route] = table
        origins = Origins(settings.api.allowed_origins, self.url, self.demo, access.origins)

        async def socket(scope: Scope, receive: Receive, send: Send) -> None:
            await websocket.serve(
                self.notifications, self.auth, origins, settings.api.body_limit, scope, receive, send
            )

        return App(
            sessions.operate,
            self.notifications.poll,
            socket if settings.bayeux.websocket else None,
            table,
            Pages(() if simulator else ("/simulator/",)),
            origins,
            settings.api.body_limit,
            login=self.auth.caller,
        )

    async def asgi(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        await self._serve(scope, receive, send)

    async def open(self, *, work: bool = True) -> None:
        """Open the store, take in what is there, start the workers; without `work` it only answers and keeps,
        for commands beside no server. Raises StoreError and its kin.
        """
        await self.store.open()
        await self.performer.open()
        await self.performer.run(adopt_skills)
        await self.performer.run(adopt_dispositions)
        await self.notifications.open()
        if work:
            await self._begin_work()

    async def _begin_work(self) -> None:
        workers = (self.notifier, self.strategist, self.router, self.timers, self.sender, self.presence)
        for listener in (*workers, self.health, self.statistics, self.alarms, self.webhooks):
            self.commits.on_kept(listener.kept)
        self.commits.on_undone(self.health.undone)
        if self.demo:
            password_hash = self.auth.hash(PASSWORD)
            await self.performer.run(lambda draft: provision_demo(draft, password_hash))
        for number in self.settings.service_number:
            configured = ServiceNumber(number.number, number.queue, number.carrier)
            await self.performer.run(partial(provision_number, number=configured))
        self.timers.open()
        self.strategist.open()
        self.router.open()
        self.presence.open()
        await self.sender.open()
        await self.statistics.open()
        await self.alarms.open()
        await self.webhooks.open()
        for carrier in self.carriers.values():
            if isinstance(carrier, Simulator):
                carrier.attach(self.house)
        runs: Iterable[Awaitable[None]] = (
            self.timers.run(),
            self.notifications.run(),
            self.retention.run(),
            self.auth.log.run(),
            self.health.run(),
            self.statistics.run(self.settings.statistics.statistics_checkpoint_seconds * 1000, self._pause),
            *(carrier.run(self.house) for carrier in self.carriers.values()),
        )
        self._tasks = [asyncio.ensure_future(run) for run in runs]

    async def settle(self) -> None:
        """Wait until everything that was asked for has been carried out and pushed."""
        for _ in range(3):  # an offer leads to a commit, which leads to a push
            await self.commits.drain()
            await self.presence.settle()
            await self.strategist.settle()
            await self.router.settle()
            await self.notifier.settle()
            await self.notifications.settle()
            await self.sender.settle()
            self.statistics.settle()
            await self.alarms.settle()
            await self.webhooks.settle()

    def stop_taking(self) -> None:
        """No new polls are held; those that are get their answer."""
        self.stopping = True
        self.notifications.drain()

    async def close(self) -> None:
        """Finish what was accepted, then give everything back."""
        self.stop_taking()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.sender.stop()
        await self.webhooks.stop()
        await self.poster.close()
        await self.auth.log.flush()
        if self._tasks:  # else it did not work, and has counted nothing
            await self.statistics.save()
        await self.commits.drain()
        self.auth.close()
        await self.store.close()


def make_store(settings: Settings, clock: Clock) -> Store:
    """The store that the settings name; the two names are for one that is made now."""
    epoch, contact_center_id = secrets.token_hex(8), str(uuid.UUID(bytes=os.urandom(16), version=4))
    if settings.store.on_postgres:
        from smsdesk.store.postgres import PostgresStore

        return PostgresStore(
            settings.store.store_url.reveal(), epoch=epoch, contact_center_id=contact_center_id
        )
    from smsdesk.store.sqlite import SqliteStore

    directory = Path(settings.server.data)
    return SqliteStore(directory, epoch=epoch, contact_center_id=contact_center_id, clock=clock)


def make_carriers(settings: Settings, demo: bool, clock: Clock, ids: Ids) -> dict[str, Carrier]:
    """One carrier for each that is configured; the demo always has the simulator."""
    configured: list[CarrierSettings] = list(settings.carrier)
    if demo and not any(isinstance(c, SimulatorSettings) for c in configured):
        configured.append(SimulatorSettings(name=SIMULATOR))
    made: dict[str, Carrier] = {}
    for carrier in configured:
        if isinstance(carrier, SimulatorSettings):
            made[carrier.name] = Simulator(carrier.name, clock, ids.interaction)
        else:
            made[carrier.name] = SmppCarrier(smpp_settings(carrier), ids.interaction, random.random)
    return made


def smpp_settings(c: SmppSettings) -> SmppCarrierSettings:
    """The carrier's own settings from those of the file."""
    session = SessionSettings(
        system_id=c.system_id,
        password=c.password.reveal(),
        system_type=c.system_type,
        window=c.window,
        answer_within=c.response_timeout_seconds * 1000,
        enquire_after=c.enquire_link_seconds * 1000,
    )
    return SmppCarrierSettings(
        name=c.name,
        host=c.host,
        port=c.port,
        session=session,
        reconnect_first=c.reconnect_min_seconds * 1000,
        reconnect_last=c.reconnect_max_seconds * 1000,
        rate=c.rate,
        source_ton=c.source_ton,
        source_npi=c.source_npi,
        destination_ton=c.dest_ton,
        destination_npi=c.dest_npi,
        receipts=c.registered_delivery,
        alphabet=c.default_encoding,
    )
