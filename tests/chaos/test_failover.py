"""The primary dies under load and its standby takes over: nothing acknowledged is lost, and the
intake goes on within five seconds of the promotion."""

import pathlib
import shutil
import tempfile
import time

import pytest

from cluster import Pair
from company import Company
from daemon import SANITIZED, Daemon, wait_until
from writer import Writer, assert_kept_once, work_for

FACTS = 200 if SANITIZED else 500
RESUMES_SECONDS = 5


@pytest.fixture
def pair():
    top = pathlib.Path(tempfile.mkdtemp(prefix="tj.", dir="/tmp"))
    it = Pair(top)
    try:
        it.start()
        yield it
    finally:
        it.stop()
        shutil.rmtree(top)


@pytest.fixture
def daemon(pair):
    top = pathlib.Path(tempfile.mkdtemp(prefix="tj.", dir="/tmp"))
    top.chmod(0o755)
    path = top / "tiejund.ini"
    path.write_text(
        "[daemon]\nlisten = 127.0.0.1:0\n[database]\n"
        f"connection = {pair.conninfo('tiejun_daemon')}\n"
        f"owner_connection = {pair.conninfo('tiejun_owner')}\n")
    path.chmod(0o644)
    it = Daemon(home=top, config=path)
    made = it.init(company="Tests", time_zone="UTC", currency="USD", locale="en")
    assert made.returncode == 0, made.stderr
    it.start()
    yield it
    assert it.remove() == 0


def test_a_failover_loses_nothing_acknowledged_and_the_intake_resumes(pair, daemon):
    company = Company(daemon, "failover")
    customers = [company.customer() for _ in range(8)]
    people = ["n1.1", "n1.2", "n1.3", "n2.1", "n2.2", "s1.1", "s1.2", "boss"]
    writers = [Writer(lambda: [daemon.address], company.token(short),
                      work_for(company, [None], FACTS, customers), seed, leaves=0.05)
               for seed, short in enumerate(people)]
    company.close()
    for writer in writers:
        writer.start()
    acknowledged = lambda: sum(len(writer.acknowledged) for writer in writers)  # noqa: E731
    wait_until(lambda: acknowledged() > 200, "the writers get on")
    pair.primary.stop("immediate")
    told = {identity for writer in writers for identity in list(writer.acknowledged)}
    assert any(writer.pending for writer in writers), "the load ended too early to prove anything"
    pair.standby.promote()
    promoted = time.monotonic()
    wait_until(lambda: any(writer.last_answer > promoted for writer in writers),
               "the intake resumes", RESUMES_SECONDS * (4 if SANITIZED else 1))
    kept = set(pair.standby.psql("SELECT id FROM fact").splitlines())
    assert told <= kept, "what was acknowledged is gone"
    for writer in writers:
        writer.join(120)
    rows = [line.split("|") for line in
            pair.standby.psql("SELECT id, count(*) FROM fact GROUP BY id").splitlines()]
    assert_kept_once(rows, writers)
    checked = daemon.check()
    assert checked.returncode == 0, checked.stdout
    assert "deadlock detected" not in pair.primary.log() + pair.standby.log()
