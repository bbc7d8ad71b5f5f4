"""A running app with a shop in it, and a browser that reports whatever it should not have to."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Dialog, Page

from tests.conftest import CHROMIUM, ROOT, TEST_DATABASE_URL

CUSTOMERS = "600"
JOURNEY = """\
name: new
trigger: {segment: new, on: entered}
steps:
  - wait: {until_fact: order, at_most: 10 days}
    came: [exit]
    timed_out: [{send: thank_you}]
  - split: offer
    arms: [{name: a, share: 50, steps: []}, {name: b, share: 50, steps: [{wait: {for: 1 day}}]}]
"""


def words(*rest: str) -> list[str]:
    return [sys.executable, "-c", "from regulars.cli import main; main()", *rest]


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REGULARS_", "DJANGO_"))}
    return kept | {"REGULARS_HOME": str(home), "PYTHONPATH": str(ROOT / "src")}


@dataclass
class App:
    """`regulars start` in a home of its own."""

    home: Path
    port: int = 0
    more: dict[str, str] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "App":
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        call = words("start", "--port", str(self.port), "--no-browser")
        self.process = subprocess.Popen(
            call, env=environment(self.home) | self.more, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return self
            except OSError:
                time.sleep(0.2)
        raise TimeoutError("the app did not start")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=40)


@pytest.fixture(scope="session", autouse=True)
def possible() -> None:
    """Skip where there is no browser, and on PostgreSQL: what the browser sees does not depend on the database."""
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here")
    if TEST_DATABASE_URL:
        pytest.skip("the browser looks only on SQLite")


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[App]:
    """Start the app in a fresh home."""
    app = App(tmp_path / "home").start()
    yield app
    app.stop()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Start the app on a small demo shop."""
    folder = tmp_path_factory.mktemp("demo")
    home, letter, journey = folder / "home", folder / "new.yaml", folder / "journey.yaml"
    letter.write_text("name: new\naudience: {segment: new}\ntemplate: newsletter\n", encoding="utf-8")
    journey.write_text(JOURNEY, encoding="utf-8")
    calls = [("demo", "--customers", CUSTOMERS), ("segments", "ready"), ("campaigns", "add", str(letter))]
    calls.append(("journeys", "add", str(journey)))
    for call in (words(*call) for call in calls):
        done = subprocess.run(call, env=environment(home), capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    app = App(home).start()
    yield app
    app.stop()


@dataclass
class Watched:
    """A page of the browser, and everything that it complained of."""

    page: Page
    origin: str
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> int:
        """Open an address and wait until it is quiet; return the status."""
        answer = self.page.goto(self.origin + path)
        self.page.wait_for_load_state("networkidle")
        assert answer is not None
        return answer.status


Watch = Callable[..., Watched]


@pytest.fixture
def watch(browser: Browser) -> Iterator[Watch]:
    """Return a function that opens a page which is watched: errors, forbidden things, other hosts, dialogues."""
    contexts = []

    def watched(app: App, width: int = 1440, theme: str = "light") -> Watched:
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme)  # type: ignore[arg-type]
        contexts.append(context)
        context.add_init_script(
            "document.addEventListener('securitypolicyviolation', e => console.error('FORBIDDEN ' + e.violatedDirective + ' ' + e.blockedURI))"
        )
        page = context.new_page()
        one = Watched(page, app.address)
        page.on("console", lambda said: one.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda problem: one.complaints.append(f"SCRIPT {problem}"))
        page.on("dialog", lambda box: _dismissed(one, box))
        page.on("request", lambda asked: _stays(one, asked.url))
        return one

    yield watched
    for context in contexts:
        context.close()


def _dismissed(one: Watched, box: Dialog) -> None:
    one.complaints.append(f"DIALOGUE {box.message}")
    box.dismiss()


def _stays(one: Watched, url: str) -> None:
    if not url.startswith((one.origin + "/", "data:", "about:", "blob:")):
        one.complaints.append(f"ELSEWHERE {url}")
