"""Delivering with photos: kept and named in the journal, shown to those concerned alone, gone with those whose they are."""

from __future__ import annotations

import asyncio
import hashlib
import re
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from httpx2 import Client, Response
from starlette.testclient import TestClient

from api import photos
from api.app import create_app
from api.pages.partner import proving
from api.photos import taken_in
from ledger.appraisals.commands import OrderRectification
from ledger.clock import day_of
from ledger.ids import new_id
from ledger.parties.commands import ErasePersonalData, PersonWords, RegisterMember
from ledger.policy.commands import SetPolicy
from ledger.requests.commands import ClaimRequest, PostRequest, PublishRequest, RequestWords
from ledger.requests.state import Request as Asked
from ledger.vault_photos import Photo
from projections.books import queries as books
from projections.books.engines.appraisals_tables import rectifications
from projections.reading import one
from tests.house.serving import serving
from tests.pages.cast import LEDGER, Community
from tests.pages.partner.conftest import secrets_of
from tests.pages.partner.pictures import SECRETS, claiming, from_a_phone

SignIn = Callable[[str], TestClient]
Held = Callable[[str], str]
PHOTO = from_a_phone()
FINISHED = {"finished": "yes"}


def send(client: TestClient, path: str, *uploads: bytes, **said: str) -> Response:
    """Send the form of a page with photos, as a browser does."""
    files = [("photo", (f"{n}.jpg", body, "image/jpeg")) for n, body in enumerate(uploads)] or [
        ("photo", ("", b"", ""))
    ]
    return client.post(f"/{LEDGER}/{path}/photos", data={**secrets_of(client, _form(path)), **said}, files=files)


def _form(path: str) -> str:
    return f"{path}/photos" if path.startswith("requests") else path


def deliver(client: TestClient, wish: str, *uploads: bytes, **said: str) -> Response:
    return send(client, f"requests/{wish}", *uploads, **said)


def digests(community: Community, wish: str) -> frozenset[str]:
    return community.store.application.view(LEDGER).state(Asked, wish).digests


def status_of(community: Community, wish: str) -> str:
    row = books.request(community.store.database, LEDGER, wish)
    assert row is not None
    return str(row["status"])


def photo_at(wish: str, sha256: str, size: str = "whole") -> str:
    return f"/{LEDGER}/photos/{wish}/{sha256}?size={size}"


