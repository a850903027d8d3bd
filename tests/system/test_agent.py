"""tiejun-agent: sends outboxes by itself, keeps copies fresh, reminds, and stops cleanly."""

import contextlib
import datetime
import fcntl
import http.server
import json
import os
import pathlib
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time

import pytest

from daemon import BUILD, PATIENCE, cli_environment, run_cli, wait_until
from test_outbox import GOOD, NOWHERE, Device, device  # noqa: F401

AGENT = BUILD / "tiejun-agent"


@pytest.fixture(autouse=True, scope="module")
def every_day_is_worked(company):
    """So that a brief of a weekend has something to say."""
    company.director.call("CalendarService.SetWeek", unit=company.region, weekday_mask=127,
                          from_date="2024-01-01")


class Agent:
    """An agent for some devices, which share a state folder."""

    def __init__(self, devices, folder, address=None, more=""):
        first = devices[0]
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notify.bind(str(folder / "notify"))
        self.notify.settimeout(PATIENCE)
        self.log_file = folder / "agent.log"
        file = folder / "agent.ini"
        people = "".join(f"[person {it.who}]\ntoken_file = {it.token_file}\n" for it in devices)
        file.write_text(f"[agent]\nserver = {address or first.company.daemon.address}\n"
                        f"{people}{more}")
        environment = cli_environment(address or first.company.daemon.address, first.token_file, "en_US.UTF-8",
                                      XDG_STATE_HOME=str(first.state),
                                      NOTIFY_SOCKET=str(folder / "notify"))
        with open(self.log_file, "w") as log:
            self.process = subprocess.Popen([AGENT, "--config", file, "--log-level", "debug"],
                                            stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            env=environment)
        assert self.said() == "READY=1"

    def said(self):
        return self.notify.recv(4096).decode()

    def log(self):
        return self.log_file.read_text()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        assert self.said() == "STOPPING=1"
        code = self.process.wait(timeout=PATIENCE)
        self.notify.close()
        assert "Sanitizer" not in self.log() and "runtime error" not in self.log(), self.log()
        return code


def waiting(device):  # noqa: F811
    return device.status()["waiting"]


def test_it_sends_what_was_left_and_what_comes(device, tmp_path):  # noqa: F811
    device.visit("Before", address=NOWHERE)
    agent = Agent([device], tmp_path)
    try:
        wait_until(lambda: device.in_centre() == ["Before"], "the first is sent")
        device.visit("Later", address=NOWHERE)
        wait_until(lambda: device.in_centre() == ["Before", "Later"], "it sees a new one")
        wait_until(lambda: waiting(device) == "0", "nothing waits")
    finally:
        assert agent.stop() == 0


def test_a_command_beside_it_still_says_the_verdict(device, tmp_path):  # noqa: F811
    agent = Agent([device], tmp_path)
    try:
        for number in range(10):
            shown = device.visit(f"Customer {number}")
            assert shown.returncode == 0 and "effective" in shown.stdout, shown.stdout
    finally:
        assert agent.stop() == 0
    assert device.in_centre() == [f"Customer {number}" for number in range(10)]


def test_what_is_logged_on_a_new_computer_is_seen(device, tmp_path):  # noqa: F811
    """The agent made the outbox, and others that come and go leave it whole."""
    agent = Agent([device], tmp_path)
    names = [f"Customer {number}" for number in range(5)]
    try:
        for name in names:
            device.visit(name, address=NOWHERE)
            wait_until(lambda name=name: name in device.in_centre(), "the agent sees it")
    finally:
        assert agent.stop() == 0
    assert device.in_centre() == names


def system_calls(process):
    """How often a process has read or written so far."""
    account = pathlib.Path(f"/proc/{process}/io").read_text()
    return sum(int(line.split()[1]) for line in account.splitlines() if line.startswith("sysc"))


def test_at_rest_it_does_nothing(device, tmp_path):  # noqa: F811
    agent = Agent([device], tmp_path)
    try:
        device.visit("Someone", address=NOWHERE)
        wait_until(lambda: device.in_centre() == ["Someone"], "it is sent")
        before = system_calls(agent.process.pid)
        rested = time.monotonic() + 2
        wait_until(lambda: time.monotonic() > rested, "a moment passes")
        assert system_calls(agent.process.pid) - before < 1000
    finally:
        assert agent.stop() == 0


