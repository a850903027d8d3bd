"""One daemon for the whole run, a region of its company for every module."""

import pathlib
import signal
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

from company import Company  # noqa: E402
from daemon import TIEJUND, Daemon  # noqa: E402


def pytest_sessionstart(session):
    # Who ends a run wants what it started ended too.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated"))
    if not TIEJUND.exists():
        pytest.exit(f"{TIEJUND} is not there: build first, or say where by TIEJUN_BUILD", 2)


def pytest_collection_modifyitems(items):
    """A file that is named twice runs once: some tests stand on what those before them made."""
    items[:] = {item.nodeid: item for item in items}.values()


@pytest.fixture(scope="session")
def daemon():
    it = Daemon()
    try:
        made = it.init(company="Tests & Sons", time_zone="UTC", currency="USD", locale="en")
        assert made.returncode == 0, made.stdout + made.stderr
        it.start()
        yield it
        errors = it.errors()
        checked = it.check()
    finally:
        code = it.remove()
    assert code == 0, "the daemon ended by itself or with an error"
    assert errors == [], "the daemon's log has errors"
    assert checked.returncode == 0, f"totals differ from the facts:\n{checked.stdout}"


@pytest.fixture(scope="module")
def company(daemon, request):
    """A region named after the module: test_goal has /goal."""
    it = Company(daemon, request.module.__name__.removeprefix("test_").replace("_", "-"))
    yield it
    it.close()


@pytest.fixture(scope="session")
def spare():
    """Makes further daemons, each with a folder and a company of its own, and ends them."""
    made = []

    def make(init=True, **options):
        it = Daemon(**options)
        made.append(it)
        if init:
            answer = it.init(time_zone="UTC", currency="USD", locale="en")
            assert answer.returncode == 0, answer.stdout + answer.stderr
        return it

    yield make
    left = []
    for it in reversed(made):
        try:
            it.remove()
        except AssertionError as error:
            left.append(f"{it.top}: {error}")
    assert left == []
