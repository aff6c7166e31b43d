"""Makes the pictures of `docs/` from the made-up demo runner.

Run it from the top of a clone in which the README's test line was done and Debian's
Chromium is installed (or another Chromium is named in CHROMIUM):

    python docs/screenshots.py                 # every picture
    python docs/screenshots.py shoes plan      # only these

It starts the dashboard as the README says, on a free port, with a folder of its own that is deleted afterwards, so
nothing of yours is seen or changed. The server lives on one fixed day: the demo runner ends on the day before today,
and pictures made later would otherwise differ in every date. Look at the pictures before committing them.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs"
DAY = "2026-11-24"
"""The day on which the server believes itself to be; a Tuesday, so that the week has begun."""
MOST_BYTES = 300_000
SLOW_MS = 60_000
SETTLE_MS = 2_000
"""Pictures ease in, and a page draws once more when it has learnt how wide it is."""
CLOCK = (
    "import sys, time_machine; time_machine.travel('{day}T09:00:00+00:00', tick=True).start(); "
    "from streamlit.web.cli import main; sys.argv = ['streamlit', *sys.argv[1:]]; main()"
)


def as_opened(page: Page) -> None:
    """Leave the page as it opens."""


def with_last_week_copied(page: Page) -> None:
    """Fill both weeks of the plan as the last one was run, so that the guardrails have something to look at."""
    for _ in range(2):
        page.get_by_role("button", name="Copy last week").click()
        settled(page)


def in_the_consult(page: Page) -> None:
    """Begin the consult as a person does, and go to its timeline, around the newest flare."""
    page.locator(".hw-consult").click()
    settled(page)
    page.locator(".st-key-consult_steps").get_by_role("link", name="Timeline", exact=True).click()
    settled(page)


@dataclass(frozen=True)
class Picture:
    """One picture: where it is taken, how large, and what is pressed before.

    Parameters
    ----------
    path
        What follows the server's address.
    width_px, most_height_px
        Of the window; it grows with the page up to the height.
    scale
        Pixels of the picture for one of the page; 3 as on a phone.
    act
        What is done on the page first.
    """

    path: str
    width_px: int = 1440
    most_height_px: int = 1500
    scale: int = 1
    act: Callable[[Page], None] = as_opened


PICTURES = {
    "timeline": Picture("timeline", most_height_px=1800),
    "log_phone": Picture("log", width_px=390, most_height_px=985, scale=3),
    "phone": Picture("phone/log?runner=1", width_px=390, most_height_px=900, scale=2),
    "shoes": Picture("shoes"),
    "plan": Picture("plan", act=with_last_week_copied),
    "consult": Picture("", most_height_px=900, act=in_the_consult),
}


def settled(page: Page) -> None:
    """Wait until the page is drawn and at rest."""
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=SLOW_MS)
    page.wait_for_timeout(SETTLE_MS)
    # The phone's own log is no page of Streamlit, and says that it has its answers.
    at_rest = page.locator('[data-testid="stApp"][data-test-script-state="notRunning"], html[data-reached]')
    expect(at_rest).to_be_visible(timeout=SLOW_MS)
    expect(page.locator('[data-testid="stSkeleton"]')).to_have_count(0, timeout=SLOW_MS)


def compact(png: bytes) -> bytes:
    """Give the picture in 256 colours where Pillow is installed (Streamlit brings it), else as it is."""
    try:
        from PIL import Image  # noqa: PLC0415
    except ImportError:
        return png
    made = io.BytesIO()
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(256, dither=Image.Dither.NONE)
    few.save(made, "PNG", optimize=True)
    return min(made.getvalue(), png, key=len)


def take(browser: Browser, url: str, name: str, picture: Picture) -> bytes:
    """Open a page, do what belongs to it, and take its picture."""
    page = browser.new_page(
        viewport={"width": picture.width_px, "height": 900},
        device_scale_factor=picture.scale,
        color_scheme="light",
        locale="en-GB",
        timezone_id="Europe/Amsterdam",
        reduced_motion="reduce",
    )
    page.goto(f"{url}/{picture.path}")
    settled(page)
    picture.act(page)
    settled(page)
    main = "(document.querySelector('[data-testid=stMain]') ?? document.documentElement)"
    height = page.evaluate(f"{main}.scrollHeight")
    page.set_viewport_size({"width": picture.width_px, "height": min(height, picture.most_height_px)})
    page.mouse.move(1, 1)
    settled(page)
    made = compact(page.screenshot(animations="disabled", caret="hide"))
    page.close()
    if len(made) > MOST_BYTES:
        raise SystemExit(
            f"{name}.png would be {len(made)} bytes, more than {MOST_BYTES}; nothing was written."
        )
    return made


@contextmanager
def server() -> Iterator[str]:
    """Run the dashboard on a folder of its own; gives its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    known = {
        key: value for key, value in os.environ.items() if not key.startswith(("STREAMLIT_", "HEELWISE_"))
    }
    with tempfile.TemporaryDirectory() as folder, (Path(folder) / "server.log").open("w") as log:
        process = subprocess.Popen(
            [
                *(sys.executable, "-c", CLOCK.format(day=DAY), "run", "dashboard/app.py"),
                *(f"--server.port={port}", "--server.headless=true"),
            ],
            cwd=ROOT,
            env=known | {"HOME": folder, "HEELWISE_HOME": f"{folder}/home", "PYTHONPATH": str(ROOT)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            answers(url, process, Path(log.name))
            yield url
        finally:
            process.terminate()
            process.wait(20)


def answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until the server answers."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).read()  # noqa: S310 - our own server
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit(f"The server did not answer:\n{log.read_text()}")


def main(names: list[str]) -> None:
    """Take the named pictures, or all."""
    unknown = [name for name in names if name not in PICTURES]
    if unknown:
        raise SystemExit(f"There is no picture called {unknown[0]}. There are: {', '.join(PICTURES)}.")
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
    with server() as url, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name in names or PICTURES:
            made = take(browser, url, name, PICTURES[name])
            (FOLDER / f"{name}.png").write_bytes(made)
            sys.stdout.write(f"docs/{name}.png  {len(made) / 1000:.0f} kB\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1:])