def times_woken(process):
    """How often a process has slept and gone on so far."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    return int(re.search(r"^voluntary_ctxt_switches:\s*(\d+)", status, re.MULTILINE).group(1))


def test_at_rest_it_sleeps_while_the_daemon_is_silent(device, tmp_path):  # noqa: F811
    with socket.create_server(("127.0.0.1", 0)) as server:
        agent = Agent([device], tmp_path, address="127.0.0.1:%d" % server.getsockname()[1])
        try:
            connection, _ = server.accept()
            assert connection.recv(1), "it has begun to shake hands, and waits"
            before = times_woken(agent.process.pid)
            rested = time.monotonic() + 3
            wait_until(lambda: time.monotonic() > rested, "a moment passes")
            assert times_woken(agent.process.pid) - before < 5
            connection.close()
        finally:
            assert agent.stop() == 0


def test_several_people(company, tmp_path):
    devices = [Device(company, who, tmp_path / "state") for who in ("n1.1", "n1.2", "s1.1")]
    for it in devices:
        assert it.visit(f"Of {it.who}", address=NOWHERE).returncode == 3
    agent = Agent(devices, tmp_path)
    try:
        for it in devices:
            wait_until(lambda it=it: f"Of {it.who}" in it.in_centre(), it.who)
    finally:
        assert agent.stop() == 0


def test_it_waits_for_a_daemon_that_is_away(spare, tmp_path):
    it = spare()
    it.start()
    address = it.address
    state = str(tmp_path / "state")
    with it.client() as client:
        client.call("OrgService.Import", rows=[
            {"line": 1, "unit": "/West", "kinds": "office", "handle": "someone", "name": "Someone",
             "from_date": "2024-01-01"}])
    assert it.stop() == 0
    saved = run_cli(address, it.token_file, "log", "visit", "Away", *GOOD, XDG_STATE_HOME=state)
    assert saved.returncode == 3

    class Only:
        who, token_file, state = "director", it.token_file, tmp_path / "state"

    agent = Agent([Only], tmp_path, address=address)
    try:
        wait_until(lambda: "cannot be reached" in agent.log(), "it has tried")
        # Another program holds the outbox when the next attempts are due.
        (lock,) = (tmp_path / "state").glob("tiejun/*/outbox.lock")
        with open(lock) as held:
            fcntl.flock(held, fcntl.LOCK_EX)
            it.start("--listen", address)
            attempts_end = time.monotonic() + 2
            wait_until(lambda: time.monotonic() > attempts_end, "an attempt was due")

        def arrived():
            with it.client() as client:
                rows = client.pages("FactService.List", "facts", unit="/")
            return [row.customer for row in rows] == ["Away"]
        wait_until(arrived, "it came through")
    finally:
        assert agent.stop() == 0
    assert it.stop() == 0


class Robot(http.server.BaseHTTPRequestHandler):
    """Takes what a group robot would."""

    got = []

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Robot.got.append((self.path, self.headers["Content-Type"], json.loads(body)))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


@pytest.fixture
def robot():
    Robot.got = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Robot)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send?key=1"
    server.shutdown()
    server.server_close()


def test_a_refusal_reaches_the_robots(device, tmp_path, robot):  # noqa: F811
    device.run("log", "visit", "Nowhere", "--date", "2001-01-01")
    assert device.status()["refused"] == "1"
    agent = Agent([device], tmp_path, more=(
        f"[reminders]\npace = never\n[webhook one]\nform = dingtalk\nurl = {robot}\nsecret = SECx\n"
        f"[webhook two]\nform = feishu\nurl = {robot}\nmarkdown = yes\n"))
    try:
        wait_until(lambda: len(Robot.got) == 2, "both robots hear of it")
    finally:
        assert agent.stop() == 0
    signed, = [got for got in Robot.got if "sign=" in got[0]]
    assert "timestamp=" in signed[0] and signed[1] == "application/json"
    assert signed[2]["text"]["content"].startswith(f"{device.who}: 1 fact was refused")
    card, = [got for got in Robot.got if "sign=" not in got[0]]
    assert card[2]["msg_type"] == "interactive"
    assert "1 fact was refused" in agent.log(), "the terminal has it too"


def test_a_robot_that_does_not_answer_holds_nobody_up(device, tmp_path, robot):  # noqa: F811
    """Others hear of the same, facts are sent, and the agent ends."""
    device.run("log", "visit", "Nowhere", "--date", "2001-01-01")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        agent = Agent([device], tmp_path, more="[webhook one]\nform = wecom\n"
                      "url = http://127.0.0.1:%d/\n" % silent.getsockname()[1] +
                      f"[webhook two]\nform = wecom\nurl = {robot}\n")
        try:
            with silent.accept()[0] as connection:
                assert connection.recv(1), "it is told, and says nothing"
                wait_until(lambda: Robot.got, "the other one is told")
                device.visit("Somebody", address=NOWHERE)
                wait_until(lambda: device.in_centre() == ["Somebody"], "a fact is sent")
                assert agent.stop() == 0
        finally:
            agent.process.kill()
    assert "webhook one: Timeout was reached" in agent.log()


def test_a_robot_that_is_away_or_refuses_is_in_the_log(device, tmp_path):  # noqa: F811
    """By its name alone: its address holds a key."""
    device.run("log", "visit", "Nowhere", "--date", "2001-01-01")
    agent = Agent([device], tmp_path, more="[webhook one]\nform = wecom\n"
                  f"url = http://{NOWHERE}/send?key=secret\n"
                  "[webhook two]\nform = wecom\nurl = http://no-such-host.invalid/send?key=secret\n")
    try:
        wait_until(lambda: "webhook one: " in agent.log() and "webhook two: " in agent.log(),
                   "both failures are said")
    finally:
        assert agent.stop() == 0
    assert "secret" not in agent.log()


def test_it_keeps_the_copy_fresh(device, tmp_path):  # noqa: F811
    """What came to the centre from elsewhere is seen offline."""
    device.company.log({**device.company.good("visit"), "customer": "From elsewhere"},
                       who=device.who)
    assert device.run("customer", "list", address=NOWHERE).returncode == 3, "no copy yet"
    agent = Agent([device], tmp_path)
    try:
        wait_until(lambda: "From elsewhere" in device.run("customer", "list",
                                                          address=NOWHERE).stdout, "it has come")
    finally:
        assert agent.stop() == 0


def test_days_of_long_ago_leave_the_copy(device, tmp_path):  # noqa: F811
    """When what is fresh has come, and no sooner."""
    assert device.visit("Somebody").returncode == 0
    (file,) = device.state.glob("tiejun/*/copy.sqlite")
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as copy:
        kept = {row for row in copy.execute("SELECT method, request FROM answer")}
        copy.execute("UPDATE answer SET came = 1")
        copy.execute("INSERT INTO answer (method, request, response, came)"
                     " VALUES ('tiejun.v1.FactService.ShowDay', x'12023031', x'', 1)")
        device.run("day", address=NOWHERE)
        assert len(list(copy.execute("SELECT 1 FROM answer"))) == len(kept) + 1
        agent = Agent([device], tmp_path)
        try:
            wait_until(lambda: {*copy.execute("SELECT method, request FROM answer")} == kept,
                       "it is gone, and nothing else")
        finally:
            assert agent.stop() == 0


def test_without_a_copy_it_stays_connected(device, tmp_path):  # noqa: F811
    """A copy that cannot be opened is this machine's fault, and not the daemon's."""
    assert device.visit("Somebody").returncode == 0
    (copy,) = device.state.glob("tiejun/*/copy.sqlite")
    with contextlib.closing(sqlite3.connect(copy)) as newer:
        newer.execute("PRAGMA user_version = 99")
    agent = Agent([device], tmp_path)
    try:
        wait_until(lambda: "no fresh copy: The copy cannot be written." in agent.log(), "it says so")
        device.visit("Later", address=NOWHERE)
        wait_until(lambda: device.in_centre() == ["Later", "Somebody"], "it sends as before")
        assert "no connection" not in agent.log()
    finally:
        assert agent.stop() == 0


def test_wrong_settings_and_tokens(tmp_path, company):
    def run(text):
        file = tmp_path / "wrong.ini"
        file.write_text(text)
        return subprocess.run([AGENT, "--config", file], text=True, capture_output=True,
                              timeout=PATIENCE, env={**os.environ, "LANG": "en_US.UTF-8"})
    wrong = run("[agent]\ncolour = red\n")
    assert wrong.returncode == 2 and "line 2" in wrong.stderr
    assert run("[person a]\ntoken_file = /nowhere\n").returncode == 1
    assert subprocess.run([AGENT, "--help"], capture_output=True).returncode == 0


def test_briefs(device):  # noqa: F811
    device.visit("Someone")
    evening = device.run("brief", "evening")
    assert evening.returncode == 0 and "Done today: " in evening.stdout, evening.stdout
    assert "visits 1/8" in evening.stdout
    device.visit("Other", address=NOWHERE)
    away = device.run("brief", "morning", address=NOWHERE)
    assert away.returncode == 0 and "1 fact waits to be sent" in away.stdout
    assert "as of" in away.stderr


@pytest.fixture
def boss(company, tmp_path):
    """A region manager, with a goal and somebody's work below."""
    day = datetime.date.today()
    first = day.replace(day=1)
    last = (first + datetime.timedelta(days=31)).replace(day=1) - datetime.timedelta(days=1)
    company.login().call("GoalService.Set", unit=company.region, metric="revenue", target=10**9,
                         from_date=str(first), to_date=str(last))
    company.log(company.good("visit"), company.good("signing", amount_minor=10**6), who="n1.1")
    return Device(company, "boss", tmp_path / "boss")


