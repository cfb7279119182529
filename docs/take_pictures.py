"""Takes the pictures of the README and the guides again: `make screenshots`.

    python -m docs.take_pictures [NAME …]

Two communities are filled, served on loopback and looked at in Chromium: the demo for the README, and the simulated street
with names, where everybody has something to do, for the guides. Writes `docs/pictures/*.png`, each of at most 200 KB. Needs
the development requirements and Debian's Chromium.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from api.app import create_app
from api.demo import fill, sign_ins
from api.settings import Settings
from api.store import Store
from tests.house.browser import FLAGS
from tests.house.serving import serving
from tests.pages.catalogue import PAGES
from tests.pages.world import World, a_world

LEDGER = "fangxing"
PICTURES = Path(__file__).resolve().parent / "pictures"
MOST_BYTES = 200 * 1024
DESKTOP, PHONE, HALL = (1280, 800), (360, 740), (1920, 1080)


class Picture(NamedTuple):
    """One picture: its name, what is looked at, by whom, and how.

    For the demo `page` is a path (`{me}` is whoever is signed in) and `who` a role; for the street it is a name of the
    catalogue of pages, which says by itself who looks.
    """

    name: str
    page: str
    who: str = ""
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    lang: str = "zh"


DEMO = (
    Picture("home", ""),
    Picture("home-en", "", lang="en"),
    Picture("statement-phone", "members/{me}", "volunteer", PHONE),
    Picture("statement-phone-dark", "members/{me}", "volunteer", PHONE, dark=True),
    Picture("board", "board", "volunteer"),
    Picture("board-phone", "board", "volunteer", PHONE),
    Picture("fund", "funds/nuanxing"),
    Picture("fund-phone", "funds/nuanxing", "", PHONE, dark=True),
    Picture("wall", "wall"),
    Picture("wall-phone-en", "wall", "", PHONE, lang="en"),
)
STREET = (
    Picture("hall", "hall", size=HALL),
    Picture("wall-why", "wall-why", size=PHONE),
    *(
        Picture(name, page, size=PHONE)
        for name, page in (
            ("volunteer-statement", "statement"),
            ("volunteer-shifts", "shifts"),
            ("volunteer-here", "here-code"),
            ("volunteer-screen", "screen"),
            ("volunteer-use", "use"),
            ("volunteer-certificate", "certificate"),
            ("resident-ask", "ask"),
            ("resident-asked", "asked"),
            ("resident-mine", "my-requests"),
            ("resident-confirm", "do-confirm"),
            ("resident-proxy", "proxies-for"),
            ("resident-records", "records-own"),
            ("partner-unit", "unit-own"),
            ("partner-deliver", "deliver"),
            ("partner-put-right", "put-right"),
            ("partner-plaque", "unit"),
            ("worker-tree", "tree-place"),
            ("verify", "verify-certificate"),
            ("signing-in-phone", "sign-in"),
            ("signing-in-card", "card"),
            ("signing-in-mine", "sign-ins"),
            ("fund-donation", "fund-donation"),
            ("fund-mine", "my-donations-unit"),
            ("auditor-difference", "difference"),
            ("auditor-sample", "sample"),
        )
    ),
    *(
        Picture(name, page)
        for name, page in (
            ("partner-board", "units-board"),
            ("worker-queue", "work"),
            ("worker-keys", "work-piece"),
            ("worker-paper", "paper-list"),
            ("worker-import", "import-job"),
            ("worker-person", "person"),
            ("worker-print", "print"),
            ("signing-in-staff", "sign-in-staff"),
            ("fund-report", "fund-report"),
            ("fund-score", "score"),
            ("fund-grant", "grant"),
            ("fund-treasury", "treasury"),
            ("auditor-desk", "audit"),
            ("auditor-checkpoint", "checkpoint"),
            ("auditor-replay", "replay-middle"),
            ("auditor-findings", "findings"),
            ("auditor-bundle", "bundle"),
            ("plaques", "plaques"),
            ("admin", "admin"),
            ("admin-health", "admin-health"),
            ("admin-rule", "admin-rule"),
            ("admin-roles", "admin-roles"),
        )
    ),
)
COMPOSED = ("statement-phone", "board-phone", "fund-phone")
"""Phones that stand side by side in `phones.png`."""


def save(picture: Image.Image, name: str) -> None:
    """Write a picture in 256 colours, which nobody tells from the original; one that is too heavy is an error."""
    out = BytesIO()
    picture.convert("RGB").quantize(256, method=Image.Quantize.MEDIANCUT).save(out, "PNG", optimize=True)
    if out.tell() > MOST_BYTES:
        raise SystemExit(f"{name}.png weighs {out.tell()} bytes, more than {MOST_BYTES}")
    (PICTURES / f"{name}.png").write_bytes(out.getvalue())
    sys.stdout.write(f"docs/pictures/{name}.png: {out.tell() // 1024} KB\n")


@contextmanager
def looking(browser: Browser, shot: Picture) -> Iterator[BrowserContext]:
    """A browser of the picture's size, theme and language."""
    context = browser.new_context(
        viewport={"width": shot.size[0], "height": shot.size[1]}, color_scheme="dark" if shot.dark else "light",
        locale="en-GB" if shot.lang == "en" else "zh-CN", timezone_id="Asia/Shanghai",
    )  # fmt: skip
    yield context
    context.close()