def test_many_photos_at_once_leave_the_server_to_everybody_else(
    community: Community, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish, waiting, most, go_on = held("想修好二十扇窗"), [0], [0], threading.Event()

    def slowly(upload: bytes) -> Photo:
        waiting[0] += 1
        most[0] = max(most[0], waiting[0])
        go_on.wait(20)
        waiting[0] -= 1
        return taken_in(upload)

    # The slots of a server belong to its loop.
    monkeypatch.setattr(photos, "_slots", asyncio.Semaphore(4))
    monkeypatch.setattr(photos, "_OF_ONE", 10)
    monkeypatch.setattr(proving, "taken_in", slowly)
    with serving(create_app(community.store)) as address, Client(base_url=address, timeout=30) as client:
        client.post("/sign-in", data={"token": community.tokens["liu"], "ledger": LEDGER})
        said = dict(
            re.findall(r'name="(csrf|key)" value="([^"]+)"', client.get(f"/{LEDGER}/requests/{wish}/photos").text)
        )

        def deliver_one(_number: int) -> int:
            files = [("photo", ("1.jpg", PHOTO, "image/jpeg"))]
            return client.post(f"/{LEDGER}/requests/{wish}/photos", data=said, files=files).status_code

        with ThreadPoolExecutor(10) as crowd:
            answers = crowd.map(deliver_one, range(10))
            patience_seconds = time.monotonic() + 10
            while most[0] < 4 and time.monotonic() < patience_seconds:
                time.sleep(0.02)
            time.sleep(0.5)
            assert client.get(f"/{LEDGER}/board").status_code == 200
            go_on.set()
            assert set(answers) == {303}
    assert most[0] == 4


def test_forms_that_come_drop_by_drop_are_in_the_way_of_their_sender_alone(community: Community, held: Held) -> None:
    wish = held("想修好三十扇窗")
    with serving(create_app(community.store)) as address, Client(base_url=address, timeout=30) as client:
        client.post("/sign-in", data={"token": community.tokens["liu"], "ledger": LEDGER})
        said = dict(
            re.findall(r'name="(csrf|key)" value="([^"]+)"', client.get(f"/{LEDGER}/requests/{wish}/photos").text)
        )
        cookies = "; ".join(f"{one.name}={one.value}" for one in client.cookies.jar)
        host, _, port = address.removeprefix("http://").partition(":")
        head = (
            f"POST /{LEDGER}/requests/{wish}/photos HTTP/1.1\r\nHost: {host}:{port}\r\nCookie: {cookies}\r\n"
            "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 20000000\r\n\r\n--b\r\n"
        )
        slow = [socket.create_connection((host, int(port))) for _ in range(12)]
        for one in slow:
            one.sendall(head.encode())
        patience_seconds = time.monotonic() + 20
        while photos._senders.total() < 2 and time.monotonic() < patience_seconds:
            time.sleep(0.02)

        def deliver_one(who: Client) -> str:
            return who.post(
                f"/{LEDGER}/requests/{wish}/photos", data=said, files=[("photo", ("1.jpg", PHOTO, "image/jpeg"))]
            ).text

        assert "还在传" in deliver_one(client)
        with Client(base_url=address, timeout=30) as other:
            other.post("/sign-in", data={"token": community.tokens["nai"], "ledger": LEDGER})
            page = other.get(f"/{LEDGER}/requests/{wish}/photos").text
            theirs = dict(re.findall(r'name="(csrf|key)" value="([^"]+)"', page))
            files = [("photo", ("1.jpg", PHOTO, "image/jpeg"))]
            assert other.post(f"/{LEDGER}/requests/{wish}/photos", data=theirs, files=files).status_code == 303
        for one in slow:
            one.close()
        patience_seconds = time.monotonic() + 20
        while photos._senders.total() and time.monotonic() < patience_seconds:
            time.sleep(0.02)
        assert "还在传" not in deliver_one(client)


# ---- delivering ----------------------------------------------------------------------------------------------------


def test_a_unit_delivers_with_photos_and_a_remark(community: Community, signed_in: SignIn, held: Held) -> None:
    wish, client = held("想修好水池"), signed_in("liu")

    answer = deliver(client, wish, PHOTO, from_a_phone(colour="#00aa55"), remark="换了龙头", **FINISHED)

    assert answer.headers["location"].endswith(f"requests/{wish}?done=fulfilled")
    assert status_of(community, wish) == "fulfilled"
    assert len(digests(community, wish)) == 2
    page = client.get(answer.headers["location"]).text
    assert page.count("?size=small") == 2
    assert "换了龙头" in page


def test_the_journal_holds_the_digest_of_the_bytes_that_are_kept(
    community: Community, signed_in: SignIn, held: Held
) -> None:
    wish, client = held("想修好门锁"), signed_in("liu")
    deliver(client, wish, PHOTO)
    (sha256,) = digests(community, wish)

    shown = client.get(photo_at(wish, sha256))

    assert hashlib.sha256(shown.content).hexdigest() == sha256
    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "private, no-store"
    assert "sandbox" in shown.headers["content-security-policy"]
    assert [secret for secret in SECRETS if secret in shown.content] == []
    assert len(client.get(photo_at(wish, sha256, "small")).content) < len(shown.content)


def test_photos_may_come_before_the_work_is_done(community: Community, signed_in: SignIn, held: Held) -> None:
    wish, client = held("想修好纱门"), signed_in("liu")

    answer = deliver(client, wish, PHOTO)

    assert status_of(community, wish) == "claimed"
    assert "照片已保存" in client.get(answer.headers["location"]).text


def test_as_many_photos_as_policy_wants_are_asked_for(community: Community, signed_in: SignIn, held: Held) -> None:
    wish, client = held("想修好窗台"), signed_in("liu")
    community.do("svc_operator", SetPolicy(name="requests.evidence", value=2))
    try:
        refused = deliver(client, wish, PHOTO, **FINISHED)
        assert refused.status_code == 422
        assert 'role="alert"' in refused.text
        assert "办好之前还需要 1 张照片" in refused.text
        assert deliver(client, wish, from_a_phone(colour="#112233"), **FINISHED).status_code == 303
    finally:
        community.do("svc_operator", SetPolicy(name="requests.evidence", value=0))
    assert status_of(community, wish) == "fulfilled"


def test_a_form_sent_twice_shows_everything_once(community: Community, signed_in: SignIn, held: Held) -> None:
    wish, client = held("想修好台阶"), signed_in("liu")
    fields = {**secrets_of(client, f"requests/{wish}/photos"), **FINISHED}
    address = f"/{LEDGER}/requests/{wish}/photos"

    answers = [client.post(address, data=fields, files=[("photo", ("a.jpg", PHOTO))]).status_code for _ in range(2)]

    assert answers[0] == 303
    assert status_of(community, wish) == "fulfilled"
    assert len(digests(community, wish)) == 1


def test_the_neighbour_shows_what_is_broken(community: Community, signed_in: SignIn) -> None:
    wish, client = community.wish("想修好灶台"), signed_in("nai")
    link = f'href="/{LEDGER}/requests/{wish}/photos"'
    assert link in client.get(f"/{LEDGER}/requests/{wish}").text
    assert link in signed_in("son").get(f"/{LEDGER}/requests/{wish}").text
    assert link not in signed_in("wang").get(f"/{LEDGER}/requests/{wish}").text

    assert deliver(client, wish, PHOTO).status_code == 303
    assert client.get(photo_at(wish, *digests(community, wish))).status_code == 200


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("uploads", "said", "code"),
    [
        ((), {}, "photo_missing"),
        ((b"no picture",), {}, "photo_unreadable"),
        ((claiming(60_000, 60_000),), {}, "photo_too_many_pixels"),
        ((PHOTO,) * 4, {}, "photo_too_many"),
        ((PHOTO,), {"remark": "长" * 501}, "photo_remark_long"),
    ],
)
def test_what_cannot_be_taken_is_said_at_the_field_and_nothing_is_kept(
    community: Community, signed_in: SignIn, held: Held, uploads: tuple[bytes, ...], said: dict[str, str], code: str,
    lang: str,
) -> None:  # fmt: skip
    wish, client = held(f"想修好{code}{lang}"), signed_in("liu")
    client.headers["Accept-Language"] = lang

    answer = deliver(client, wish, *uploads, **said)

    assert answer.status_code == 422
    assert 'href="#photo"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "errors." not in answer.text
    assert digests(community, wish) == frozenset()
    assert community.store.photos.kept(LEDGER, wish) == frozenset()


