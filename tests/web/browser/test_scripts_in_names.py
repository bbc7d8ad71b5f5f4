"""Names, notes and titles full of scripts run nowhere."""

import csv
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.browser.conftest import App, Watch, environment, words
from tests.web.browser.places import places

pytestmark = pytest.mark.slow

RUNS = ("alert(1)", "window.pwned=1", "top.pwned=1", "confirm`1`", "document.body.id='pwned'")
SHAPES = (
    "<script>{}</script>", "<ScRiPt>{}</sCrIpT>", "</script><script>{}</script>", "<img src=x onerror={}>", "<svg onload={}>",
    "<svg><script>{}</script></svg>", '"><img src=x onerror={}>', "'><svg/onload={}>", "<body onload={}>", "<iframe srcdoc='<script>{}</script>'>",
    "<details open ontoggle={}>", "<input autofocus onfocus={}>", "<a href=javascript:{}>x</a>", "javascript:{}", "<math><mi xlink:href='javascript:{}'>",
    "{{{{{}}}}}", "{{% if 1 %}}{}{{% endif %}}", "${{{}}}", "`${{{}}}`", "<!--<img src=--><img src=x onerror={}//>", "<style>@import 'x';</style><script>{}</script>",
    "<object data=javascript:{}>", "<marquee onstart={}>", "<video><source onerror={}></video>", "&lt;script&gt;{}&lt;/script&gt;", "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "<scr<script>ipt>{}</scr</script>ipt>", "<img src='x' onerror='{}", "\u2028{}//", "]]><script>{}</script>", "'-{}-'", '"-{}-"', "');{}//", '");{}//',
    "<template><script>{}</script></template>", "<noscript><p title='</noscript><img src=x onerror={}>'>", "<link rel=stylesheet href=x onerror={}>",
    "<base href=javascript:{}//>", "<form action=javascript:{}><button>x</button></form>", "<button formaction=javascript:{}>x</button>",
    "=cmd|'/C {}'!A0", "+{}", "-{}", "@{}", "\u202e{}", "<x onpointerrawupdate={}>", "<audio src=x onerror={}>", "<embed src=javascript:{}>",
    "<meta http-equiv=refresh content='0;url=javascript:{}'>", "<table background=javascript:{}>", "hx-on:click={}", "<div hx-get=/ hx-on::load={}>", "%3Cscript%3E{}%3C/script%3E",
)  # fmt: skip
CORPUS = [shape.format(run) for shape in SHAPES for run in RUNS] + [
    shape.format(run).upper() for shape in SHAPES for run in RUNS
]


def titled(text: str) -> tuple[str, ...]:
    """Return name, category, code and channel of a product, all of them an attack."""
    return text, text, text[:30], text


def told(folder: Path, name: str, header: list[str], rows: list[list[str]]) -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.writer(handle)
        writer.writerow(header)
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """Start the app on a shop in which every word is an attack."""
    folder = tmp_path_factory.mktemp("nasty")
    people = [[f"K{n}", f"k{n}@example.com", text, text, text, text] for n, text in enumerate(CORPUS)]
    paid = "25.00", "EUR"
    orders = [
        [
            f"O{n}-{turn}",
            f"K{n}",
            f"k{n}@example.com",
            f"2024-0{turn}-1{n % 9}T10:00:00Z",
            *paid,
            text[:60],
            *titled(text),
        ]
        for n, text in enumerate(CORPUS)
        for turn in (1, 3, 5)
    ]
    happenings = [[text, "2024-05-05T10:00:00Z", f"K{n}", text] for n, text in enumerate(CORPUS)]
    headings = (
        "order_id,customer_id,email,ordered_at,total,currency,product,product_name,category,discount_code,channel"
    )
    files = {
        "customers": told(
            folder, "customers.csv", ["customer_id", "email", "first_name", "last_name", "city", "tags"], people
        ),
        "orders": told(folder, "orders.csv", headings.split(","), orders),
        "events": told(folder, "events.csv", ["name", "occurred_at", "customer_id", "note"], happenings),
    }
    home = folder / "home"
    for target, path in files.items():
        done = subprocess.run(
            words("import", target, str(path)), env=environment(home), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    app = App(home).start()
    yield app
    app.stop()


def test_nothing_of_it_runs_in_a_preview(nasty: App, watch: Watch) -> None:
    one, faults = watch(nasty), []
    one.open("/templates")
    one.page.get_by_role("button", name="Add the starter set").click()
    one.open("/brand")
    one.page.get_by_label("Name of the shop").fill(CORPUS[3])
    one.page.get_by_role("button", name="Keep").click()
    one.open("/templates/welcome")
    one.page.get_by_label("Subject").first.fill("{{ customer.first_name }}")
    for number in range(0, len(SHAPES), 3):
        one.page.get_by_label("Customer", exact=True).fill(f"k{number}@example.com")
        with one.page.expect_response("**/preview"), one.page.expect_response("**/check"):
            one.page.get_by_role("button", name="Show", exact=True).click()
        one.page.wait_for_timeout(120)
        ran = [frame.evaluate("window.pwned === 1 || document.body.id === 'pwned'") for frame in one.page.frames]
        faults += [f"k{number}: it ran"] if any(ran) else []
    assert not faults
    assert not one.complaints


def test_nothing_of_it_runs_anywhere(nasty: App, watch: Watch) -> None:
    assert len(CORPUS) >= 500
    one = watch(nasty)
    some = [f"/customers/{number}" for number in range(1, len(CORPUS), 18)]
    searches = [f"/search?q={word}" for word in ("script", "onerror", "javascript", "K1", "<svg")]
    lists = [
        "/customers?sort=name",
        "/customers?column=city&column=email&column=reference",
        "/products?sort=revenue",
        "/retention?by=channel",
        "/retention?by=product",
        "/report.html",
    ]
    faults = []
    for path in [*places(), *some, *searches, *lists]:
        one.complaints.clear()
        one.open(path)
        faults += [f"{path}: {said}" for said in one.complaints if "status of 404" not in said]
        if one.page.evaluate("window.pwned === 1 || document.body.id === 'pwned'"):
            faults.append(f"{path}: it ran")
    assert not faults, "\n".join(faults)
