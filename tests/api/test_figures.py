"""Every figure of every answer has a name that opens, and opens to the figure that was shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, get_args, get_origin, get_type_hints

import msgspec

from api import engines
from api.asof.tables import API as GROUND_FLOOR
from api.asof.tables import PLACES
from api.endpoints import READS
from api.routes.names import Who
from api.routes.reads import JSON
from ledger.funds.commands import OpenFund, ServiceItem
from tests.api.house import YESTERDAY, House, said
from tests.house.stores import LEDGER

API = {**GROUND_FLOOR, **engines.FIGURES}
ANSWERS = {read.name: read for read in READS if read.media == JSON}


def structs(kind: Any, seen: set[type]) -> Iterator[type[msgspec.Struct]]:
    """A type and every struct within it."""
    for part in get_args(kind):
        yield from structs(part, seen)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        yield kind
        for hint in get_type_hints(kind).values():
            yield from structs(hint, seen)


def leaves(hint: Any) -> set[Any]:
    """The plain types within a hint."""
    return set().union(*map(leaves, get_args(hint))) if get_args(hint) else {hint}


def all_structs() -> list[type[msgspec.Struct]]:
    """Every struct in any answer of the API."""
    seen: set[type] = set()
    return [kind for read in ANSWERS.values() for kind in structs(read.answer, seen)]


def test_every_whole_number_of_every_answer_has_a_name_or_is_known_to_be_a_place() -> None:
    nameless = [
        f"{kind.__name__}.{name}"
        for kind in all_structs()
        for name, hint in get_type_hints(kind).items()
        if int in leaves(hint) and name not in API.get(kind.__name__, {}) and name not in PLACES
    ]
    assert nameless == []


def test_the_table_names_nothing_that_no_answer_holds() -> None:
    fields = {kind.__name__: set(kind.__struct_fields__) for kind in all_structs()}
    assert {name for name in API if name not in fields} == set()
    assert {f"{name}.{one}" for name, figures in API.items() for one in figures if one not in fields[name]} == set()


def shown(kind: Any, value: Any, known: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """(name of the figure, value) of every figure in an answer, by its types."""
    if get_origin(kind) is list:
        for one in value:
            yield from shown(get_args(kind)[0], one, known)
    elif get_origin(kind) is dict:
        for name, one in value.items():
            yield from shown(get_args(kind)[1], one, {**known, "key": name})
    elif value is not None and (parts := [one for one in get_args(kind) if isinstance(one, type)]):
        yield from shown(parts[0], value, known)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and isinstance(value, dict) and kind is not Who:
        yield from _of_struct(kind, value, known)


def _of_struct(kind: type[msgspec.Struct], value: dict[str, Any], known: dict[str, Any]) -> Iterator[tuple[str, int]]:
    plain = {name: one for name, one in value.items() if isinstance(one, str | int)}
    parties = {f"{name}_id": one["id"] for name, one in value.items() if isinstance(one, dict) and "id" in one}
    within = {**known, **plain, **parties}
    for name, hint in get_type_hints(kind).items():
        pattern = API.get(kind.__name__, {}).get(name)
        if pattern is None:
            yield from shown(hint, value[name], within)
        elif isinstance(value[name], dict):
            yield from ((pattern.format(**within, name=key), one) for key, one in value[name].items())
        elif value[name] is not None and None not in (within.get(one) for one in re.findall(r"{(\w+)}", pattern)):
            yield pattern.format(**within), value[name]


def fill(house: House) -> dict[str, str]:
    """A community with something of everything; gives the ids that paths need."""
    wang, li = house.member("王阿姨"), house.member("李师傅")
    for member, minutes in ((wang, 300), (li, 90)):
        house.bank(member, minutes)
    caller, worker = house.caller(wang), house.worker
    said(caller.post("/transfers", {"giver": wang, "receiver": li, "minutes": 10}))
    said(caller.post("/pool/donations", {"giver": wang, "minutes": 20}))
    said(caller.post("/reservations", {"member": wang, "minutes": 30}))
    day = str(YESTERDAY - timedelta(days=1))
    session = str(said(caller.post("/sessions", {"volunteer": wang, "minutes": 45, "day": day}))["ids"]["session_id"])
    said(worker.post(f"/sessions/{session}/verify"))
    said(caller.post(f"/sessions/{session}/corrections", {"volunteer": wang, "minutes": 40}))
    certificate = said(worker.post(f"/members/{wang}/certificates"))["ids"]["certificate_id"]
    point = said(worker.post("/intake-points", {"channel": "qr", "label": "门口"}))["ids"]["point_id"]
    body = {"kind": "need", "requester": wang, "item": "mask", "quantity": 9, "point": point, "channel": "qr"}
    need = str(said(worker.post("/requests", {**body, "words": {"title": "口罩"}}))["ids"]["request_id"])
    said(worker.post(f"/requests/{need}/publish"))
    wish = house.wish(wang)
    said(house.caller(li).post(f"/requests/{wish}/claim", {"claimant": li}))
    unit = said(worker.post("/units", {"kind": "enterprise", "name": "绿云物业"}))["ids"]["unit_id"]
    said(worker.post("/teams", {"kind": "volunteer_organisation", "name": "暖心队"}))
    until = str(date.today() + timedelta(days=300))
    signed = {"unit": unit, "tier": "street", "from_day": str(date.today()), "until_day": until}
    agreement = said(worker.post("/agreements", signed))["ids"]["agreement_id"]
    speaker = house.member("刘经理")
    said(worker.post("/roles", {"holder": speaker, "role": "representative", "scope": unit}))
    speaking = house.caller(speaker)
    offer = {"unit": unit, "item": "mask", "quantity": 20}
    offered = said(speaking.post("/offers", offer))["ids"]["offer_id"]
    said(worker.post(f"/offers/{offered}/matches", {"request_id": need, "quantity": 4}))
    call = said(worker.post("/call-outs", {"level": "routine"}))["ids"]["callout_id"]
    said(speaking.post(f"/call-outs/{call}/answers", {"unit": unit, "people": 3}))
    _money(house, unit)
    said(worker.post(f"/members/{wang}/publication", {"where": "wall"}))
    return {
        "member_id": wang, "unit_id": unit, "session_id": session, "certificate_id": certificate,
        "request_id": need, "fund": "nuanxing", "account": f"hours:{wang}", "agreement_id": agreement, "li": li,
    }  # fmt: skip


def _money(house: House, unit: str) -> None:
    committee = tuple(house.member(f"委员{number}") for number in range(5))
    charity = said(house.worker.post("/units", {"kind": "social_organisation", "name": "慈善会"}))["ids"]["unit_id"]
    house.operate(
        OpenFund(
            slug="nuanxing", name="暖兴", purpose="救急", host_charity=charity, committee=committee,
            supervisor=house.member("卫审计"), items=(ServiceItem(code="meals", name="助餐"),),
        )
    )  # fmt: skip
    money = house.caller(house.member("褚会计"), "treasurer")
    gift = {"amount_fen": 900_00, "item": "meals", "donor": unit, "named": True}
    receipt = said(money.post("/funds/fund_nuanxing/donations", gift))["ids"]["receipt_id"]
    said(money.post(f"/donations/{receipt}/refund", {"amount_fen": 100_00, "reason": "paid_twice"}))
    said(money.post("/funds/fund_nuanxing/pledges", {"amount_fen": 50_00, "donor": unit, "item": "meals"}))
    body = {"item": "meals", "category": "food", "amount_fen": 300_00}
    grant = said(house.caller(committee[0], "committee_member").post("/funds/fund_nuanxing/grants", body))
    grant_id = grant["ids"]["grant_id"]
    said(house.caller(committee[1], "committee_member").post(f"/grants/{grant_id}/approve"))
    said(money.post(f"/grants/{grant_id}/pay"))


QUERIES = {
    "claims": "claimant={li}",
    "rankings": "measure=volunteer_minutes", "ranking_explained": "measure=volunteer_minutes&subject={member_id}",
    "why_figure": "", "diff": "from=5&to=20", "diff_accounts": "from=5&to=20", "diff_requests": "from=5&to=20",
    "diff_ranking": "from=5&to=20&measure=volunteer_minutes", "consistency": "from=1&to=1",
}  # fmt: skip
OPENED_BY_THEMSELVES = {
    "policy_preview",
    "why_figure",
    "event",
    "diff",
    "diff_accounts",
    "diff_ranking",
    "diff_requests",
}
SEALS = {"checkpoint", "checkpoints", "consistency", "tile", "record_receipt"}


def test_every_figure_that_an_answer_shows_opens_to_that_very_figure(house: House) -> None:
    ids = fill(house)
    auditor = house.staff("auditor")
    house.store.catch_up(LEDGER)
    opened: set[str] = set()
    asked: set[str] = set()
    for name, read in ANSWERS.items():
        # Those of the engines are opened by the stories of the mechanisms, whenever one looks.
        if name in OPENED_BY_THEMSELVES | SEALS or read in engines.READS:
            continue
        path = read.path.format(**ids) + "?" + QUERIES.get(name, "").format(**ids)
        reader = house.caller(ids["member_id"]) if name == "member_data" else auditor
        answer = said(reader.get(path.rstrip("?")))
        asked.add(name)
        for figure, value in shown(read.answer, answer, dict(answer) | {"fund": ids["fund"], "slug": ids["fund"]}):
            opened.add(figure.partition("@")[0])
            if figure.startswith("event "):
                assert auditor.get(f"/events/{figure.removeprefix('event ')}").status_code == 200, figure
                continue
            what, _, position = figure.partition("@")
            told = said(auditor.get(f"/why/{what}" + (f"?position={position}" if position else "")))
            assert told["value"] == value, (name, figure)
    families = {one.partition(":")[0].partition(".")[0].partition(" ")[0] for one in opened}
    assert len(asked) > 25
    assert families >= {
        "stats", "fund", "spending", "payments", "balance", "entries", "member", "request", "claim", "unit", "team",
        "intake", "offer", "callout", "receipt", "grant", "pledge", "session", "correction", "reservation",
        "certificate", "ranking", "rank", "records", "event",
    }  # fmt: skip
