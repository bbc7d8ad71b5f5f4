"""The button for notifications in a real browser: nothing is asked before a click, and under the strict policy it works."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, expect

from regulars.web.shell.headers import POLICY
from tests.conftest import ROOT
from tests.messaging.channels.test_push import BROWSER_POINT

SCRIPTS = ROOT / "src" / "regulars" / "web" / "static" / "web"
PAGE = (
    '<!doctype html><title>Shop</title><button type="button" hidden data-regulars-push="/door" data-worker="/push-worker.js" '
    f'data-key="{BROWSER_POINT}" data-person="link" data-stop="Stop">Start</button><script src="/push.js" defer></script>'
)
# No push service can be reached here, so the browser is given one that agrees; all else is the browser's own.
SERVICE = """
let mine = null; window.n_asked = 0;
const gone = async () => { mine = null; return true; };
PushManager.prototype.subscribe = async (how) => (mine = {
  endpoint: "https://push.example/x", unsubscribe: gone,
  toJSON: () => ({ endpoint: "https://push.example/x", n_key: how.applicationServerKey.length }),
});
PushManager.prototype.getSubscription = async () => mine;
Notification.requestPermission = async () => { window.n_asked += 1; return window.says || "granted"; };
"""


@dataclass
class Shop:
    """A shop's page with the button, and the door."""

    address: str = ""
    came: list[dict[str, list[str]]] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Shop]:
    shop = Shop()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *words: Any) -> None:
            """Keep quiet."""

        def do_GET(self) -> None:
            script = SCRIPTS / self.path.rpartition("/")[2]
            is_script = script.suffix == ".js"
            self._say(
                "text/javascript" if is_script else "text/html", script.read_bytes() if is_script else PAGE.encode()
            )

        def do_POST(self) -> None:
            shop.came.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self._say("application/json", b"{}")

        def _say(self, kind: str, body: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", POLICY)
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shop.address = f"http://127.0.0.1:{server.server_port}"
    Thread(target=server.serve_forever, daemon=True).start()
    yield shop
    server.shutdown()
    server.server_close()


def test_nothing_is_asked_before_a_click_and_a_second_one_takes_it_back(site: Shop, browser: Browser) -> None:
    context = browser.new_context()
    context.add_init_script(SERVICE)
    page, faults = context.new_page(), []
    page.on("console", lambda said: faults.append(said.text))
    page.on("pageerror", lambda problem: faults.append(str(problem)))
    page.goto(site.address)
    button = page.get_by_role("button")
    expect(button).to_have_text("Start")
    assert (page.evaluate("n_asked"), site.came) == (0, [])
    button.click()
    expect(button).to_have_text("Stop")
    assert page.evaluate("n_asked") == 1
    assert site.came == [{"subscription": ['{"endpoint":"https://push.example/x","n_key":65}'], "person": ["link"]}]
    button.click()
    expect(button).to_have_text("Start")
    assert site.came[1] == {"do": ["leave"], "endpoint": ["https://push.example/x"], "person": ["link"]}
    page.evaluate("window.says = 'denied'")
    button.click()
    expect(button).to_be_enabled()
    assert (button.inner_text(), len(site.came), faults) == ("Start", 2, [])
    context.close()
