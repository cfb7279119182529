"""暖兴专项基金: funders, restricted balances per service item, targeted help, and a public account of every yuan (M8)."""

from __future__ import annotations

from datetime import date, timedelta

from tests.mechanisms.money import open_fund, pay
from tests.mechanisms.street import FIRST_DAY, Street

UNITS = 52
"""Common funders, who give 470,000 yuan together (the article's figures)."""
ITEMS = (
    "meals", "clinic", "repair", "study", "child", "elder", "disabled", "veteran", "legal", "culture", "sport", "green",
)  # fmt: skip
"""Twelve service items; the one that nobody restricted (+1) is always there."""
EACH_FEN = 9_000_00


def test_fifty_two_units_give_470000_yuan_for_twelve_items_and_one(street: Street) -> None:
    charity = street.unit("慈善会", kind="social_organisation")
    open_fund(street, "nuanxing", "暖兴", charity, ITEMS)
    treasurer = street.worker("褚会计", roles=("treasurer",))
    slots = (*ITEMS, "general")
    for number in range(UNITS):
        # 51 units give 9,000 yuan each, the last one what is missing to 470,000.
        amount_fen = EACH_FEN if number < UNITS - 1 else 470_000_00 - EACH_FEN * (UNITS - 1)
        street.do(
            "receive_donation", by=treasurer, fund="fund_nuanxing", donor=street.unit(f"共建单位{number}", kind="enterprise"),
            item=slots[number % len(slots)], amount_fen=amount_fen, named=True,
        )  # fmt: skip

    fund = street.see("fund", fund="fund_nuanxing")
    assert fund["received_fen"] == 470_000_00
    assert [item["item"] for item in fund["items"] if item["received_fen"]] == ["general", *ITEMS]
    assert street.figure("fund:nuanxing:income") == 470_000_00
    funders = street.see("receipts", fund="fund_nuanxing", limit=200)["receipts"]
    assert len({one["donor"]["id"] for one in funders}) == UNITS


def test_help_for_one_household_is_kept_apart_traced_and_ended(street: Street) -> None:
    charity = street.unit("慈善会", kind="social_organisation")
    committee = open_fund(street, "nuanxing", "暖兴", charity, ("meals",))
    treasurer, worker = street.worker("褚会计", roles=("treasurer",)), street.worker("赵书记")
    wang, bank = street.person("王阿姨"), street.unit("农商行", kind="enterprise")
    case = street.do(
        "open_help_case", by=worker, fund="fund_nuanxing", title="三号楼火灾", beneficiary=wang, need_fen=8_000_00,
        words={"situation": "厨房烧毁"},
    ).ids["case_id"]  # fmt: skip
    item = street.see("help_case", by=worker, case_id=case)["item"]

    # Nobody gives for somebody they are tied to (慈善法 §40).
    give = {"fund": "fund_nuanxing", "item": item, "amount_fen": 1_00}
    street.refused("receive_donation", "donor_has_interest", by=treasurer, donor=wang, **give)
    first = street.do("receive_donation", by=treasurer, donor=bank, **{**give, "amount_fen": 5_000_00}).ids[
        "receipt_id"
    ]
    second = street.do("receive_donation", by=treasurer, **{**give, "amount_fen": 3_000_00}).ids["receipt_id"]
    hands = (worker, committee[0], treasurer)
    grant = pay(street, hands, 6_000_00, item=item, category="aid", payee=wang)

    # First in, first out: the bank's gift whole, and the next one in part.
    sources = street.see("grant_sources", grant_id=grant)
    assert [(one["receipt_id"], one["amount_fen"]) for one in sources["allocations"]] == [
        (first, 5_000_00),
        (second, 1_000_00),
    ]
    trace = street.see("donation_trace", receipt_id=second)
    assert [(one["grant_id"], one["amount_fen"]) for one in trace["allocations"]] == [(grant, 1_000_00)]
    assert [one["left_fen"] for one in trace["lots"]] == [2_000_00]
    assert street.figure(f"allocation:{grant}.2:amount_fen") == 1_000_00
    assert street.figure(f"lot:{second}.1:left_fen") == 2_000_00

    # What is left goes to the meals, by somebody who did not open the case, and it shows in the public account.
    street.refused("close_help_case", "not_allowed", by=worker, case_id=case, outcome="helped")
    street.do("close_help_case", by=committee[1], case_id=case, outcome="helped", to_item="meals")
    street.refused("receive_donation", "case_closed", by=treasurer, donor=bank, **give)
    assert street.see("help_case", by=worker, case_id=case)["remainder_fen"] == 2_000_00
    meals = pay(street, hands, 2_000_00, item="meals", category="food")
    assert [one["receipt_id"] for one in street.see("grant_sources", grant_id=meals)["allocations"]] == [second]
    by_item = {one["item"]: one for one in street.see("fund", fund="fund_nuanxing")["items"]}
    assert (by_item["meals"]["moved_fen"], by_item[item]["moved_fen"]) == (2_000_00, -2_000_00)
    street.hidden("help_cases", "not_for_your_roles", by=street.person("李师傅"))


