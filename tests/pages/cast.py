"""A small community with the invented cast, filled by ordinary commands, on a clock that the stories move."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

from api import tokens
from api.settings import Settings
from api.store import Store
from ledger.application import OPERATOR, Actor
from ledger.base import Command, Fact
from ledger.clock import MICROS_PER_DAY, day_of, system_clock
from ledger.funds import commands as fund
from ledger.honours.commands import AwardPlaque
from ledger.hours import commands as hours
from ledger.parties import commands as party
from ledger.partners.commands import SignAgreement
from ledger.places.commands import AddPlace, OpenLedger
from ledger.requests import commands as request
from projections.books import queries as books

LEDGER = "xiangyun"
_FIGURE = re.compile(r'<a class="fig" href="[^"]+">(.*?)(?:<span class="hide"> · [^<]*</span>)?</a>', re.DOTALL)
ITEMS = (
    "助餐", "助浴", "助医", "助洁", "助行", "助急", "助学", "助困", "助残", "助业", "慰问", "适老改造", "一事一议",
)  # fmt: skip


def without_links(shown: str) -> str:
    """A page whose figures lead nowhere: what people read."""
    return _FIGURE.sub(r"\1", shown)


class Clock:
    """The present, and however many days the story has moved on."""

    def __init__(self) -> None:
        self.moved = 0

    def __call__(self) -> int:
        return system_clock() + self.moved * MICROS_PER_DAY


class Community:
    """An open store with everybody in it: ids by short names in `ids`, tokens in `tokens`."""

    def __init__(self, folder: Path) -> None:
        self.clock = Clock()
        self.store = Store.open(Settings(database_url=str(folder / "nuanlin.db")), clock=self.clock)
        self.ids: dict[str, str] = {}
        self.tokens: dict[str, str] = {}
        self.do(OPERATOR, OpenLedger(name="祥云社区"))
        self._people()
        self._hours()
        self._requests()
        self._fund()
        self.store.catch_up(LEDGER)

    def do(self, actor: str, command: Command) -> Fact:
        """Give a command as somebody of the cast; gives its first fact."""
        by = Actor(self.ids.get(actor, actor))
        return self.store.application.execute(LEDGER, command, actor=by).facts[0]

    def head(self) -> int:
        """The journal's last position."""
        return books.as_of(self.store.database, LEDGER).position

    def deposited(self) -> int:
        """The position at which the first service of 王阿姨 was verified."""
        lines = books.statement(self.store.database, LEDGER, f"hours:{self.ids['wang']}", limit=1_000).lines
        return lines[-1].position

    def _member(self, key: str, name: str, *roles: party.RoleName, team: str | None = None) -> None:
        command = party.RegisterMember(words=party.PersonWords(name=name, phone="13912345678"), team=team)
        self.do(OPERATOR, command)
        self.ids[key] = command.member_id
        for role in roles:
            self.do(OPERATOR, party.GrantRole(holder=command.member_id, role=role))
        self.tokens[key], _ = tokens.create(self.store, LEDGER, actor=command.member_id)

    def _people(self) -> None:
        yard = AddPlace(kind="courtyard", name="7号院")
        unit = party.RegisterUnit(kind="property_service", name="绿云物业")
        charity = party.RegisterUnit(kind="social_organisation", name="安和慈善会")
        team = party.FormTeam(name="暖心队")
        for one in (yard, unit, charity, team):
            self.do(OPERATOR, one)
        self.ids.update(yard=yard.place_id, lvyun=unit.unit_id, charity=charity.unit_id, team=team.team_id)
        self._member("wang", "王阿姨")
        self._member("li", "李师傅", team=team.team_id)
        self._member("nai", "陈奶奶")
        self._member("son", "陈小军")
        self._member("liu", "刘经理")
        self._member("zhao", "赵社工", "community_worker")
        self._member("qian", "钱社工", "community_worker")
        self._member("zhu", "褚会计", "treasurer")
        self._member("wei", "卫审计", "auditor")
        for number in range(5):
            self._member(f"committee{number}", f"委员{number}", "committee_member")
        self.do(OPERATOR, party.GrantRole(holder=self.ids["liu"], role="representative", scope=unit.unit_id))
        self.do(OPERATOR, party.RegisterProxy(principal=self.ids["nai"], proxy=self.ids["son"]))
        self.do("wang", party.AgreeToPublication(member_id=self.ids["wang"], where="wall"))
        today = day_of(self.clock())
        until = today + timedelta(days=365)
        self.do(OPERATOR, SignAgreement(unit=unit.unit_id, tier="street", from_day=today, until_day=until))

    def deposit(self, who: str, minutes: int, days_ago: int, activity: str = "敬老理发") -> str:
        """A verified session of so many days ago; gives its id."""
        day = day_of(self.clock()) - timedelta(days=days_ago)
        words = hours.SessionWords(activity=activity, content="为行动不便的老人理发")
        command = hours.DepositSession(
            volunteer=self.ids[who], minutes=minutes, day=day, place=self.ids["yard"], words=words
        )
        self.do("zhao", command)
        return command.session_id

    def _hours(self) -> None:
        for days_ago in range(1, 6):
            self.deposit("wang", 120, days_ago)
        self.deposit("li", 95, 2, "修理家电")
        mended = self.deposit("wang", 90, 6, "陪诊")
        asked = hours.RequestCorrection(session_id=mended, volunteer=self.ids["wang"], minutes=60)
        self.do("wang", asked)
        self.do("qian", hours.ApproveCorrection(session_id=mended, correction_id=asked.correction_id))
        self.do("wang", hours.GiveHours(giver=self.ids["wang"], receiver=self.ids["nai"], minutes=45))
        self.do("wang", hours.DonateHours(giver=self.ids["wang"], minutes=30))
        self.do("wang", hours.ReserveHours(member=self.ids["wang"], minutes=60))
        day = day_of(self.clock())
        words = hours.SessionWords(activity="楼道值守")
        waiting = hours.RecordSession(volunteer=self.ids["wang"], minutes=100, day=day - timedelta(days=7), words=words)
        self.do("wang", waiting)

    def wish(self, title: str, *, kind: request.RequestKind = "wish", by: str = "nai", publish: bool = True) -> str:
        """A request on the board (or still in review); gives its id."""
        words = request.RequestWords(title=title, detail="电话 13812341234，下午在家", phone="13812341234")
        command = request.PostRequest(
            kind=kind, requester=self.ids[by], place=self.ids["yard"], category="生活服务", words=words
        )
        self.do(by, command)
        if publish:
            self.do("zhao", request.PublishRequest(request_id=command.request_id))
        return command.request_id

    def _requests(self) -> None:
        self.ids["lamp"] = self.wish("想修好楼道的灯")
        self.ids["cane"] = self.wish("想要一根防滑拐杖")
        self.ids["hidden"] = self.wish("还没有审核的心愿", publish=False)
        done = self.ids["done"] = self.wish("想学用手机挂号")
        self.do("li", request.ClaimRequest(request_id=done, claimant=self.ids["li"]))
        self.do("li", request.FulfilRequest(request_id=done, claimant=self.ids["li"]))
        self.do("nai", request.CloseRequest(request_id=done, requester=self.ids["nai"], score=5))
        listing = self.ids["listing"] = self.wish("认养一片口袋公园", kind="listing", by="zhao", publish=False)
        self.do("qian", request.PublishRequest(request_id=listing))
        self.do("liu", request.ClaimRequest(request_id=listing, claimant=self.ids["lvyun"]))
        self.do("liu", request.FulfilRequest(request_id=listing, claimant=self.ids["lvyun"]))
        self.do("zhao", request.CloseRequest(request_id=listing, requester=self.ids["zhao"], score=5))
        self.do("zhao", AwardPlaque(unit=self.ids["lvyun"], request_id=listing, tier="gold"))

    def _fund(self) -> None:
        items = tuple(fund.ServiceItem(code=f"item-{n}", name=name) for n, name in enumerate(ITEMS))
        committee = tuple(self.ids[f"committee{n}"] for n in range(5))
        self.do(
            OPERATOR,
            fund.OpenFund(
                slug="nuanxing", name="暖兴专项基金", purpose="帮扶困难邻居", host_charity=self.ids["charity"],
                committee=committee, supervisor=self.ids["wei"], items=items,
            ),
        )  # fmt: skip
        wanted = {"fund": "fund_nuanxing", "method": "transfer"}
        for number in range(len(ITEMS)):
            named = number % 3 == 0
            self.do(
                "zhu",
                fund.ReceiveDonation(
                    fund=wanted["fund"], donor=self.ids["lvyun"], item=f"item-{number}", amount_fen=1_000_00 * (number + 1),
                    named=named,
                ),
            )  # fmt: skip
        for _ in range(6):
            self.do("zhu", fund.ReceiveDonation(fund=wanted["fund"], amount_fen=88_00, anonymous=True))
        grant = fund.ProposeGrant(
            fund=wanted["fund"],
            item="item-0",
            amount_fen=400_00,
            words=fund.GrantWords(payee="陈奶奶", purpose="三个月助餐"),
        )
        self.do("zhao", grant)
        self.do("committee0", fund.ApproveGrant(grant_id=grant.grant_id))
        self.do("zhu", fund.PayGrant(grant_id=grant.grant_id))
