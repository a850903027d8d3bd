"""A week offline: what waits in the outbox comes to the centre once, in order and with true times,
though the line is cut again and again and the device's clock is a month off.

TIEJUN_BACKLOG facts wait, and TIEJUN_CUTS times the line is cut.
"""

import os
import pathlib
import secrets
import subprocess
import tempfile

import pytest

from centre import Centre
from client import authorities
from clock import CAN_BE_SET
from company import token_hash
from daemon import BUILD, PATIENCE, SANITIZED, wait_until
from force import Computer
from proxy import Proxy

FACTS = int(os.environ.get("TIEJUN_BACKLOG", 2000 if SANITIZED else 10000))
CUTS = int(os.environ.get("TIEJUN_CUTS", 20))
DAYS = 7
AHEAD_S = 30 * 86400 if CAN_BE_SET else 0
# A Hello that was held up says less well how far a clock is off.
TOLERANCE_S = 5


@pytest.fixture
def centre():
    it = Centre()
    code = None
    try:
        it.make()
        yield it
    finally:
        code = it.remove()
    assert code == 0


class Rep:
    """What a Computer asks of a company, for one person."""

    def __init__(self, centre):
        self.top = centre.top
        self.token = secrets.token_bytes(32)
        with centre.daemon.client() as director:
            director.call("OrgService.Import", rows=[
                {"line": 1, "unit": "/West/West 1", "kinds": "office/team", "handle": "rep",
                 "name": "Rep", "from_date": "2024-01-01"}])
            director.call("DeviceService.Add", person="rep", token_hash=token_hash(self.token),
                          name="tests")

    def handle(self, short):
        return short

    def token_path(self, short):
        path = self.top / f"{short}.token"
        path.touch(mode=0o600)
        path.write_text(self.token.hex() + "\n")
        return path


@pytest.fixture
def line(centre):
    proxy = Proxy(1)
    proxy.lead_to(centre.daemon.address)
    authorities[proxy.lines[0].address] = centre.daemon.ca()
    yield proxy.lines[0]
    proxy.close()


@pytest.fixture
def computer(centre, line):
    """Its disk is the memory's: what it costs to log is not what is tried here."""
    with tempfile.TemporaryDirectory(dir="/dev/shm", prefix="tj.") as folder:
        it = Computer(Rep(centre), "rep", pathlib.Path(folder) / "state", line)
        it.clock.set(AHEAD_S)
        try:
            yield it
        finally:
            it.kill_agent()


def fill(computer):
    """The true time of the first fact, and from one to the next, in seconds."""
    subprocess.run(["ninja", "--quiet", "-C", BUILD, "fill_outbox"], check=True)
    said = subprocess.run([BUILD / "fill_outbox", computer.token_file, str(FACTS), str(DAYS),
                           str(AHEAD_S), str(FACTS // 2)], env=computer.environment(), text=True,
                          check=True, stdout=subprocess.PIPE).stdout
    return [int(part) / 1e9 for part in said.split()]


def test_a_week_offline_comes_through_a_line_that_is_cut(centre, line, computer):
    first, step = fill(computer)
    assert len(computer.waiting()) == FACTS
    computer.start_agent()
    for number in range(CUTS):
        left = FACTS - FACTS * (number + 1) // (CUTS + 1)
        wait_until(lambda left=left: len(computer.waiting()) <= left, "the agent gets on")
        if number % 2:
            line.cut()
        else:
            line.half_deliver()
        # One statement sees one moment.
        count, last = centre.server.psql("SELECT count(*), max(note::integer) FROM fact").split("|")
        assert int(count) == int(last) + 1, "a fact overtook another"
    wait_until(lambda: len(computer.waiting()) == 0, "all is sent", 2 * PATIENCE)
    assert computer.outbox().refused == {}
    assert centre.server.psql("SELECT count(*), count(DISTINCT note), min(note::integer),"
                              f" max(note::integer) FROM fact") == f"{FACTS}|{FACTS}|0|{FACTS - 1}"
    off = f"extract(epoch FROM {{}}) - {first!r} - note::integer * {step!r}"
    for column in ("occurred_at", "recorded_at"):
        assert centre.server.psql(f"SELECT max(abs({off.format(column)})) < {TOLERANCE_S}"
                                  " FROM fact") == "t", column
    assert AHEAD_S == 0 or centre.server.psql(
        "SELECT bool_and(device_recorded_at > recorded_at + interval '29 days') FROM fact") == "t"
    checked = centre.daemon.check()
    assert checked.returncode == 0, checked.stdout + checked.stderr
