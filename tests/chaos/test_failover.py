"""The primary dies under load and its standby takes over: nothing acknowledged is lost, and the
intake goes on within five seconds of the promotion, however the primary was lost."""

import contextlib
import pathlib
import tempfile
import time

import pytest

from cluster import Pair
from company import Company
from daemon import SANITIZED, Daemon, wait_until
from far_host import FarHost
from writer import Writer, assert_kept_once, work_for

FACTS = 200 if SANITIZED else 500
RESUMES_SECONDS = 5
PEOPLE = ["n1.1", "n1.2", "n1.3", "n2.1", "n2.2", "s1.1", "s1.2", "boss"]


@contextlib.contextmanager
def folder():
    with tempfile.TemporaryDirectory(prefix="tj.", dir="/tmp") as top:
        yield pathlib.Path(top)


@contextlib.contextmanager
def running_pair(far_host=None):
    with folder() as top:
        it = Pair(top, far_host)
        try:
            it.start()
            yield it
        finally:
            it.stop()


@pytest.fixture
def pair():
    with running_pair() as it:
        yield it


@pytest.fixture
def far_host():
    it = FarHost()
    if not it.make():
        pytest.skip("no network namespace can be made here")
    yield it
    it.remove()


@pytest.fixture
def far_pair(far_host):
    with running_pair(far_host) as it:
        yield it


@contextlib.contextmanager
def daemon_of(pair):
    top = pathlib.Path(tempfile.mkdtemp(prefix="tj.", dir="/tmp"))
    top.chmod(0o755)
    path = top / "tiejund.ini"
    path.write_text(
        "[daemon]\nlisten = 127.0.0.1:0\n[database]\n"
        f"connection = {pair.conninfo('tiejun_daemon')}\n"
        f"owner_connection = {pair.conninfo('tiejun_owner')}\n")
    path.chmod(0o644)
    it = Daemon(home=top, config=path)
    code = None
    try:
        made = it.init(company="Tests", time_zone="UTC", currency="USD", locale="en")
        assert made.returncode == 0, made.stderr
        it.start()
        yield it
    finally:
        code = it.remove()
    assert code == 0


@contextlib.contextmanager
def writers_at(daemon):
    company = Company(daemon, "failover")
    customers = [company.customer() for _ in range(8)]
    made = [Writer(lambda: [daemon.address], company.token(short),
                   work_for(company, [None], FACTS, customers), seed, leaves=0.05)
            for seed, short in enumerate(PEOPLE)]
    company.close()
    for writer in made:
        writer.start()
    try:
        yield made
    finally:
        for writer in made:
            writer.stopped.set()
        for writer in made:
            writer.join()


def check_failover(pair, lose_primary):
    """Under load the primary is lost, and the standby promoted."""
    with daemon_of(pair) as daemon, writers_at(daemon) as writers:
        wait_until(lambda: sum(len(writer.acknowledged) for writer in writers) > 200,
                   "the writers get on")
        lose_primary()
        told = {identity for writer in writers for identity in list(writer.acknowledged)}
        assert any(writer.pending for writer in writers), "the load ended too early to prove anything"
        pair.standby.promote()
        promoted = time.monotonic()
        resumed = wait_until(
            lambda: max(writer.last_answer for writer in writers) > promoted and time.monotonic(),
            "the intake resumes", RESUMES_SECONDS * (4 if SANITIZED else 1))
        print(f"the intake resumed {resumed - promoted:.1f} s after the promotion")
        kept = set(pair.standby.psql("SELECT id FROM fact").splitlines())
        assert told <= kept, "what was acknowledged is gone"
        for writer in writers:
            writer.join(120)
        rows = [line.split("|") for line in
                pair.standby.psql("SELECT id, count(*) FROM fact GROUP BY id").splitlines()]
        assert_kept_once(rows, writers)
        pair.primary.stop()
        checked = daemon.check()
        assert checked.returncode == 0, checked.stdout
        assert "deadlock detected" not in pair.primary.log() + pair.standby.log()


def test_a_failover_loses_nothing_acknowledged_and_the_intake_resumes(pair):
    check_failover(pair, lambda: pair.primary.stop("immediate"))


def test_nor_where_the_primary_takes_calls_and_says_nothing(pair):
    check_failover(pair, pair.primary.freeze)


def test_nor_where_the_line_to_the_primary_is_cut(far_pair, far_host):
    check_failover(far_pair, far_host.fall_silent)