def test_a_gift_changes_its_purpose_only_with_the_donors_word_and_goes_back_by_two(street: Street) -> None:
    charity = street.unit("慈善会", kind="social_organisation")
    committee = open_fund(street, "nuanxing", "暖兴", charity, ("meals", "clinic"))
    treasurer, other = street.worker("褚会计", roles=("treasurer",)), street.worker("卫出纳", roles=("treasurer",))
    bank = street.unit("农商行", kind="enterprise")
    speaker = street.speaker(bank, "刘经理")
    receipt = street.do(
        "receive_donation", by=treasurer, fund="fund_nuanxing", donor=bank, item="meals", amount_fen=10_000_00
    ).ids["receipt_id"]
    grant = street.do(
        "propose_grant", by=committee[0], fund="fund_nuanxing", item="clinic", category="aid", amount_fen=4_000_00
    ).ids["grant_id"]
    street.refused("approve_grant", "insufficient_fund", by=committee[1], grant_id=grant)

    change = street.do(
        "ask_restriction_change", by=treasurer, receipt_id=receipt, to_item="clinic", amount_fen=4_000_00,
        reason="more_urgent",
    ).ids["change_id"]  # fmt: skip
    street.refused("agree_restriction_change", "not_the_donor", by=treasurer, change_id=change)
    street.do("agree_restriction_change", by=speaker, change_id=change)
    street.do("approve_grant", by=committee[1], grant_id=grant)
    street.do("pay_grant", by=treasurer, grant_id=grant)
    assert [one["grant_id"] for one in street.see("donation_trace", receipt_id=receipt)["allocations"]] == [grant]
    assert street.see("restriction_change", by=treasurer, change_id=change)["status"] == "agreed"

    # Management takes at most a tenth of what the year spent: 4,000 yuan so far, so not 500 more.
    fee = {"fund": "fund_nuanxing", "item": "meals", "category": "management_fee"}
    greedy = street.do("propose_grant", by=committee[0], amount_fen=500_00, **fee).ids["grant_id"]
    street.refused("approve_grant", "fee_over_ceiling", by=committee[1], grant_id=greedy)
    modest = street.do("propose_grant", by=committee[0], amount_fen=400_00, **fee).ids["grant_id"]
    street.do("approve_grant", by=committee[1], grant_id=modest)

    street.do("set_policy", by=street.operator, name="funds.refund_approvers", value=2)
    refund = {"receipt_id": receipt, "amount_fen": 1_000_00, "reason": "wrong_fund"}
    street.do("refund_donation", by=treasurer, **refund)
    street.refused("refund_donation", "second_refunder_needed", by=treasurer, **refund)
    street.do("refund_donation", by=other, **refund)
    assert street.figure(f"receipt:{receipt}:refunded_fen") == 1_000_00


