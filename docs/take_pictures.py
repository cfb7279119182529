"""Takes the pictures of the README and the guides again: fills a demo store, serves it on loopback, drives Chromium.

    python docs/take_pictures.py [NAME …]

Writes `docs/pictures/*.png`, each of at most 200 KB. Needs the development requirements and Debian's Chromium.
"""

from __future__ import annotations

import shutil
import socket
import struct
import sys
import tempfile
import threading
import time
import zlib
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


REDUCE = """async address => {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const data = context.getImageData(0, 0, image.width, image.height).data;
    const seen = new Map(), colours = new Int32Array(data.length / 4);
    for (let i = 0; i < colours.length; i++) {
        const part = at => (data[4 * i + at] & 252) | (data[4 * i + at] >> 6);
        colours[i] = (part(0) << 16) | (part(1) << 8) | part(2);
        seen.set(colours[i], (seen.get(colours[i]) || 0) + 1);
    }
    const kept = [...seen.keys()].sort((a, b) => seen.get(b) - seen.get(a)).slice(0, 256);
    const nearest = new Map(kept.map((colour, index) => [colour, index]));
    const far = (a, b) => [16, 8, 0].reduce((sum, at) => sum + (((a >> at) & 255) - ((b >> at) & 255)) ** 2, 0);
    const index = colour => {
        if (!nearest.has(colour)) {
            let best = 0;
            kept.forEach((one, at) => { if (far(one, colour) < far(kept[best], colour)) best = at; });
            nearest.set(colour, best);
        }
        return nearest.get(colour);
    };
    const letters = [];
    for (const colour of colours) letters.push(String.fromCharCode(index(colour)));
    return {width: image.width, height: image.height, palette: kept, pixels: btoa(letters.join(''))};
}"""
"""Gives a picture's 256 commonest colours and, per pixel, the nearest of them."""


def lighter(browser: Browser, picture: bytes) -> bytes:
    """The same picture as a PNG of 256 colours: nobody sees the difference, and it weighs a third."""
    page = browser.new_page()
    found = page.evaluate(REDUCE, f"data:image/png;base64,{b64encode(picture).decode()}")
    page.close()
    width, height, pixels = found["width"], found["height"], b64decode(found["pixels"])
    palette = b"".join(colour.to_bytes(3, "big") for colour in found["palette"])
    rows = b"".join(b"\0" + pixels[row * width : (row + 1) * width] for row in range(height))
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
        (b"PLTE", palette),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    )
    chunks = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body)) for name, body in parts
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def save(picture: bytes, name: str) -> None:
    """Write a picture; one that is too heavy for a repository is an error."""
    if len(picture) > MOST_BYTES:
        raise SystemExit(f"{name}.png weighs {len(picture)} bytes, more than {MOST_BYTES}")
    (PICTURES / f"{name}.png").write_bytes(picture)
    sys.stdout.write(f"docs/pictures/{name}.png: {len(picture) // 1024} KB\n")


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
