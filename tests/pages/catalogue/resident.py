"""The residents' pages: asking, the confirmation, following, acting for a parent; and what is read off the registers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledger.requests import commands as do
from tests.pages.catalogue.seen import Seen

if TYPE_CHECKING:
    from tests.pages.world import World


def prepare(world: World) -> None:
    """Requests of a parent at several stages, one of them done and to be confirmed."""
    people = world.people
    titles = {"asked": "想要一盏小夜灯", "held": "想学用手机挂号", "done": "厨房水龙头滴水，请人来修"}
    for key, title in titles.items():
        words = do.RequestWords(title=title, detail="下午都在家", phone="13812341234", address="3号楼502")
        command = do.PostRequest(kind="order" if key == "done" else "wish", requester=people["parent"], words=words)
        world.do("resident", command)
        people[f"request_{key}"] = command.request_id
        if key != "asked":
            world.do("worker", do.PublishRequest(request_id=command.request_id))
            world.do("volunteer", do.ClaimRequest(request_id=command.request_id, claimant=people["volunteer"]))
    world.do("volunteer", do.FulfilRequest(request_id=people["request_done"], claimant=people["volunteer"]))


def _issue(world: World) -> str:
    return f"requests/{world.first('requests', kind='issue')}"


PAGES = (
    Seen("ask", "ask", "resident"),
    Seen("ask-nobody", "ask"),
    Seen("do-wish", "do/wish", "resident"),
    Seen("do-order", "do/order?requester={parent}", "resident"),
    Seen("do-issue", "do/issue", "resident"),
    Seen("menu", "menu"),
    Seen("do-order-menu", lambda world: f"do/order-menu?menu_id={world.first('menu', status='admitted')}", "resident"),
    Seen("do-confirm", "do/confirm?request_id={request_done}", "resident"),
    Seen("do-withdraw", "do/withdraw?request_id={request_asked}", "parent"),
    Seen("do-reopen", "do/reopen?request_id={request_done}", "parent"),
    Seen("do-proxy-add", "do/proxy-add", "parent"),
    Seen("do-proxy-end", "do/proxy-end?principal={parent}&proxy={resident}", "parent"),
    Seen("do-contest", "do/contest?party={volunteer}&promise=shift&about=sgn_none", "volunteer"),
    Seen("asked", "asked/{request_asked}", "resident"),
    Seen("asked-others", "asked/{request_asked}", "volunteer", status=404),
    Seen("my-requests", "my-requests", "parent"),
    Seen("my-requests-none", "my-requests", "administrator"),
    Seen("my-requests-nobody", "my-requests", status=303),
    Seen("request-asked", "requests/{request_asked}", "parent"),
    Seen("request-held", "requests/{request_held}", "volunteer"),
    Seen("request-done", "requests/{request_done}", "resident"),
    Seen("request-issue", _issue, "worker"),
    Seen("proxies", "proxies", "parent"),
    Seen("proxies-for", "proxies", "resident"),
    Seen("due", "due"),
    Seen("due-own", "due", "representative"),
    Seen("integrity", "integrity/{volunteer}", "volunteer"),
    Seen("integrity-unit", "integrity/{unit}", "representative"),
    Seen("integrity-others", "integrity/{parent}", "volunteer", status=404),
    Seen("records-own", "records", "volunteer"),
    Seen("shelf-own", "records/signups?own=yes", "volunteer"),
    Seen("shelf-votes", "records/votes"),
    Seen("shelf-appraisals", "records/appraisals"),
)
