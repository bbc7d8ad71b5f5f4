"""The examples in the rules' docstrings run."""

import doctest
import importlib
from collections.abc import Iterator

import pytest

from tests.house import PACKAGE, package_modules


def with_examples() -> Iterator[str]:
    """Name every module that shows an example."""
    for module in package_modules():
        if ">>> " in module.text:
            yield ".".join(("regulars", *module.path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
                ".__init__"
            )


@pytest.mark.parametrize("module", list(with_examples()))
def test_the_examples_are_true(module: str) -> None:
    told = doctest.testmod(importlib.import_module(module))
    assert (told.failed, told.attempted > 0) == (0, True)
