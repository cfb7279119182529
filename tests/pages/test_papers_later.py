"""What a number on paper tells after something happened: corrections, deletion, plaques that run out or are taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from api.papers.certificate import certificate
from api.papers.disclosure import disclosure
from api.papers.plaque import plaque
from ledger.application import OPERATOR
from ledger.clock import day_of
from ledger.disclosures.commands import CorrectDisclosure, PublishDisclosure
from ledger.errors import NotFound, Refused
from ledger.funds.commands import ReceiveDonation
from ledger.honours.commands import RevokePlaque
from ledger.hours import commands as hours
from ledger.parties.commands import ErasePersonalData, RegisterMember, RegisterUnit
from tests.pages.cast import LEDGER, Community
from tests.papers.archival import faults_of
from tests.papers.reading import number_on, order, plaque_of, read


@pytest.fixture
def community(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Community]:
    """A community of its own for each story: papers outlive what happens in it."""
    made = Community(tmp_path_factory.mktemp("papers"))
    yield made
    made.store.close()


def test_a_correction_after_printing_is_told_with_both_figures(community: Community, client: TestClient) -> None:
    session = community.deposit("wang", 120, 8, "义诊")
    number = number_on(certificate(order(community), community.ids["wang"]))
    asked = hours.RequestCorrection(session_id=session, volunteer=community.ids["wang"], minutes=30)
    community.do("wang", asked)
    community.do("qian", hours.ApproveCorrection(session_id=session, correction_id=asked.correction_id))

    told = read(client, number)
    assert "这张证书是真的，但账本后来有更正" in told
    assert "核实时长 13 小时 11 小时 30 分" in told and "义诊 2 小时 30 分钟" in told
    again = read(client, number_on(certificate(order(community), community.ids["wang"])))
    assert "没有变过" in again and "11 小时 30 分" in again


def test_service_of_other_days_changes_nothing_on_a_certificate(community: Community, client: TestClient) -> None:
    today = day_of(community.clock())
    number = number_on(certificate(order(community), community.ids["wang"], None, today - timedelta(days=3)))
    community.deposit("wang", 60, 1, "义诊")
    told = read(client, number)
    assert "没有变过" in told and "7 小时" in told


def test_who_had_their_data_deleted_is_forgotten_here_too(community: Community, client: TestClient) -> None:
    number = number_on(certificate(order(community), community.ids["wang"]))
    community.do("wang", ErasePersonalData(subject=community.ids["wang"]))
    community.store.catch_up(LEDGER)
    told = read(client, number)
    assert "本人的资料已按要求删除" in told
    for gone in ("王", "11 小时", "敬老理发", "没有变过"):
        assert gone not in told
    with pytest.raises(NotFound):
        certificate(order(community), community.ids["wang"])


def test_who_has_nothing_to_certify_or_no_name_gets_a_sentence_and_no_paper(community: Community) -> None:
    with pytest.raises(Refused, match="no_service_to_certify"):
        certificate(order(community), community.ids["nai"])
    nameless = RegisterMember()
    community.do(OPERATOR, nameless)
    community.ids["nobody"] = nameless.member_id
    community.deposit("nobody", 60, 1)
    with pytest.raises(Refused, match="no_name_to_print"):
        certificate(order(community), nameless.member_id)


def test_a_plaque_is_valid_then_runs_out(community: Community, client: TestClient) -> None:
    number = number_on(plaque(order(community), plaque_of(community)))
    assert "这块铭牌是真的，现在有效" in read(client, number) and "金牌" in read(client, number)
    community.clock.moved = 800
    assert "已经过期" in read(client, number)


def test_a_plaque_that_was_taken_back_says_when_and_why(community: Community, client: TestClient) -> None:
    plaque_id = plaque_of(community)
    number = number_on(plaque(order(community), plaque_id))
    community.do("zhao", RevokePlaque(plaque_id=plaque_id, reason="agreement_ended"))
    told = read(client, number)
    assert "这块铭牌已经收回" in told and "协议已终止" in told
    page = client.get(f"/{LEDGER}/plaques/{plaque_id}").text
    assert "已收回" in page and "协议已终止" in page


def test_a_disclosure_that_was_corrected_since_says_so(community: Community, client: TestClient) -> None:
    community.clock.moved = 40
    until = day_of(community.clock()) - timedelta(days=1)
    published = PublishDisclosure(fund="fund_nuanxing", until_day=until)
    community.do("zhu", published)
    paper = disclosure(order(community), published.disclosure_id)
    assert faults_of(paper.pdf()) == []
    assert "这份报告是真的" in read(client, number_on(paper))

    community.do(
        "zhu", ReceiveDonation(fund="fund_nuanxing", amount_fen=77_00, anonymous=True, day=until - timedelta(days=2))
    )
    community.do("zhu", CorrectDisclosure(disclosure_id=published.disclosure_id, reason="late_entry"))
    told = read(client, number_on(paper))
    assert "但账本后来有更正" in told and "期末结余" in told
    assert "已更正 1 次" in str(disclosure(order(community), published.disclosure_id).values["correction"])


def test_a_rare_character_is_told_before_anything_is_printed_and_left_open_where_that_is_wanted(
    community: Community, signed_in: Callable[[str], TestClient]
) -> None:
    unit = RegisterUnit(kind="property_service", name="𠮷祥物业")
    community.do(OPERATOR, unit)
    worker = signed_in("zhao")
    address = f"/{LEDGER}/units/{unit.unit_id}/statement.pdf"
    refused = worker.get(address)
    assert refused.status_code == 422
    assert "字库里没有这些字" in refused.text and "U+20BB7" in refused.text
    made = worker.get(f"{address}?by_hand=1")
    assert made.status_code == 200 and faults_of(made.content) == []


def test_a_paper_carries_the_fingerprint_of_the_last_seal_before_it(community: Community) -> None:
    assert certificate(order(community), community.ids["wang"]).values["fingerprint"] == ""
    community.store.sealer.catch_up(LEDGER, force_checkpoint=True)
    sealed = community.store.seals.latest(LEDGER)
    assert sealed is not None
    told = str(certificate(order(community), community.ids["wang"]).values["fingerprint"])
    assert sealed.root.hex()[:16] in told.replace(" ", "")


def test_a_certificate_that_was_issued_over_the_api_is_checked_by_its_id_with_a_masked_name(
    community: Community, client: TestClient
) -> None:
    issued = hours.IssueCertificate(member=community.ids["wang"])
    community.do("wang", issued)
    answer = client.get(f"/{LEDGER}/verify", params={"number": issued.certificate_id})
    told = read(client, answer.headers["location"].rpartition("/")[2])
    assert "这张证书是真的" in told and "11 小时" in told and "王*" in told
    assert "王阿姨" not in told
    assert client.get(f"/{LEDGER}/verify/cert_nothing").status_code == 404
