"""What pages cost a cheap phone on a slow line, beside the same pages of another checkout in the same run.

    python -m bench.pages [BEFORE] [--times 3]

`BEFORE` is the folder of another checkout with a `.venv` of its own: the pages before a change. Both are opened
by turns, each time by a new browser with nothing cached: Chromium with its processor slowed down four times, on a line of
1.6 Mbit/s and 150 ms (Lighthouse's "slow 4G"). What is told is the median of so many times. The drawer is
scrolled to its end, as layout shifts and long tasks come with what is loaded then.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, CDPSession, sync_playwright

from bench.reporting import Table
from bench.start import environment, is_well
from tests.serving import free_port

ROOT = Path(__file__).parents[1]
BROWSER = os.environ.get("BESIDE_TEST_BROWSER") or shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
WIDE, HIGH = 390, 844
SLOWED_DOWN = 4
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}
# Each must stay below.
GOALS = {
    "first text (ms)": 1500,
    "layout shift": 0.05,
    "longest task (ms)": 100,
    "script (bytes)": 36_000,
    "stylesheet (bytes)": 24_000,
    "stylesheet, gzip (bytes)": 7_000,
}
MEASURED = (
    "first text (ms)",
    "bytes",
    "requests",
    "main thread (ms)",
    "longest task (ms)",
    "layout shift",
    "script (bytes)",
    "stylesheet (bytes)",
    "stylesheet, gzip (bytes)",
)
# From the first byte on, in the page itself.
WATCH = """
window.seen = { shift: 0, task: 0, text: 0 };
const watch = (type, told) => new PerformanceObserver(list => list.getEntries().forEach(told)).observe({ type, buffered: true });
watch('layout-shift', one => { if (!one.hadRecentInput) seen.shift += one.value; });
watch('longtask', one => { seen.task = Math.max(seen.task, one.duration); });
watch('paint', one => { if (one.name === 'first-contentful-paint') seen.text = one.startTime; });
"""
SCROLL = "by => window.scrollBy({ top: by, behavior: 'instant' })"
SCREENS, PAUSE_MS, SETTLE_MS = 12, 120, 1500


@dataclass
class Served:
    """A checkout that is being served: its address, its pages, and what was measured of each."""

    address: str
    cookie: list[str]
    pages: dict[str, str]
    found: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    def middle(self, page: str, what: str) -> float:
        """The median of what was measured."""
        return median(self.found[page, what])


def main() -> int:
    """Measure by turns, print the table, and end with 1 where a goal is missed."""
    parser = argparse.ArgumentParser()
    parser.add_argument("before", nargs="?", type=Path)
    parser.add_argument("--times", type=int, default=3)
    asked = parser.parse_args()
    checkouts = [ROOT, *([asked.before.resolve()] if asked.before else [])]
    with ExitStack() as stack:
        served = [stack.enter_context(_serve(checkout)) for checkout in checkouts]
        browser = stack.enter_context(_browser())
        for _ in range(asked.times):
            for name in served[0].pages:
                for one in served:
                    _open(browser, one, name)
    return _tell(served)


def _tell(served: list[Served]) -> int:
    table, missed = Table("pages", ["page", "what", "measured", "before", "times", "goal"]), 0
    for page in served[0].pages:
        for what in MEASURED:
            now, goal = served[0].middle(page, what), GOALS.get(what)
            before = served[1].middle(page, what) if len(served) > 1 else None
            times = round(now / before, 2) if before else ""
            missed += goal is not None and now > goal
            was = "" if before is None else _rounded(before)
            table.add(page, what, _rounded(now), was, times, "" if goal is None else goal)
    table.finish()
    return 1 if missed else 0


def _rounded(value: float) -> float:
    return round(value, 3) if value < 1 else round(value)


@contextmanager
def _serve(checkout: Path) -> Iterator[Served]:
    """A new place with the pages in it, made and served by this checkout's own code."""
    with tempfile.TemporaryDirectory(prefix="beside-pages-") as folder:
        port, binaries = free_port(), checkout / ".venv" / "bin"
        env = environment(Path(folder), port)
        paths = {"PYTHONPATH": f"{checkout / 'src'}{os.pathsep}{ROOT}"}
        script = Path(__file__).with_name("pages_place.py")
        told = subprocess.run(
            [binaries / "python", script],
            env=env | paths,
            check=True,
            capture_output=True,
            text=True,
        )
        server = subprocess.Popen(
            [binaries / "beside", "serve"], env=env, stdout=subprocess.DEVNULL
        )
        try:
            while not is_well(port):
                time.sleep(0.05)
            yield Served(f"http://localhost:{port}", **json.loads(told.stdout.splitlines()[-1]))
        finally:
            server.terminate()
            server.wait()