def test_a_leaders_brief_is_of_those_below(boss):
    region = boss.company.name
    evening = boss.run("brief", "evening")
    assert (evening.returncode, evening.stderr) == (0, ""), evening.stderr
    assert f"{region} this month: revenue" in evening.stdout
    away = boss.run("brief", "evening", address=NOWHERE)
    assert away.stdout == evening.stdout and "as of" in away.stderr
    below, behind = evening.stdout.split("Today of all below: ")[1].split("Furthest behind:\n")
    assert "visits" in below
    lines = [line.split(":")[0].strip() for line in behind.splitlines()]
    assert lines == ["South", "North"], "worst first"
    assert boss.run("brief", "morning").returncode == 0
    assert boss.run("brief", "evening", lang="zh_CN.UTF-8").returncode == 0


def test_a_supervisors_brief_names_people(company, tmp_path):
    company.log(company.good("visit"), who="n1.1")
    evening = Device(company, "lead.n1", tmp_path).run("brief", "evening")
    assert evening.returncode == 0, evening.stderr
    behind = evening.stdout.split("Furthest behind:\n")[1]
    assert "N1.2 agent: " in behind and "N2.1" not in behind and "North" not in behind


def test_how_the_month_stands_without_the_daemon(boss):
    boss.run("brief", "morning")
    there, away = boss.run("goal", "pace"), boss.run("goal", "pace", address=NOWHERE)
    assert (there.returncode, away.returncode) == (0, 0), away.stderr
    assert away.stdout == there.stdout and "as of" in away.stderr
    assert boss.run("goal", "pace", "--metric", "visits", address=NOWHERE).returncode == 3


def test_a_leaders_brief_comes_at_its_time_when_it_has_what_to_say(boss, tmp_path, robot):
    now = datetime.datetime.now(datetime.UTC)
    at = max(now - datetime.timedelta(minutes=1), now.replace(hour=0, minute=0))
    agent = Agent([boss], tmp_path, more=(
        f"[reminders]\npace = never\nmorning = never\nevening = {at:%H:%M}\n"
        f"[webhook one]\nform = feishu\nurl = {robot}\n"))
    try:
        wait_until(lambda: Robot.got, "the brief has come", 10)
    finally:
        assert agent.stop() == 0
    assert "this month: revenue" in Robot.got[0][2]["content"]["text"]