def take(context: BrowserContext, address: str, shot: Picture) -> None:
    """One picture, as somebody sees it who just came to the page."""
    page = context.new_page()
    page.goto(address, wait_until="load")
    page.wait_for_timeout(300)
    save(Image.open(BytesIO(page.screenshot())), shot.name)


def of_the_demo(browser: Browser, folder: Path, shots: list[Picture]) -> None:
    """The pictures of the demo community."""
    with Store.open(Settings(database_url=str(folder / "demo.db"))) as store:
        fill(store, LEDGER)
        store.catch_up(LEDGER)
        people = {one.role: one.member_id for one in sign_ins(store, LEDGER)}
        with serving(create_app(store)) as address:
            for shot in shots:
                with looking(browser, shot) as context:
                    me = people.get(shot.who, "")
                    if me:
                        form: dict[str, str | float | bool] = {"person": me, "ledger": LEDGER}
                        context.request.post(f"{address}/sign-in", form=form)
                    take(context, f"{address}/{LEDGER}/{shot.page.format(me=me)}", shot)


def of_the_street(browser: Browser, world: World, shots: list[Picture]) -> None:
    """The pictures of the simulated street."""
    by_name = {seen.name: seen for seen in PAGES}
    with serving(world.app) as address:
        for shot in shots:
            seen = by_name[shot.page]
            with looking(browser, shot) as context:
                if seen.who:
                    form: dict[str, str | float | bool] = {"token": world.tokens[seen.who], "ledger": world.ledger}
                    context.request.post(f"{address}/sign-in", form=form)
                take(context, address + seen.address(world), shot)


def compose() -> None:
    """Phones side by side, for the README."""
    gap, parts = 24, [Image.open(PICTURES / f"{name}.png").convert("RGB") for name in COMPOSED]
    width, height = sum(one.width + gap for one in parts) + gap, parts[0].height + 2 * gap
    whole, left = Image.new("RGB", (width, height), "#efe5d8"), gap
    for one in parts:
        whole.paste(one, (left, gap))
        left += one.width + gap
    save(whole, "phones")


def main(names: list[str]) -> None:
    """Take all pictures, or those named."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("chromium is not installed")
    PICTURES.mkdir(exist_ok=True)

    def wanted(shots: tuple[Picture, ...]) -> list[Picture]:
        return [shot for shot in shots if not names or shot.name in names]

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        if demo := wanted(DEMO):
            of_the_demo(browser, Path(folder), demo)
        if street := wanted(STREET):
            with a_world(Path(folder)) as world:
                of_the_street(browser, world, street)
        browser.close()
    if not names or "phones" in names:
        compose()


if __name__ == "__main__":
    main(sys.argv[1:])