@contextmanager
def _browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        try:
            yield chromium
        finally:
            chromium.close()


def _open(browser: Browser, served: Served, name: str) -> None:
    """Open one page in a new browser context, scroll through it, and note what it cost."""
    context = browser.new_context(
        viewport={"width": WIDE, "height": HIGH}, is_mobile=True, has_touch=True
    )
    cookie, value = served.cookie
    context.add_cookies([{"name": cookie, "value": value, "url": served.address}])
    page = context.new_page()
    page.add_init_script(WATCH)
    line = context.new_cdp_session(page)
    traffic = _Traffic(line)
    line.send("Performance.enable")
    line.send("Network.emulateNetworkConditions", SLOW_4G)
    line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED_DOWN})
    page.goto(served.address + served.pages[name], wait_until="load", timeout=120_000)
    page.wait_for_timeout(SETTLE_MS)
    for _ in range(SCREENS):
        page.evaluate(SCROLL, HIGH)
        page.wait_for_timeout(PAUSE_MS)
    page.wait_for_timeout(SETTLE_MS)
    seen = page.evaluate("window.seen")
    metrics = {one["name"]: one["value"] for one in line.send("Performance.getMetrics")["metrics"]}
    found = {
        "first text (ms)": seen["text"],
        "layout shift": seen["shift"],
        "longest task (ms)": seen["task"],
        "main thread (ms)": metrics["TaskDuration"] * 1000,
        **traffic.told(),
    }
    for what, measured in found.items():
        served.found[name, what].append(measured)
    context.close()


class _Traffic:
    """What came over the line: bytes as sent, and each script's and stylesheet's bytes as written."""

    def __init__(self, line: CDPSession) -> None:
        self.line = line
        self.kinds: dict[str, str] = {}
        self.sent: dict[str, float] = {}
        line.on("Network.responseReceived", self._began)
        line.on("Network.loadingFinished", self._ended)
        line.send("Network.enable")

    def _began(self, event: dict[str, Any]) -> None:
        self.kinds[event["requestId"]] = event["type"]

    def _ended(self, event: dict[str, Any]) -> None:
        self.sent[event["requestId"]] = event["encodedDataLength"]

    def told(self) -> dict[str, float]:
        """Sums over everything that has come so far."""
        scripts = [self._body(one) for one in self._of("Script")]
        sheets = [self._body(one) for one in self._of("Stylesheet")]
        return {
            "bytes": sum(self.sent.values()),
            "requests": len(self.kinds),
            "script (bytes)": sum(map(len, scripts)),
            "stylesheet (bytes)": sum(map(len, sheets)),
            "stylesheet, gzip (bytes)": sum(len(gzip.compress(one, 9)) for one in sheets),
        }

    def _of(self, kind: str) -> list[str]:
        return [one for one, its in self.kinds.items() if its == kind and one in self.sent]

    def _body(self, request: str) -> bytes:
        body: str = self.line.send("Network.getResponseBody", {"requestId": request})["body"]
        return body.encode()


if __name__ == "__main__":
    sys.exit(main())
