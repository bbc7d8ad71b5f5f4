"""Progress that grows, and imports that are stopped anywhere and go on."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from regulars.events import api as events
from regulars.profiles import api as profiles
from regulars.sources import api as sources
from regulars.sources.imports import frame
from regulars.sources.models import Import

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("home")]

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
FILES = {
    "orders": ["order_id,customer_id,ordered_at,total,currency", "A{n},c{p},2024-01-03,10.00,EUR"],
    "customers": ["customer_id,first_name", "c{n},Ann {n}"],
    "products": ["sku,price", "P{n},{n}"],
    "costs": ["channel,month,spend", "ads {n},2024-01-01,{n}"],
    "events": ["name,occurred_at,customer_id", "page.seen,2024-01-03T10:{m}:00Z,c{p}"],
}
FACTS = """
    SELECT fact.* EXCLUDE (seq, source, customer_id), who.identifier FROM {} AS fact
    LEFT JOIN (SELECT customer_id, min(identifier) AS identifier FROM customer_identified GROUP BY 1) AS who
    ON who.customer_id = fact.customer_id
"""


def write(folder: Path, target: str, n: int = 20) -> Path:
    header, row = FILES[target]
    path = folder / f"{target}.csv"
    rows = [row.format(n=number, p=number % 7, m=f"{number:02}") for number in range(n)]
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


class Watcher:
    """Keeps what it is told, and cancels when it has been asked so many times."""

    def __init__(self, patience: int = 1_000_000) -> None:
        self.told: list[tuple[str, float]] = []
        self.asked, self.patience = 0, patience

    def progress(self, step: str, share: float) -> None:
        self.told.append((step, share))

    def cancelled(self) -> bool:
        self.asked += 1
        return self.asked > self.patience


def bring(path: Path, watcher: Watcher) -> sources.Result:
    request = sources.Request(path, profiles.people, NOW, progress=watcher.progress, cancelled=watcher.cancelled)
    return sources.import_file(path.stem, request, sources.options(currency="EUR"))


def whole() -> dict[str, list[tuple[object, ...]]]:
    """Return every fact of the lake without its seq and its import; customers go by name, their numbers may differ."""
    with events.reader(NOW) as moment:
        return {kind: sorted(moment.rows(FACTS.format(events.table_name(kind))), key=repr) for kind in events.kinds()}


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame, "CHUNK", 6)


@pytest.mark.parametrize("target", FILES)
@pytest.mark.usefixtures("small_chunks")
def test_the_share_grows_from_nothing_to_the_whole_and_each_step_is_said_in_words(tmp_path: Path, target: str) -> None:
    watcher = Watcher()
    assert bring(write(tmp_path, target), watcher).accepted == 20
    shares = [share for _, share in watcher.told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert watcher.told[0][0] == "Reading the file"
    assert watcher.told[-1][0] == "Done"
    steps = list(dict.fromkeys(step for step, _ in watcher.told))
    assert "Writing what happened" in steps
    assert len([share for step, share in watcher.told if step == "Writing what happened"]) >= 4


@pytest.mark.slow
@pytest.mark.parametrize("target", FILES)
@pytest.mark.usefixtures("small_chunks")
def test_an_import_that_is_stopped_anywhere_goes_on_and_ends_as_if_never_stopped(tmp_path: Path, target: str) -> None:
    path = write(tmp_path, target)
    bring(path, Watcher())
    wanted = whole()
    for patience in range(30):
        events.start_over(NOW)
        profiles.reset()
        Import.objects.all().delete()
        try:
            bring(path, Watcher(patience))
            assert patience > 3
            break
        except sources.Cancelled as sentence:
            assert "goes on" in str(sentence)
        assert Import.objects.get().finished_at is None
        half = whole()
        assert all(set(map(repr, half[kind])) <= set(map(repr, wanted[kind])) for kind in wanted)
        result = bring(path, Watcher())
        assert (result.rows, result.accepted, result.duplicates) == (20, 20, 0)
        assert whole() == wanted
        assert Import.objects.get().finished_at is not None
    else:
        pytest.fail("the import was asked more often than it has steps")


def test_a_cancelled_import_holds_no_lease(tmp_path: Path) -> None:
    for patience in range(4):
        with pytest.raises(sources.Cancelled):
            bring(write(tmp_path, "orders"), Watcher(patience))
        with events.held("sequencer", NOW):
            pass


@pytest.mark.usefixtures("small_chunks")
def test_an_import_writes_nothing_into_a_shop_that_was_started_over_meanwhile(tmp_path: Path) -> None:
    def at(share: float) -> Callable[[str, float], None]:
        done: list[float] = []

        def start_over(step: str, reached: float) -> None:
            if reached >= share and not done:
                done.append(reached)
                events.start_over(NOW)

        return start_over

    for share in (0.1, 0.35):
        request = sources.Request(write(tmp_path, "orders"), profiles.people, NOW, progress=at(share))
        with pytest.raises(sources.CannotImport, match="started over"):
            sources.import_file("orders", request, sources.options())
        assert events.newest() == 0


def test_rejects_are_still_written_when_the_import_goes_on(tmp_path: Path) -> None:
    path = write(tmp_path, "orders")
    path.write_text(path.read_text() + "B1,c1,never,1.00,EUR\n")
    with pytest.raises(sources.Cancelled):
        bring(path, Watcher(3))
    result = bring(path, Watcher())
    assert (result.rows, result.accepted, result.rejected) == (21, 20, 1)
    with Path(result.rejects_file or "").open(newline="") as handle:
        assert [row["reject_line"] for row in csv.DictReader(handle)] == ["22"]
