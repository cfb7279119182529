"""Pages of lists, balances of the past, and answers that have seen a write."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ledger.clock import moment
from tests.api.house import YESTERDAY, Caller, House, code_of, said


def walk(caller: Caller, path: str, name: str, limit: int) -> list[list[str]]:
    """All pages of a list of requests, as lists of ids."""
    pages: list[list[str]] = []
    cursor = ""
    while True:
        page = said(caller.get(f"{path}limit={limit}{cursor}"))
        pages.append([row[name] for row in page["members"]])
        if page["next"] is None:
            return pages
        cursor = f"&cursor={page['next']}"


def test_pages_hold_every_row_once(house: House) -> None:
    members = [house.member(f"志愿者{number}") for number in range(7)]

    pages = walk(house.worker, "/members?", "member_id", 3)

    assert pages == [members[:3], members[3:6], members[6:]]


def test_a_page_goes_on_where_it_was_while_others_write(house: House) -> None:
    wang = house.member("王阿姨")
    wishes = [house.wish(wang, f"心愿{number}") for number in range(4)]
    first = said(house.worker.get("/requests?limit=2"))

    fresh = house.wish(wang, "刚提出的心愿")

    second = said(house.worker.get(f"/requests?limit=2&cursor={first['next']}"))
    seen = [row["request_id"] for page in (first, second) for row in page["requests"]]
    assert seen == wishes[::-1]
    assert fresh not in seen
    assert second["next"] is None


@pytest.mark.parametrize("cursor", ["12", "!!!", "MTIu", "bm90IG51bWJlcnM", "é"])
def test_a_cursor_that_is_none_is_refused(house: House, cursor: str) -> None:
    answer = house.worker.get(f"/members?cursor={cursor}")

    assert (answer.status_code, code_of(answer)) == (422, "bad_cursor")


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=ten", "limt=3", "departed=perhaps"])
def test_a_query_that_cannot_be_meant_is_refused_with_its_name(house: House, query: str) -> None:
    answer = house.worker.get(f"/members?{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == "?" + query.partition("=")[0]


def test_balances_as_of_a_position_and_of_a_moment(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.bank(wang, 60)
    before = said(house.anybody.get("/stats"))["position"]
    between = moment(house.store.clock()).isoformat().replace("+00:00", "Z")
    said(house.worker.post("/transfers", {"giver": wang, "receiver": li, "minutes": 25}))

    def balance(query: str) -> int:
        path = f"/balances?account=hours:{wang}{query}"
        return int(said(house.worker.get(path))["balances"][0]["balance"])

    assert balance("") == 35
    assert balance(f"&position={before}") == 60
    assert balance(f"&at={between}") == 60
    assert code_of(house.worker.get("/balances?position=1&at=2026-03-08T00:00:00Z")) == "position_or_time"
    assert code_of(house.worker.get("/balances?position=999999")) == "no_such_position"


def test_pages_of_balances_hold_every_account_once(house: House) -> None:
    for number in range(4):
        house.bank(house.member(f"志愿者{number}"))
    whole = said(house.worker.get("/balances"))["balances"]

    page = said(house.worker.get("/balances?limit=2"))
    found = page["balances"]
    while page["next"]:
        page = said(house.worker.get(f"/balances?limit=2&cursor={page['next']}"))
        found += page["balances"]

    assert found == whole
    assert len(whole) == 5


def test_a_board_that_must_have_seen_a_write_has_seen_it(house: House) -> None:
    wang = house.member("王阿姨")
    written = said(house.worker.post("/deposits", {"volunteer": wang, "day": "2026-03-08", "minutes": 60}))

    path = f"/rankings?measure=volunteer_minutes&period=2026-03&min_position={written['position']}"
    ranking = said(house.worker.get(path))

    assert ranking["position"] >= written["position"]
    assert [(row["rank"], row["subject"]["id"], row["value"]) for row in ranking["rows"]] == [(1, wang, 60)]
    assert code_of(house.worker.get("/rankings?measure=volunteer_minutes&min_position=999999")) == "no_such_position"


def test_a_statement_shows_every_entry_with_the_running_balance(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")
    house.bank(wang, 60)
    said(house.worker.post("/transfers", {"giver": wang, "receiver": li, "minutes": 25}))

    page = said(house.caller(wang).get(f"/members/{wang}/statement"))

    assert [(line["type"], line["amount"], line["balance"]) for line in page["lines"]] == [
        ("hours.given@1", -25, 35),
        ("hours.session_verified@1", 60, 60),
    ]


def test_the_journal_is_read_on_from_a_position(house: House) -> None:
    house.member("王阿姨")
    auditor = house.staff("auditor")

    first = said(auditor.get("/events?limit=5"))
    rest = said(auditor.get(f"/events?after={first['next']}&limit=1000"))

    positions = [event["position"] for page in (first, rest) for event in page["events"]]
    assert positions == list(range(1, rest["head"] + 1))
    assert rest["next"] is None


def test_places_come_as_a_tree_and_intake_points_with_their_counts(house: House) -> None:
    street = said(house.worker.post("/places", {"kind": "street", "name": "方兴街道"}))["ids"]["place_id"]
    yard = {"kind": "courtyard", "name": "绿云苑", "parent": street}
    courtyard = said(house.worker.post("/places", yard))["ids"]["place_id"]
    point = {"channel": "qr", "label": "3号楼门口", "place": courtyard}
    qr = said(house.worker.post("/intake-points", point))["ids"]["point_id"]
    wang = house.member("王阿姨")
    wish = {"kind": "wish", "requester": wang, "channel": "qr", "point": qr, "words": {"title": "修灯"}}
    said(house.worker.post("/requests", wish))

    tree = said(house.anybody.get("/places"))["places"]
    points = said(house.anybody.get("/intake-points"))

    assert (tree[0]["name"], [one["name"] for one in tree[0]["below"]]) == ("方兴街道", ["绿云苑"])
    assert [(one["label"], one["requests"]) for one in points["intake_points"]] == [("3号楼门口", 1)]
    assert points["channels"] == {"qr": 1}


def asked_ids(caller: Caller, path: str, name: str) -> list[str]:
    """The ids of a whole list, two to a page."""
    found: list[str] = []
    cursor = ""
    while True:
        page = said(caller.get(f"/{name}s?limit=2{path}{cursor}"))
        found += [row[f"{name}_id"] for row in page[f"{name}s"]]
        if page["next"] is None:
            return found
        cursor = f"&cursor={page['next']}"


def record(house: House, volunteer: str, days_ago: int) -> str:
    """A session that a volunteer entered, waiting for a verifier; gives its id."""
    body = {"volunteer": volunteer, "day": str(YESTERDAY - timedelta(days=days_ago)), "minutes": 60}
    more = {"words": {"activity": "楼道值守"}}
    return str(said(house.caller(volunteer).post("/sessions", body | more))["ids"]["session_id"])


def test_a_worker_lists_the_sessions_of_each_state_oldest_first(house: House) -> None:
    volunteers = [house.member(f"志愿者{number}") for number in range(5)]
    recorded = [record(house, one, 3) for one in volunteers]
    said(house.worker.post(f"/sessions/{recorded[1]}/verify"))
    said(house.worker.post(f"/sessions/{recorded[3]}/reject", {"reason": "not_held"}))

    def shown(status: str) -> list[str]:
        return asked_ids(house.worker, f"&status={status}", "session")

    assert shown("recorded") == [recorded[0], recorded[2], recorded[4]]
    assert shown("verified") == [recorded[1]]
    assert shown("rejected") == [recorded[3]]
    assert shown("endorsed") == []
    assert code_of(house.worker.get("/sessions?status=dreamt")) == "not_one_of"


def test_a_volunteers_own_sessions_can_be_narrowed_to_a_state(house: House) -> None:
    wang = house.member("王阿姨")
    house.bank(wang)
    waiting = record(house, wang, 3)
    caller = house.caller(wang)

    assert asked_ids(caller, f"&volunteer={wang}&status=recorded", "session") == [waiting]
    assert caller.get("/sessions?status=recorded").status_code == 403


def test_a_worker_lists_the_corrections_that_wait_oldest_first(house: House) -> None:
    volunteers = [house.member(f"志愿者{number}") for number in range(4)]
    asked: list[tuple[str, str]] = []
    for volunteer in volunteers:
        house.bank(volunteer)
        session = said(house.worker.get(f"/sessions?volunteer={volunteer}"))["sessions"][0]["session_id"]
        body = {"volunteer": volunteer, "minutes": 60}
        answer = said(house.caller(volunteer).post(f"/sessions/{session}/corrections", body))
        asked.append((session, str(answer["ids"]["correction_id"])))
    session, approved = asked[1]
    said(house.staff("community_worker").post(f"/sessions/{session}/corrections/{approved}/approve"))

    assert asked_ids(house.worker, "&status=requested", "correction") == [asked[i][1] for i in (0, 2, 3)]
    assert asked_ids(house.worker, "&status=approved", "correction") == [approved]
    first = said(house.worker.get("/corrections?status=requested"))["corrections"][0]
    assert (first["session_id"], first["volunteer"]["name"], first["minutes"], first["status"]) == (
        asked[0][0], "志愿者0", 60, "requested",
    )  # fmt: skip


def test_corrections_are_for_who_serves_and_for_who_asked(house: House) -> None:
    wang, li = house.member("王阿姨"), house.member("李师傅")

    assert house.anybody.get("/corrections").status_code == 401
    assert house.caller(li).get("/corrections").status_code == 403
    assert house.caller(li).get(f"/corrections?volunteer={wang}").status_code == 404
    assert said(house.caller(wang).get(f"/corrections?volunteer={wang}"))["corrections"] == []
