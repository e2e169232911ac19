"""Arguments in, exit status out. Everything it starts is put together by `app`."""

import gc
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import structlog
import uvicorn
import uvloop
from cyclopts import App as Cli
from cyclopts import Parameter

from smsdesk import __version__
from smsdesk.app import Application
from smsdesk.client.commands import desk
from smsdesk.config import Settings, SettingsError, explain, load
from smsdesk.core.errors import Refused
from smsdesk.http.cors import LOOPBACK
from smsdesk.http.protocol import HttpProtocol
from smsdesk.logs import setup
from smsdesk.operations.demo import PASSWORD
from smsdesk.store import StoreError

log = structlog.get_logger("smsdesk")
cli = Cli(name="smsdesk", version=__version__, help="An SMS contact centre that speaks the SMS Session API.")
cli.command(desk)
BACKLOG = 4096
RARELY = (50_000, 20, 100)  # thresholds of the garbage collector
CONFIG = Annotated[Path | None, Parameter(help="The settings, a TOML file.")]


@cli.command
def serve(
    *,
    config: CONFIG = None,
    data: Annotated[str | None, Parameter(help="Where the database lies.")] = None,
    host: Annotated[str | None, Parameter(help="The address to listen on.")] = None,
    port: Annotated[int | None, Parameter(help="The port to listen on; 0 takes a free one.")] = None,
    demo: Annotated[
        bool, Parameter(negative="", help="With the demo contact centre and its simulator.")
    ] = False,
    i_know_this_is_a_demo: Annotated[
        bool, Parameter(negative="", help="Let a demo listen on other addresses than loopback.")
    ] = False,
) -> int:
    """Run the server until it is told to stop."""
    options = {"data": data, "host": host, "port": None if port is None else str(port)}
    try:
        settings = load(
            config, os.environ, {name: value for name, value in options.items() if value is not None}
        )
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    if demo and settings.server.host not in LOOPBACK and not i_know_this_is_a_demo:
        print(
            f"a demo has known passwords and listens on loopback only, not on {settings.server.host}; "
            "add --i-know-this-is-a-demo if that is what you want",
            file=sys.stderr,
        )
        return 2
    setup(settings.server.log_level, settings.server.log_format)
    return uvloop.run(_serve(settings, demo))


@cli.command(name="check-config")
def check_config(*, config: CONFIG = None) -> int:
    """Say whether the settings are in order, and every mistake in them."""
    fine, lines = explain(config, os.environ)
    print("\n".join(lines))
    return 0 if fine else 2


async def _serve(settings: Settings, demo: bool) -> int:
    try:
        listener = _listen(settings)
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
    server = _Server(application, settings.server.shutdown_seconds)
    if demo:
        print(_greeting(application.url), flush=True)
    log.info("listening", url=application.url, version=__version__, demo=demo)
    try:
        await server.serve([listener])
    finally:
        await application.close()
        log.info("stopped")
    return 0


class _Server(uvicorn.Server):
    """uvicorn, told to stop by SIGTERM or SIGINT: held polls are answered first, then connections close."""

    def __init__(self, application: Application, seconds: int) -> None:
        super().__init__(
            uvicorn.Config(
                application.asgi,
                interface="asgi3",
                http=HttpProtocol,
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
        )
        self._application = application

    def handle_exit(self, sig: int, frame: object) -> None:
        """Called by uvicorn for SIGTERM and SIGINT."""
        self._application.stopping = True
        self.should_exit = True

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Answer what is held, then stop."""
        self._application.stop_taking()
        await super().shutdown(sockets)


def _listen(settings: Settings) -> socket.socket:
    host, port = settings.server.bind_host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError:
        listener.close()
        raise
    listener.listen(BACKLOG)
    return listener


def _greeting(url: str) -> str:
    return f"""
smsdesk {__version__}, demo contact centre

  the desk      {url}/            sign in as agent1 (also agent2, agent3, supervisor, admin)
  a phone       {url}/simulator/  texts to +15550100 (Support) and +15550101 (Billing)
  password      {PASSWORD}, for every account

Stop with Ctrl-C.
"""


def main() -> None:
    """The `smsdesk` command."""
    run: Callable[[], object] = cli
    status = run()
    sys.exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    main()
