"""Results kept in files by many threads at once: what one of them drops disturbs no other."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from regulars.core.answers.cache import ResultCache


def test_threads_that_drop_old_answers_do_not_disturb_one_another(tmp_path: Path) -> None:
    cache = ResultCache(tmp_path / "cache", kept=2)

    def ask(turn: int) -> list[int]:
        return [cache.get_or_make((turn, n), lambda n=n: {"n": n})["n"] for n in range(60)]  # type: ignore[misc]

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(ask, range(8))) == [list(range(60))] * 8
    assert len(list((tmp_path / "cache").glob("*.json"))) <= 2 + 8
