"""The requirements files: every package pinned with its hashes, nothing left out, no place to download from."""

import re
import tomllib

import pytest

from tests.house import ROOT, refuse

FILES = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pinned(text: str) -> dict[str, int]:
    """Return how many hashes each package of a requirements file has."""
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return {entry.partition("==")[0].split("[")[0]: entry.count("--hash=sha256:") for entry in entries if "==" in entry}


def wanted(dependencies: list[str]) -> set[str]:
    return {
        re.split(r"[\[=<>;~! ]", dependency)[0].lower().replace("_", "-").replace(".", "-")
        for dependency in dependencies
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_package_has_hashes_and_no_place_is_named(path) -> None:  # type: ignore[no-untyped-def]
    text = path.read_text(encoding="utf-8")
    refuse([f"{name} has no hash" for name, n_hashes in pinned(text).items() if n_hashes == 0])
    assert not re.search(r"://|^\s*-|--index|--find-links|--trusted| @ ", text.replace("    --hash=", ""), re.MULTILINE)


@pytest.mark.parametrize("name", ["base", "postgres", "dev"])
def test_nothing_that_the_project_needs_is_missing(name: str) -> None:
    needs = wanted(PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["build"])
    if name != "base":
        needs |= wanted(PROJECT["project"]["optional-dependencies"]["postgres"])
    if name == "dev":
        needs |= wanted(PROJECT["dependency-groups"]["dev"])
    present = pinned((ROOT / "requirements" / f"{name}.txt").read_text(encoding="utf-8"))
    refuse([f"{package} is missing; say make requirements" for package in sorted(needs - present.keys())])
