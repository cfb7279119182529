"""One of every paper, with the invented cast and nothing of a ledger: what the press is tried with."""

from __future__ import annotations

from typing import Any

from api.papers import qr
from api.papers.cards import Card, cards
from api.papers.ordered import marked, parts_of
from api.papers.paper import Paper, words_of
from api.papers.posters import Poster, poster

NUMBER = "008X-FRK5-Y9JG-4SF3-J07Q-34ZT-XRHK"
COMMUNITY = "祥云社区"


def paper_of(template: str, lang: str, values: dict[str, Any]) -> Paper:
    """A paper with what all signed ones share."""
    shared = {
        "community": COMMUNITY, "words": words_of(template, lang) | words_of("shared", lang), "number": NUMBER,
        "code": qr.svg(f"https://nuanlin.example/xiangyun/verify/{NUMBER}", light=None),
        "host": "nuanlin.example/xiangyun/verify", "entry": "账本第 126 条为止", "day": "2026年11月23日",
        "fingerprint": "封存指纹（前 120 条）9f3c 71a0 44de b8e2",
    }  # fmt: skip
    return Paper(template=template, values={**shared, **values}, lang=lang)


def a_certificate(name: str = "王阿姨", lang: str = "zh") -> Paper:
    """Of 王阿姨, or of somebody else."""
    sentence = f"兹证明 {marked('n', name)}（编号 V29）参加志愿服务，经核实共计 {marked('h', '33 小时 5 分')}。"
    kinds = [
        ("敬老理发", "10 小时", "5 次", 1000),
        ("陪诊", "7 小时", "2 次", 700),
        ("助餐送餐", "5 小时", "1 次", 500),
    ]
    values = {
        "sentence": parts_of(sentence), "stars": 2, "most_stars": 5, "figures": [["服务次数", "8 次"], ["服务天数", "8 天"]],
        "kinds": [{"name": kind, "hours": hours, "times": times, "bar": bar} for kind, hours, times, bar in kinds],
    }  # fmt: skip
    return paper_of("certificate", lang, values)


def a_plaque(lang: str = "zh", *, marks: bool = True, tier: str = "gold") -> Paper:
    """Of 绿云物业."""
    values = {"unit": "绿云物业", "tier": tier, "tier_name": "金牌", "marks": marks, "term": "有效期至2028年11月23日"}
    return paper_of("plaque", lang, values)


def a_statement(lang: str = "zh", rows: int = 4) -> Paper:
    """A year of 绿云物业."""
    values = {
        "title": "2026 年度共建情况表", "unit": "绿云物业", "sentence": "账本所记如下。",
        "rows": [[f"物资：热水袋{n}", f"{n + 1} 件"] for n in range(rows)],
    }  # fmt: skip
    return paper_of("unit_year", lang, values)


def a_report(lang: str = "zh", items: int = 3) -> Paper:
    """A disclosure of a fund."""
    values = {
        "fund": "暖心基金", "kind": "定期公开", "period": "2026年7月1日至2026年9月30日", "correction": "已更正 1 次。",
        "figures": [["期初结余", "1,000.00 元"], ["期末结余", "800.00 元"]], "columns": ["服务项目", *("收到",) * 6],
        "items": [[f"助餐{n}", *("100,000.00 元",) * 6] for n in range(items)],
    }  # fmt: skip
    return paper_of("disclosure", lang, values)


def some_cards(count: int = 11, lang: str = "zh", *, sheet: bool = True) -> Paper:
    """Of so many neighbours."""
    address = "https://nuanlin.example/xiangyun/card/9f3kd02kfd9d02kdkf0d9fkd"
    given = [Card(name=f"王阿姨{n}", number=f"V{n + 20}", address=address, note="7号院") for n in range(count)]
    return cards(given, community=COMMUNITY, lang=lang, sheet=sheet)


def a_poster(lang: str = "zh", size: str = "a4") -> Paper:
    """For a shift."""
    given = Poster(
        kind="shift", title="周六大扫除", address="https://nuanlin.example/xiangyun/here/7", lines=["7号院门口"]
    )
    return poster(given, community=COMMUNITY, lang=lang, size="a3" if size == "a3" else "a4")


def all_of(lang: str) -> list[Paper]:
    """Every kind once."""
    return [
        a_certificate(lang=lang), a_plaque(lang), a_statement(lang), a_report(lang), some_cards(lang=lang),
        a_poster(lang),
    ]  # fmt: skip
