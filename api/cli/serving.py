"""`nuanlin serve`: the API and the pages, on this machine unless told otherwise."""

from __future__ import annotations

import errno
import ipaddress
import signal
import socket
import sys
from types import FrameType
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.cli.failures import Stop
from api.cli.frame import Frame
from api.cli.output import note, print_json, say

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Config

    from api.settings import Settings
    from api.store import Store

_BACKLOG = 512


def serve(
    frame: Frame,
    host: Annotated[str, typer.Option("--host", help="cli.option.host", metavar="ADDRESS")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help="cli.option.port", min=0, max=65535, metavar="PORT")] = 8000,
) -> None:
    """Serve until interrupted; followers and deadlines run in a thread of this process."""
    with frame.store() as store:
        from api.app import create_app
        from api.deadlines import Deadlines
        from api.pages.hall.ending import EndingServer
        from api.routes.cosignatures import add_cosignatures
        from api.witnessing import Pushing, witnesses_of

        witnesses = witnesses_of(frame.settings)
        app = create_app(store, hosts=[host])
        add_cosignatures(app, [one.verifier for one in witnesses])
        listening = listen(host, port)
        signal.signal(signal.SIGTERM, stop)
        store.start_followers(Deadlines(store))
        for ledger in store.application.ledgers():
            store.ring_for(ledger)
        announce(frame, store, host, listening.getsockname()[1])
        server = EndingServer(config_of(app, frame.settings))
        with Pushing(store, witnesses):
            server.run(sockets=[listening])


def config_of(app: ASGIApp, settings: Settings) -> Config:
    """How the server is run. Who is asking is whoever connects, or where a proxy of ours connects, the last address in
    `X-Forwarded-For` that is none of ours: what a visitor writes there themselves stands before it and is not believed."""
    from uvicorn import Config

    from api.cli.patience import connections_at_most, patient

    return Config(
        app,
        log_level="warning",  # to standard error, only what went wrong
        access_log=False,
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=settings.proxies,
        http=patient(proxies=settings.proxies, most=connections_at_most()),
        ws="none",
    )


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; connections wait in it until the server has started. Raises Stop `cannot_listen`."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listening = socket.socket(family, kind, protocol)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind(address)
            listening.listen(_BACKLOG)
        except OSError:
            listening.close()
            raise
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise Stop("port_taken", host=host, port=port) from None
        raise Stop("cannot_listen", host=host, port=port, reason=error.strerror or str(error)) from None
    listening.set_inheritable(True)
    return listening


def announce(frame: Frame, store: Store, host: str, port: int) -> None:
    """Say where the server is and who may sign in; warn first where other machines can reach it."""
    from api.cli.filling import known_sign_ins, print_sign_ins
    from api.cli.linking import first_links
    from api.signin.links import HOURS

    if not is_loopback(host):
        note(frame.say("said.not_loopback", host=host))
        if not frame.settings.address:
            note(frame.say("said.no_address"))
        if frame.settings.code_delivery == "console":
            note(frame.say("said.codes_on_console"))
    if not store.application.ledgers():
        note(frame.say("said.nothing_to_serve"))
    address = f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
    who = known_sign_ins(frame, store)
    links = first_links(store, address)
    if frame.as_json:
        print_json({"address": address, **({"administrator_links": links} if links else {})})
    else:
        say(frame.say("said.serving", address=address))
        if who:
            print_sign_ins(frame, who)
        for ledger, link in links.items():
            say(frame.say("said.first_administrator", ledger=ledger, link=link, hours=HOURS))
    sys.stdout.flush()


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches the address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    """Asked to end by whoever started us: leave through the doors, so that the followers finish their batch."""
    sys.exit(0)
