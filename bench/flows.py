"""How many presses an everyday act takes, and how many words are shown on the way, beside another checkout.

    python -m bench.flows [BEFORE]

Each act is done in the demonstration, on a phone's screen, by somebody who presses only what leads on. Typing and the
phone's own picker aren't counted, and a line of text counts once for each act, however many pages show it.
"""

from __future__ import annotations

import argparse
import io
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Error, FilePayload, Locator, Page, sync_playwright

from bench.pages import BROWSER, FLAGS, HIGH, ROOT, WIDE
from bench.reporting import Table
from tests.serving import free_port

PHOTOGRAPHS = ROOT / "src" / "beside" / "cli" / "demo" / "photographs"
WAIT_MS, PRESS_MS = 240_000, 30_000
LETTER = "The fourteenth of March"


def _seven() -> list[FilePayload]:
    """Photographs of the demonstration as other files: those themselves are in it, and wouldn't be sent again."""
    files: list[FilePayload] = []
    for number, source in enumerate(sorted(PHOTOGRAPHS.glob("*.webp"))[:7], 1):
        file = io.BytesIO()
        Image.open(source).convert("RGB").save(file, "JPEG")
        name = f"IMG_{number}.jpg"
        files.append({"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()})
    return files


class NotThere(Exception):
    """Nothing on the page leads on: the checkout doesn't have this act."""


class Walk:
    """One act: its presses, and the words that its pages showed."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses = 0
        self.words = 0
        self._lines: set[str] = set()

    def read(self) -> None:
        """Count the lines that this act hasn't shown before."""
        for text in self.page.locator("main:visible, dialog[open]").all_inner_texts():
            for line in map(str.strip, text.splitlines()):
                self.words += 0 if line in self._lines else len(line.split())
                self._lines.add(line)

    def press(self, *names: str) -> None:
        """Press the first thing that is called one of these; raises `NotThere`."""
        for name in names:
            found = self.page.locator("a,button,summary").filter(has_text=re.compile(name))
            visible = found.filter(visible=True)
            if visible.count():
                self.on(visible.first)
                return
        raise NotThere(names)

    def on(self, part: Locator) -> None:
        """Press this."""
        part.click()
        self.presses += 1
        self.page.wait_for_load_state()
        self.page.wait_for_timeout(500)
        self.read()

    def fill(self, field: str, text: str) -> None:
        """Press a field and type."""
        self.on(self.page.locator(f"[name={field}]:visible").first)
        self.page.keyboard.type(text)

    def unfold(self, *names: str) -> None:
        """Press what folds a part of the page away, where it is folded."""
        try:
            self.press(*names)
        except NotThere:
            return


def publish_seven(walk: Walk) -> None:
    """Publish a letter with seven photographs for one circle."""
    walk.press("^Write$")
    walk.fill("words", "It was evening.")
    walk.page.locator("input[type=file][multiple]").first.set_input_files(_seven())
    walk.presses += 1
    walk.page.locator("[data-order] img").nth(6).wait_for(timeout=WAIT_MS)
    walk.unfold("^Who is this for")
    for part in ("The words", "The photographs"):
        group = walk.page.get_by_role("group", name=part)
        walk.on(group.get_by_text("These people", exact=True))
        walk.on(group.get_by_text("Family").first)
    walk.unfold("^What a reader should know")
    walk.fill("note", "What can be seen.")
    walk.unfold("^Publish")
    walk.press("Continue to publishing")
    walk.press("^Publish it")


def find_who_can_see(walk: Walk) -> None:
    """Find, by name, who can see a letter."""
    _to_own_letter(walk)
    walk.press("^By name", "Who can see")


def invite_coauthor(walk: Walk) -> None:
    """Ask somebody to write a letter together, from the draft."""
    walk.press("^Letters$", "^Drawer$")
    walk.press("Early in 2022")
    walk.press("Write this with someone", "Write it with someone", "with someone")
    walk.on(walk.page.locator("main label").filter(visible=True).first)
    walk.press("^Ask")


def take_back(walk: Walk) -> None:
    """Take a letter back, for good."""
    _to_own_letter(walk)
    walk.unfold("What you can do with it")
    walk.press("^Take it back")
    walk.press("Take it back now")


def close_place(walk: Walk) -> None:
    """Close one's place, and have it destroyed in thirty days."""
    walk.press("^You$")
    walk.press("Close my place")
    walk.press("Destroy it in 30 days")


def open_letter(walk: Walk) -> None:
    """Open a letter as a reader, with all its photographs."""
    walk.press(LETTER)
    walk.press("Show me the photographs")
    walk.press("^Show me all")


ACTS: dict[str, tuple[str, Callable[[Walk], None]]] = {
    "open a letter as a reader": ("margit", open_letter),
    "publish seven photographs": ("anna", publish_seven),
    "find who can see a letter": ("anna", find_who_can_see),
    "add a co-author": ("anna", invite_coauthor),
    "take a letter back": ("anna", take_back),
    "close one's place": ("anna", close_place),
}


def _to_own_letter(walk: Walk) -> None:
    walk.press("^Letters$", "^Drawer$")
    walk.press(LETTER)


def main() -> None:
    """Do each act in each checkout, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("before", nargs="?", type=Path)
    asked = parser.parse_args()
    now = _counted(ROOT)
    before = _counted(asked.before.resolve()) if asked.before else {}
    table = Table("flows", ["act", "presses", "presses before", "words", "words before"])
    for act in ACTS:
        table.add(
            act,
            now[act][0],
            before.get(act, ("", ""))[0],
            now[act][1],
            before.get(act, ("", ""))[1],
        )
    table.finish()


def _counted(checkout: Path) -> dict[str, tuple[int | str, int | str]]:
    with _demo(checkout) as links, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        try:
            people = {name: _signed_in(browser, links[name]) for name in ("anna", "margit")}
            return {act: _count(people[who], does) for act, (who, does) in ACTS.items()}
        finally:
            browser.close()


def _count(page: Page, does: Callable[[Walk], None]) -> tuple[int | str, int | str]:
    page.goto("/")
    walk = Walk(page)
    walk.read()
    try:
        does(walk)
    except (NotThere, Error) as missing:
        print(f"{does.__name__} leads no further at {page.url}: {missing}")
        return "–", "–"
    return walk.presses, walk.words


def _signed_in(browser: Browser, link: str) -> Page:
    base = link.split("/demo/")[0]
    context = browser.new_context(
        base_url=base, viewport={"width": WIDE, "height": HIGH}, is_mobile=True, has_touch=True
    )
    page = context.new_page()
    page.set_default_timeout(PRESS_MS)
    page.goto(link, timeout=WAIT_MS)
    if "/demo/" in page.url:
        page.locator("main button").first.click()
        page.wait_for_load_state()
    return page


@contextmanager
def _demo(checkout: Path) -> Iterator[dict[str, str]]:
    """The demonstration of this checkout; gives each person's sign-in link."""
    port = free_port()
    base = f"http://localhost:{port}"
    env = os.environ | {"BESIDE_BIND": f"127.0.0.1:{port}", "BESIDE_URL": base}
    with tempfile.NamedTemporaryFile("w+") as said:
        command = [str(checkout / ".venv" / "bin" / "beside"), "serve", "--demo"]
        server = subprocess.Popen(command, env=env, stdout=said, stderr=subprocess.STDOUT)
        try:
            while len(links := _links(Path(said.name), base)) < len(
                {who for who, _ in ACTS.values()}
            ):
                time.sleep(0.5)
            yield links
        finally:
            server.terminate()
            server.wait()


def _links(said: Path, base: str) -> dict[str, str]:
    found = re.findall(rf"({base}/demo/(\w+):\S+)", said.read_text(encoding="utf-8"))
    return {name: link for link, name in found}


if __name__ == "__main__":
    main()
