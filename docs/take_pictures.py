"""Takes the pictures of the README and the guides again: fills a demo store, serves it on loopback, drives Chromium.

    python docs/take_pictures.py [NAME …]

Writes `docs/pictures/*.png`, each of at most 200 KB. Needs the development requirements and Debian's Chromium.
"""

from __future__ import annotations

import shutil
import socket
import sys
import tempfile
import threading
import time
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import uvicorn
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from api.app import create_app  # noqa: E402  # the source tree is put on the path above
from api.demo import fill, sign_ins  # noqa: E402  # as above
from api.settings import Settings  # noqa: E402  # as above
from api.store import Store  # noqa: E402  # as above

LEDGER = "fangxing"
PICTURES = ROOT / "docs" / "pictures"
MOST_BYTES = 200 * 1024
DESKTOP, PHONE = (1280, 800), (360, 740)


class Picture(NamedTuple):
    """One picture: its name, the address (`{me}` is whoever is signed in), who looks, and how."""

    name: str
    path: str
    role: str = ""
    size: tuple[int, int] = DESKTOP
    dark: bool = False
    lang: str = "zh"


SHOTS = (
    Picture("home", "/{ledger}/"),
    Picture("home-en", "/{ledger}/", lang="en"),
    Picture("statement-phone", "/{ledger}/members/{me}", "volunteer", PHONE),
    Picture("statement-phone-dark", "/{ledger}/members/{me}", "volunteer", PHONE, dark=True),
    Picture("board", "/{ledger}/board", "volunteer"),
    Picture("board-phone", "/{ledger}/board", "volunteer", PHONE),
    Picture("fund", "/{ledger}/funds/nuanxing"),
    Picture("fund-phone", "/{ledger}/funds/nuanxing", "", PHONE, dark=True),
    Picture("wall", "/{ledger}/wall"),
    Picture("wall-phone-en", "/{ledger}/wall", "", PHONE, lang="en"),
)
COMPOSED = ("statement-phone", "board-phone", "fund-phone")
"""Phones that stand side by side in `phones.png`."""


@contextmanager
def serving(store: Store) -> Iterator[str]:
    """Serve the store on a free port of this machine; gives the address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(create_app(store), host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=20)


def take(browser: Browser, address: str, shot: Picture, people: dict[str, str]) -> None:
    """One picture, as somebody sees it who just came to the page."""
    width, height = shot.size
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if shot.dark else "light",
        locale="en-GB" if shot.lang == "en" else "zh-CN",
    )  # fmt: skip
    page = context.new_page()
    if shot.role:
        page.goto(f"{address}/sign-in?ledger={LEDGER}")
        page.click(f'button[value="{people[shot.role]}"]')
        page.wait_for_load_state("networkidle")
    page.goto(address + shot.path.format(ledger=LEDGER, me=people.get(shot.role, "")), wait_until="networkidle")
    save(lighter(browser, page.screenshot()), shot.name)
    context.close()


def lighter(browser: Browser, picture: bytes) -> bytes:
    """The same picture with 64 instead of 256 steps per colour: nobody sees it, and gradients weigh half."""
    page = browser.new_page()
    address = page.evaluate(
        """async address => {
            const image = new Image();
            image.src = address;
            await image.decode();
            const canvas = document.createElement('canvas');
            [canvas.width, canvas.height] = [image.width, image.height];
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            const pixels = context.getImageData(0, 0, image.width, image.height);
            pixels.data.forEach((value, index) => { pixels.data[index] = (value & 252) | (value >> 6); });
            context.putImageData(pixels, 0, 0);
            return canvas.toDataURL('image/png');
        }""",
        f"data:image/png;base64,{b64encode(picture).decode()}",
    )
    page.close()
    return b64decode(address.partition(",")[2])


def save(picture: bytes, name: str) -> None:
    """Write a picture; one that is too heavy for a repository is an error."""
    if len(picture) > MOST_BYTES:
        raise SystemExit(f"{name}.png weighs {len(picture)} bytes, more than {MOST_BYTES}")
    (PICTURES / f"{name}.png").write_bytes(picture)
    print(f"docs/pictures/{name}.png: {len(picture) // 1024} KB")


def compose(browser: Browser) -> None:
    """Phones side by side, for the README."""
    page = browser.new_page(viewport={"width": 3 * 360 + 4 * 24, "height": 740 + 48})
    page.goto("about:blank")
    page.evaluate(
        """async addresses => {
            document.body.style.cssText = 'margin:0;padding:24px;display:flex;gap:24px;background:#efe5d8';
            for (const address of addresses) {
                const one = new Image();
                one.src = address;
                one.style.borderRadius = '22px';
                await one.decode();
                document.body.append(one);
            }
        }""",
        [f"data:image/png;base64,{b64encode((PICTURES / f'{n}.png').read_bytes()).decode()}" for n in COMPOSED],
    )
    save(lighter(browser, page.screenshot()), "phones")


def main(names: list[str]) -> None:
    """Take all pictures, or those named."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("chromium is not installed")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(database_url=str(Path(folder) / "demo.db"))
        with Store.open(settings) as store, sync_playwright() as playwright:
            fill(store, LEDGER)
            store.catch_up(LEDGER)
            people = {one.role: one.member_id for one in sign_ins(store, LEDGER)}
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            with serving(store) as address:
                for shot in SHOTS:
                    if not names or shot.name in names:
                        take(browser, address, shot, people)
                if not names or "phones" in names:
                    compose(browser)
            browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
