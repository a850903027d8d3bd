"""Faults on purpose: what a client was told is kept must be kept, once, whatever breaks."""

import pathlib
import signal
import sys

import pytest

sys.path[:0] = [str(pathlib.Path(__file__).parent),
                str(pathlib.Path(__file__).parents[1] / "system")]


def pytest_sessionstart(session):
    # Who ends a run wants what it started ended too: mounts, processes, network namespaces.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated"))