def test_a_fund_tells_what_it_did_every_quarter_in_an_emergency_and_at_the_end(street: Street) -> None:
    charity = street.unit("慈善会", kind="social_organisation")
    committee = open_fund(street, "nuanxing", "暖兴", charity, ("meals",))
    treasurer, bank = street.worker("褚会计", roles=("treasurer",)), street.unit("农商行", kind="enterprise")
    gift = {"fund": "fund_nuanxing", "donor": bank, "item": "meals"}
    street.do("receive_donation", by=treasurer, amount_fen=3_000_00, **gift)
    pay(street, (committee[0], committee[1], treasurer), 1_000_00, item="meals", category="food")

    # Nobody states a figure, and no day that is not over.
    told = {"fund": "fund_nuanxing"}
    street.refused("publish_disclosure", "period_not_over", by=treasurer, until_day=str(FIRST_DAY), **told)
    street.at(date(2026, 6, 3))
    due = street.see("disclosures_due")["disclosures_due"][0]
    assert (due["due_day"], due["overdue"]) == ("2026-06-02", True)
    first = street.do("publish_disclosure", by=treasurer, until_day=str(date(2026, 5, 31)), **told).ids["disclosure_id"]
    shown = street.see("disclosure", disclosure_id=first)
    assert [shown[name] for name in ("kind", "received_fen", "spent_fen", "closing_fen")] == [
        "periodic", 3_000_00, 1_000_00, 2_000_00,
    ]  # fmt: skip
    assert street.figure(f"disclosure:{first}:closing_fen") == 2_000_00
    assert not street.see("disclosures_due")["disclosures_due"][0]["overdue"]

    # Money of May that was entered in June: the disclosure is corrected in public, with its reason.
    street.refused("correct_disclosure", "figures_unchanged", by=treasurer, disclosure_id=first, reason="late_entry")
    street.do("receive_donation", by=treasurer, amount_fen=500_00, day=str(date(2026, 5, 20)), **gift)
    street.do("correct_disclosure", by=treasurer, disclosure_id=first, reason="late_entry")
    shown = street.see("disclosures", fund="fund_nuanxing")["disclosures"][0]
    assert (shown["received_fen"], shown["corrections"], shown["reason"]) == (3_500_00, 1, "late_entry")
    items = street.see("disclosure_items", disclosure_id=first)["disclosure_items"]
    assert [(one["item"], one["closing_fen"]) for one in items] == [("meals", 2_500_00)]

    # In an emergency every five days; and a final one within three months of the end.
    street.do("declare_emergency", by=street.operator, until_day=str(date(2026, 6, 30)), **told)
    assert street.see("disclosures_due")["disclosures_due"][0]["due_day"] == "2026-06-08"
    street.at(date(2026, 6, 8))
    urgent = street.do("publish_disclosure", by=treasurer, **told).ids["disclosure_id"]
    assert street.see("disclosure", disclosure_id=urgent)["kind"] == "emergency"
    street.refused("close_fund", "fund_not_empty", by=street.operator, reason="purpose_met", **told)
    pay(street, (committee[0], committee[1], treasurer), 2_500_00, item="meals", category="food")
    street.do("close_fund", by=street.operator, reason="purpose_met", **told)
    street.refused("receive_donation", "fund_closed", by=treasurer, amount_fen=1_00, **gift)
    street.at(date(2026, 6, 8) + timedelta(days=30))
    final = street.do("publish_disclosure", by=treasurer, **told).ids["disclosure_id"]
    shown = street.see("disclosure", disclosure_id=final)
    assert (shown["kind"], shown["opening_fen"], shown["spent_fen"], shown["closing_fen"]) == (
        "final", 2_500_00, 2_500_00, 0,
    )  # fmt: skip
    assert street.see("disclosures_due")["disclosures_due"][0]["due_day"] is None


def test_what_is_only_asked_for_is_shown_to_who_decides_about_money(street: Street) -> None:
    charity = street.unit("慈善会", kind="social_organisation")
    committee = open_fund(street, "nuanxing", "暖兴", charity, ("meals",))
    treasurer, stranger = street.worker("褚会计", roles=("treasurer",)), street.person("李师傅")
    street.do("receive_donation", by=treasurer, fund="fund_nuanxing", item="meals", amount_fen=3_000_00)
    ask = {"fund": "fund_nuanxing", "item": "meals", "category": "food", "amount_fen": 1_000_00}
    grants = [street.do("propose_grant", by=committee[0], **ask).ids["grant_id"] for _ in range(2)]
    street.do("decline_grant", by=committee[1], grant_id=grants[1], reason="too_much")

    for grant in grants:
        street.hidden("grant_sources", "no_such_grant", by=stranger, grant_id=grant)
        assert street.see("grant_sources", by=treasurer, grant_id=grant)["amount_fen"] == 1_000_00

    street.do("approve_grant", by=committee[1], grant_id=grants[0])
    street.do("pay_grant", by=treasurer, grant_id=grants[0])
    assert street.see("grant_sources", by=stranger, grant_id=grants[0])["amount_fen"] == 1_000_00


def test_an_emergency_that_is_declared_again_puts_nothing_off(street: Street) -> None:
    charity = street.unit("慈善会", kind="social_organisation")
    open_fund(street, "nuanxing", "暖兴", charity)
    treasurer, told = street.worker("褚会计", roles=("treasurer",)), {"fund": "fund_nuanxing"}
    declared = {"by": street.operator, "until_day": str(FIRST_DAY + timedelta(days=60)), **told}
    street.do("declare_emergency", **declared)
    due_day = str(FIRST_DAY + timedelta(days=5))
    street.at(FIRST_DAY + timedelta(days=8))
    street.do("declare_emergency", **declared)
    due = street.see("disclosures_due")["disclosures_due"][0]
    assert (due["due_day"], due["overdue"]) == (due_day, True)
    sooner = {**declared, "until_day": str(FIRST_DAY + timedelta(days=8))}
    street.refused("declare_emergency", "emergency_untold", **sooner)

    # Once it was told what happened so far, it may end sooner.
    street.do("publish_disclosure", by=treasurer, **told)
    street.do("declare_emergency", **sooner)
    assert not street.see("disclosures_due")["disclosures_due"][0]["overdue"]
