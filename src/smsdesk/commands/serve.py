"""`smsdesk serve`: the server, until it is told to stop."""

import asyncio
import gc
import socket
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import structlog
import uvicorn
import uvloop

from smsdesk import __version__
from smsdesk.app import Application
from smsdesk.commands.sockets import AdminSocket, listen
from smsdesk.config import Settings
from smsdesk.core.errors import Refused
from smsdesk.http.local import Asgi
from smsdesk.http.local_protocol import LocalProtocol
from smsdesk.http.protocol import HttpProtocol
from smsdesk.operations.demo import PASSWORD
from smsdesk.store import StoreError

log = structlog.get_logger("smsdesk")
RARELY = (50_000, 20, 100)  # thresholds of the garbage collector


def serve(settings: Settings, demo: bool) -> int:
    """Run it; the exit status."""
    return uvloop.run(_serve(settings, demo))


async def _serve(settings: Settings, demo: bool) -> int:
    try:
        listener = listen(settings)
    except OSError as error:
        print(
            f"cannot listen on {settings.server.host}:{settings.server.port}: {error.strerror}",
            file=sys.stderr,
        )
        return 1
    application = Application(settings, demo=demo, port=listener.getsockname()[1])
    try:
        await application.open()
    except (StoreError, Refused) as error:
        print(error, file=sys.stderr)
        listener.close()
        return 1
    # Most objects here live as long as the process: looking through them again and again costs a tenth.
    gc.set_threshold(*RARELY)
    gc.freeze()
    admin = AdminSocket(Path(settings.server.data))
    server = Server(application, settings.server.shutdown_seconds, _open(admin))
    if demo:
        print(_greeting(application.url), flush=True)
    log.info("listening", url=application.url, version=__version__, demo=demo)
    try:
        await server.serve([listener])
    finally:
        admin.close()
        await application.close()
        log.info("stopped")
    return 0


def _open(admin: AdminSocket) -> socket.socket | None:
    """The admin socket. Without it the server does its work all the same, only no command reaches it."""
    try:
        return admin.open()
    except OSError as error:
        log.warning("no admin socket, commands cannot reach this server", why=error.strerror or str(error))
        return None


class Server(uvicorn.Server):
    """uvicorn, told to stop by SIGTERM or SIGINT: held polls are answered first, then connections close.
    `admin`: a Unix socket for the operator.
    """

    def __init__(self, application: Application, seconds: int, admin: socket.socket | None = None) -> None:
        super().__init__(_config(application, application.asgi, HttpProtocol, seconds))
        self._application = application
        self._admin = admin
        self._local = _config(application, application.local, LocalProtocol, seconds)

    def handle_exit(self, sig: int, frame: object) -> None:
        """Called by uvicorn for SIGTERM and SIGINT."""
        self._application.stopping = True
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Listen, on the admin socket too."""
        await super().startup(sockets)
        if self._admin is not None:
            self._local.load()
            protocol = partial(
                LocalProtocol,
                config=self._local,
                server_state=self.server_state,
                app_state=self.lifespan.state,
            )
            loop = asyncio.get_running_loop()
            self.servers.append(await loop.create_unix_server(protocol, sock=self._admin))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is held, then stop."""
        self._application.stop_taking()
        await super().shutdown(sockets)


def _config(
    application: Application, asgi: Asgi, protocol: type[HttpProtocol], seconds: int
) -> uvicorn.Config:
    served: Callable[..., object] = asgi  # uvicorn has types of its own for what a scope is
    return uvicorn.Config(
        served,
        interface="asgi3",
        http=protocol,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_graceful_shutdown=seconds,
        ws_max_size=application.settings.api.body_limit,
    )


def _greeting(url: str) -> str:
    return f"""
smsdesk {__version__}, demo contact centre

  the desk      {url}/            sign in as agent1 (also agent2, agent3, supervisor, admin)
  a phone       {url}/simulator/  texts to +15550100 (Support) and +15550101 (Billing)
  password      {PASSWORD}, for every account

Stop with Ctrl-C.
"""