# ---- how much is taken in --------------------------------------------------------------------------------------------


def test_more_than_the_limit_is_refused_before_it_is_read(signed_in: SignIn, held: Held) -> None:
    wish, client = held("想修好天花板"), signed_in("liu")
    address = f"/{LEDGER}/requests/{wish}/photos"

    for size, status in ((photos.MOST_FORM_BYTES + 1, 413), (1024 * 1024 + 1, 422)):
        answer = client.post(address, content=b"x" * size, headers={"Content-Type": "multipart/form-data; boundary=x"})
        assert answer.status_code == status


def test_nobody_else_sends_more_than_a_mebibyte(client: TestClient, held: Held) -> None:
    wish = held("想修好地板")

    for path in (f"requests/{wish}/fulfil", f"requests/{wish}/photos/more", "photos", f"do/photos/{wish}"):
        assert client.post(f"/{LEDGER}/{path}", content=b"x" * (1024 * 1024 + 1)).status_code == 413


def test_who_it_is_is_asked_before_photos_are_read(
    client: TestClient, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish = held("想修好阳台")
    monkeypatch.setattr("api.pages.photo_forms.form_with_photos", None)

    answer = client.post(f"/{LEDGER}/requests/{wish}/photos", files=[("photo", ("a.jpg", PHOTO))])

    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in")


def test_a_form_that_never_ends_is_given_up(signed_in: SignIn, held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    wish, client = held("想修好扶手"), signed_in("liu")
    monkeypatch.setattr(photos, "_PATIENCE_SECONDS", 0)

    async def never(_self: object) -> None:
        await asyncio.sleep(30)

    monkeypatch.setattr(photos._InMemory, "parse", never)

    assert "没有传完" in deliver(client, wish, PHOTO).text


def test_files_are_not_written_to_a_disk_in_clear() -> None:
    assert photos._InMemory.spool_max_size >= photos.MOST_FORM_BYTES


# ---- who sees them ---------------------------------------------------------------------------------------------------


def test_those_concerned_see_photos_and_nobody_else(
    community: Community, client: TestClient, signed_in: SignIn, held: Held
) -> None:
    wish = held("想修好衣柜")
    deliver(signed_in("liu"), wish, PHOTO)
    (sha256,) = digests(community, wish)

    seen = {who: signed_in(who).get(photo_at(wish, sha256)).status_code for who in ("liu", "nai", "son", "zhao", "wei")}
    unseen = {who: signed_in(who).get(photo_at(wish, sha256)).status_code for who in ("wang", "li", "zhu")}

    assert set(seen.values()) == {200}
    assert set(unseen.values()) == {404}
    assert client.get(photo_at(wish, sha256)).status_code == 404
    page = client.get(f"/{LEDGER}/requests/{wish}").text
    assert "/photos/" not in page
    assert "已提交 1 份，只有当事人和社区看得到" in page


def test_a_photo_shown_for_one_thing_is_not_shown_for_another(
    community: Community, signed_in: SignIn, held: Held
) -> None:
    wish, other, client = held("想修好书桌"), held("想修好书架"), signed_in("liu")
    deliver(client, wish, PHOTO)
    (sha256,) = digests(community, wish)

    for path in (photo_at(other, sha256), photo_at(wish, "0" * 64), photo_at("rec_none", sha256), photo_at("x", "y")):
        assert client.get(path).status_code == 404


def test_the_form_is_for_those_whose_work_it_is(community: Community, client: TestClient, signed_in: SignIn) -> None:
    wish = community.wish("想修好车棚")

    assert signed_in("wang").get(f"/{LEDGER}/requests/{wish}/photos").status_code == 404
    assert signed_in("nai").get(f"/{LEDGER}/requests/{wish}/photos").status_code == 200
    assert client.get(f"/{LEDGER}/requests/{wish}/photos").status_code == 303


@pytest.mark.parametrize("csrf", ["", "0" * 40])
def test_without_the_pages_secret_nothing_is_kept(
    community: Community, signed_in: SignIn, held: Held, csrf: str
) -> None:
    wish, client = held(f"想修好花架{csrf}"), signed_in("liu")

    assert deliver(client, wish, PHOTO, csrf=csrf).status_code == 403
    assert community.store.photos.kept(LEDGER, wish) == frozenset()


# ---- whose they are --------------------------------------------------------------------------------------------------


def somebody(community: Community, name: str) -> str:
    member = new_id("mem")
    community.do("svc_operator", RegisterMember(member_id=member, words=PersonWords(name=name)))
    return member


@pytest.mark.parametrize("whose", ["who asked", "who did it"])
def test_a_photo_goes_with_the_neighbour_and_with_who_took_it(community: Community, whose: str) -> None:
    """Whoever asks for erasure, the photo of both is gone, and the journal keeps its digest."""
    asked, did = somebody(community, "周奶奶"), somebody(community, "吴师傅")
    words = RequestWords(title="想修好收音机")
    post = PostRequest(kind="wish", requester=asked, category="生活服务", words=words)
    community.do(asked, post)
    community.do("zhao", PublishRequest(request_id=post.request_id))
    community.do(did, ClaimRequest(request_id=post.request_id, claimant=did))
    with TestClient(_app(community), base_url="http://127.0.0.1", follow_redirects=False) as client:
        _enter(community, client, did)
        assert deliver(client, post.request_id, PHOTO).status_code == 303
        kept = taken_in(PHOTO).sha256
        assert community.store.photos.kept(LEDGER, post.request_id) == {kept}

        gone = asked if whose == "who asked" else did
        community.do(gone, ErasePersonalData(subject=gone))
        community.store.catch_up(LEDGER)

    assert community.store.photos.read(LEDGER, post.request_id, kept) is None
    assert kept in digests(community, post.request_id)


def _app(community: Community):  # type: ignore[no-untyped-def]  # the application as the other tests make it
    from api.app import create_app

    return create_app(community.store)


def _enter(community: Community, client: TestClient, member: str) -> None:
    from api import tokens

    token, _ = tokens.create(community.store, LEDGER, actor=member)
    assert client.post("/sign-in", data={"token": token, "ledger": LEDGER}).status_code == 303


# ---- put right -------------------------------------------------------------------------------------------------------


@pytest.fixture
def ordered(community: Community) -> str:
    """An order to 绿云物业 to put something right."""
    day = day_of(community.clock()) + timedelta(days=3)
    command = OrderRectification(party=community.ids["lvyun"], matter="楼道堆物没有清理", due_day=day)
    community.do("zhao", command)
    return command.rectification_id


def test_a_unit_reports_with_a_photo_that_it_is_put_right(
    community: Community, client: TestClient, signed_in: SignIn, ordered: str
) -> None:
    rep = signed_in("liu")
    assert "还剩 3 天" in rep.get(f"/{LEDGER}/rectifications/{ordered}").text

    answer = send(rep, f"rectifications/{ordered}", PHOTO, remark="已经清理干净")

    assert answer.status_code == 303
    row = one(community.store.database, rectifications, LEDGER, rectification_id=ordered)
    assert row is not None
    assert (row["status"], row["evidence"]) == ("reported", taken_in(PHOTO).sha256)
    assert "已经清理干净" in rep.get(answer.headers["location"]).text
    assert rep.get(photo_at(ordered, row["evidence"])).status_code == 200
    assert client.get(photo_at(ordered, row["evidence"])).status_code == 404
    shown = client.get(f"/{LEDGER}/rectifications/{ordered}").text
    assert "楼道堆物没有清理" in shown
    assert "已经清理干净" not in shown


def test_a_report_says_something(signed_in: SignIn, ordered: str) -> None:
    answer = send(signed_in("liu"), f"rectifications/{ordered}")

    assert answer.status_code == 422
    assert "请写一写怎么改的" in answer.text


def test_only_the_unit_itself_reports(signed_in: SignIn, ordered: str) -> None:
    for who in ("wang", "zhao"):
        assert send(signed_in(who), f"rectifications/{ordered}", PHOTO).status_code == 404
