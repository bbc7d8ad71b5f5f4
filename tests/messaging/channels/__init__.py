"""Tests of the channels; the contract that all of them keep tells what differed when it fails."""

import pytest

pytest.register_assert_rewrite("tests.messaging.channels.contract")
