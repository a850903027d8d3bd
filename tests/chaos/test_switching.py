"""Several daemons on one database, clients that go from one to the other in the middle of requests:
every fact once, totals equal to the facts, and nobody locks anybody out."""

import random

import pytest

from company import Company
from daemon import Daemon, SANITIZED, wait_until
from psql import rows
from writer import Writer, assert_kept_once, work_for

SEED = 20260303
FACTS = 60 if SANITIZED else 150


@pytest.fixture
def first():
    """Holds the database; the others are killed, it is not."""
    it = Daemon()
    code = None
    try:
        made = it.init(company="Tests", time_zone="UTC", currency="USD", locale="en")
        assert made.returncode == 0, made.stderr
        it.start()
        yield it
    finally:
        code = it.remove()
    assert code == 0


@pytest.fixture
def others(first):
    made = []
    try:
        for number in range(2):
            path = first.top / f"other{number}.ini"
            path.write_text(
                "[daemon]\nlisten = 127.0.0.1:0\n[database]\n"
                f"connection = {first.connection()}\n"
                f"owner_connection = {first.connection('tiejun_owner')}\nconnections = 3\n")
            path.chmod(0o644)
            made.append(Daemon(home=first.top, name=f"other{number}", config=path))
            made[-1].start()
        yield made
    finally:
        for it in made:
            it.stop()
    for it in made:
        assert it.errors() == []


def test_facts_are_kept_once_while_clients_switch_and_daemons_die(first, others):
    print("seed", SEED)
    fate = random.Random(SEED)
    company = Company(first, "switch")
    customers = [company.customer() for _ in range(12)]
    # Reps for themselves; leaders for people of several offices, in opposite orders.
    who = {"n1.1": ["n1.1"], "n1.2": ["n1.2"], "n2.1": ["n2.1"], "s1.1": ["s1.1"], "s1.2": ["s1.2"],
           "lead.n1": ["n1.1", "n1.2", "n1.3"], "boss": ["s1.2", "n1.3", "s1.1", "n2.2", "n1.1"],
           None: ["n1.1", "n2.2", "s1.1", "n1.3", "s1.2"]}
    writers = [
        Writer(lambda: [it.address for it in [first, *others] if it.process], company.token(short),
               work_for(company, people if short not in people else [None], FACTS, customers),
               SEED + number)
        for number, (short, people) in enumerate([*who.items()] * 2)]
    for writer in writers:
        writer.start()
    done = lambda: sum(len(writer.acknowledged) for writer in writers)  # noqa: E731
    for part in range(1, 7):
        wait_until(lambda: done() >= part * len(writers) * FACTS // 8, "the writers get on")
        victim = fate.choice(others)
        victim.kill(9)
        victim.start()
    for writer in writers:
        writer.join(120)
    assert_kept_once(rows(first, "SELECT id, count(*) FROM fact GROUP BY id"), writers)
    assert done() == len(writers) * FACTS
    checked = first.check()
    assert checked.returncode == 0, checked.stdout
    assert "deadlock detected" not in (first.private / "postgresql.log").read_text()
    company.close()
