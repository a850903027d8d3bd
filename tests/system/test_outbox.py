"""Offline first, exactly once: what `tiejun log` reports saved is kept, and comes to the centre once."""

import json
import os
import pathlib
import resource
import signal
import socket
import sqlite3
import stat
import subprocess
import threading
import time

import pytest

from client import authorities
import contract
from daemon import PATIENCE, TIEJUN, cli_environment, run_cli, wait_until
from psql import psql

NOWHERE = "127.0.0.1:1"
# What makes a visit effective.
GOOD = ["--contact-role", "buyer", "--minutes", "30", "--outcome", "wants an offer",
        "--next-step", "send it", "--next-step-date", "2099-01-01"]


class Device:
    """A computer of one rep's: a token and a state folder of its own."""

    def __init__(self, company, who, folder):
        self.company = company
        self.who = who
        self.token_file = company.token_path(who)
        self.state = pathlib.Path(folder)

    def environment(self, address=None, **more):
        return cli_environment(address or self.company.daemon.address, self.token_file,
                               "en_US.UTF-8", XDG_STATE_HOME=str(self.state), **more)

    def run(self, *arguments, address=None, lang="en_US.UTF-8", **more):
        return run_cli(address or self.company.daemon.address, self.token_file, *arguments,
                       lang=lang, XDG_STATE_HOME=str(self.state), **more)

    def visit(self, customer, *more, address=None):
        return self.run("log", "visit", customer, *GOOD, *more, address=address)

    def status(self):
        return json.loads(self.run("sync", "status", "--json", address=NOWHERE).stdout)

    def rejected(self):
        shown = self.run("sync", "rejected", "--json", address=NOWHERE)
        return json.loads(shown.stdout).get("facts", [])

    def database(self):
        (file,) = self.state.glob("tiejun/*/outbox.sqlite")
        return sqlite3.connect(file)

    def in_centre(self):
        """The customers of this rep's facts that the centre has, each as often as it has it."""
        rows = self.company.login().pages("FactService.List", "facts", page_size=1000,
                                          person=self.company.handle(self.who))
        return sorted(row.customer for row in rows if row.customer)


def allow_backdating(company):
    """Work of any day is logged without an approval (3.4)."""
    company.login().call("SettingService.Set", unit=company.region, key="backdating_days",
                         value="1000", from_date="2024-01-01")


@pytest.fixture
def device(company, tmp_path, request):
    """A person of the test's own, with a device."""
    short = "d" + str(next(company.numbers))
    company.director.call("OrgService.Import", rows=[
        {"line": 1, "unit": company.unit("North/North 1"), "handle": company.handle(short),
         "name": short, "role": "ROLE_REP", "from_date": company.SINCE}])
    return Device(company, short, tmp_path)


def test_logged_is_synced_when_the_daemon_is_there(device):
    shown = device.visit("Lakeside")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert "(synced)" in shown.stdout and "effective" in shown.stdout
    assert device.in_centre() == ["Lakeside"]
    assert device.status()["waiting"] == "0"


def test_logged_is_saved_when_it_is_not(device):
    shown = device.visit("Lakeside", address=NOWHERE)
    assert shown.returncode == 3
    assert "(saved, will sync)" in shown.stdout
    assert (device.in_centre(), device.status()["waiting"]) == ([], "1")
    flushed = device.run("sync", "flush")
    assert flushed.returncode == 0 and "1 fact synced" in flushed.stdout
    assert (device.in_centre(), device.status()["waiting"]) == (["Lakeside"], "0")


def test_saved_json_has_an_id_and_no_verdict(device):
    saved = json.loads(device.visit("Lakeside", "--json", address=NOWHERE).stdout)
    assert list(saved["outcomes"][0]) == ["id"]
    device.run("sync", "flush")
    synced = json.loads(device.visit("Other", "--json").stdout)
    assert synced["outcomes"][0]["intake"] == "INTAKE_ACCEPTED"


def test_saved_goes_with_the_next_that_is_sent(device):
    for name in ("One", "Two"):
        assert device.visit(name, address=NOWHERE).returncode == 3
    shown = device.visit("Three")
    assert shown.returncode == 0 and "2 facts that had waited" in shown.stdout
    assert device.in_centre() == ["One", "Three", "Two"]


def test_a_refusal_says_what_to_do_about_it(device):
    shown = device.visit("Lakeside", "--date", "2099-01-01")
    assert shown.returncode == 1 and "scheduled_at" in shown.stderr
    refused, = device.rejected()
    assert "scheduled_at" in refused["outcome"]["hint"]
    wrong = device.run("sync", "retry", refused["fact"]["id"], "--set", "colour=red")
    assert wrong.returncode == 2 and "next_step_date" in wrong.stderr


def test_3_1_the_same_fact_after_its_person_has_moved(device):
    """What the daemon took without being heard, and what it never got: both are of the office of
    their day, and come once, though the device has not heard of the move."""
    company, handle = device.company, device.company.handle(device.who)
    home, away = company.unit("North/North 1"), company.unit("South/South 1")
    allow_backdating(company)
    device.visit("Acknowledged to nobody", "--date", "2025-01-10")
    with device.database() as outbox:
        # As if the line had been cut before the answer came.
        outbox.execute("UPDATE fact SET state = 0, outcome = NULL, settled_wall = NULL")
    device.visit("Never sent", "--date", "2025-01-20", address=NOWHERE)
    company.login().call("PersonService.Move", person=handle, unit=away, from_date="2025-02-01")
    device.visit("After", "--date", "2025-02-10", address=NOWHERE)
    assert device.status()["waiting"] == "3"
    assert device.run("sync", "flush").returncode == 0
    rows = company.login().pages("FactService.List", "facts", person=handle)
    assert {row.customer: row.unit for row in rows} == {
        "Acknowledged to nobody": home, "Never sent": home, "After": away}
    assert len(rows) == 3, "each once"
    january = {"person": handle, "from_date": "2025-01-01", "to_date": "2025-02-28"}
    assert company.rollup(**january)["", "visits"].actual == 3
    assert device.company.daemon.check().returncode == 0


def test_it_happened_when_it_was_logged_not_when_it_was_sent(device):
    """Without --at and --date: the clock of the command counts (3.4)."""
    before = time.time()
    device.visit("Lakeside", address=NOWHERE)
    after = time.time()
    wait_until(lambda: time.time() > after + 1.5, "a moment passes")
    device.run("sync", "flush")
    (fact,) = device.company.login().pages("FactService.List", "facts",
                                           person=device.company.handle(device.who))
    assert before - 1 <= fact.occurred_at.seconds <= after + 1


def test_a_void_follows_what_it_voids(device):
    """Both offline, and the id as the table would have shown it."""
    saved = json.loads(device.visit("Lakeside", "--json", address=NOWHERE).stdout)
    short = saved["outcomes"][0]["id"][-8:]
    assert device.run("log", "void", short, address=NOWHERE).returncode == 3
    assert device.run("sync", "flush").returncode == 0
    facts = device.company.login().pages("FactService.List", "facts",
                                         person=device.company.handle(device.who))
    assert {fact.id: bool(fact.voided_by) for fact in facts}[saved["outcomes"][0]["id"]]
    assert device.rejected() == []


def test_amounts_and_dates_need_no_daemon(device):
    assert device.visit("Lakeside").returncode == 0, "the copy is filled"
    assert device.run("log", "signing", "Lakeside", "12,500.00", "--date", "today",
                      address=NOWHERE).returncode == 3
    assert device.run("sync", "flush").returncode == 0
    assert device.in_centre() == ["Lakeside", "Lakeside"]


def test_a_device_that_never_was_online(device):
    """Only the office's currency is not to be guessed."""
    assert device.visit("Lakeside", "--at", "09:00", address=NOWHERE).returncode == 3
    refused = device.run("log", "signing", "Lakeside", "12.50", address=NOWHERE)
    assert refused.returncode == 2 and "--currency" in refused.stderr
    assert device.run("log", "signing", "Lakeside", "12.50", "--currency", "USD",
                      address=NOWHERE).returncode == 3
    assert device.run("sync", "flush").returncode == 0


# Refusals.


def test_refused_is_kept_in_sight(device):
    shown = device.run("log", "visit", "Lakeside", "--date", "2001-01-01", "--minutes", "20")
    assert shown.returncode == 1 and "tiejun sync rejected" in shown.stderr
    (refused,) = device.rejected()
    assert refused["fact"]["date"] == "2001-01-01" and refused["outcome"]["message"]
    listed = device.run("sync", "rejected", address=NOWHERE)
    assert refused["fact"]["id"][-8:] in listed.stdout
    assert device.status()["refused"] == "1"


def test_refused_is_mended_and_sent_again(device):
    allow_backdating(device.company)
    device.run("log", "visit", "Lakeside", "--date", "2001-01-01", "--minutes", "20")
    (refused,) = device.rejected()
    short = refused["fact"]["id"][-8:]
    again = device.run("sync", "retry", short)
    assert again.returncode == 1, "nothing was mended"
    mended = device.run("sync", "retry", short, "--set", "date=2026-01-05", "--set", "minutes=25")
    assert mended.returncode == 0, mended.stderr
    assert (device.rejected(), device.in_centre()) == ([], ["Lakeside"])


def test_retry_checks_what_is_set(device):
    device.run("log", "visit", "Lakeside", "--date", "2001-01-01")
    short = device.rejected()[0]["fact"]["id"][-8:]
    for wrong in ("colour=red", "minutes=many", "minutes", "=3", "id=x"):
        assert device.run("sync", "retry", short, "--set", wrong).returncode == 2, wrong
    assert device.run("sync", "retry", "00000000").returncode == 1
    assert len(device.rejected()) == 1


def test_drop_keeps_the_fact_in_a_file(device):
    device.run("log", "visit", "Lakeside", "--date", "2001-01-01", "--note", "kept")
    (refused,) = device.rejected()
    dropped = device.run("sync", "drop", refused["fact"]["id"], "--yes")
    assert dropped.returncode == 0
    (file,) = device.state.glob("tiejun/*/dropped-*.json")
    assert json.loads(file.read_text()) == refused["fact"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert device.rejected() == []


def test_a_customer_that_a_fact_registers_is_named(device):
    def said(name, **more):
        return device.visit(name, **more).stdout
    assert "New customer registered: Lakeside Timber Ltd\n" in said("Lakeside Timber Ltd")
    assert "customer" not in said("Lakeside Timber Ltd")
    typo = said("Lakeside Timbre Ltd")
    assert "New customer registered: Lakeside Timbre Ltd\n" in typo
    assert "nearly that name: Lakeside Timber Ltd." in typo and "tiejun log void" in typo
    # Of a colleague's, and of one's own that this computer has not heard of, nothing is said.
    company, name = device.company, device.company.customer()
    company.log(company.good("visit", customer=name), who="n1.1")
    assert "customer" not in said(name)
    company.log(company.good("visit", customer="Quarry Inn"), who=device.who)
    assert "customer" not in said("Quarry Inn")
    new = device.run("log", "customer", "Mill Hotel", "--contact", "Li").stdout
    assert "registered" not in new
    away = said("Lakeside Timbers Ltd", address=NOWHERE)
    assert "none of your customers" in away and "Lakeside Timber Ltd" in away
    assert "of your customers" not in said("Lakeside Timber Ltd", address=NOWHERE)


# Faults.


def test_only_the_owner_reads_it(device):
    device.visit("Lakeside", address=NOWHERE)
    for path in device.state.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_sigkill_at_any_moment_loses_nothing_that_was_reported(device):
    """What a command said is saved or synced is in the centre, each fact once."""
    said = []
    for number in range(40):
        name = f"Customer {number:02}"
        process = subprocess.Popen([TIEJUN, "log", "visit", name, *GOOD], text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                   env=device.environment())
        killer = threading.Timer(number * 0.0005, process.kill)
        killer.start()
        output = process.communicate(timeout=PATIENCE)[0]
        killer.join()
        if "synced" in output or "saved" in output:
            said.append(name)
    assert device.run("sync", "flush").returncode == 0
    centre = device.in_centre()
    assert set(said) <= set(centre)
    assert len(centre) == len(set(centre)), "a fact is there twice"


def test_two_at_once_on_one_outbox(device):
    names = [f"Customer {number:02}" for number in range(16)]
    processes = [subprocess.Popen([TIEJUN, "log", "visit", name, *GOOD],
                                  stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  env=device.environment()) for name in names]
    for process in processes:
        output, error = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, output + error
    assert device.in_centre() == names
    assert device.status()["waiting"] == "0"


def test_disk_full_is_said_in_one_line_and_keeps_nothing(device):
    device.visit("Lakeside", address=NOWHERE)
    limit = 1 << 16

    def small_disk():
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    shown = subprocess.run([TIEJUN, "log", "visit", "Other", *GOOD, "--note", "x" * 100000],
                           text=True, capture_output=True, timeout=PATIENCE,
                           env=device.environment(NOWHERE), preexec_fn=small_disk)
    assert shown.returncode == 1 and shown.stdout == ""
    assert len(shown.stderr.splitlines()) == 1 and "not kept" in shown.stderr
    assert device.run("sync", "flush").returncode == 0
    assert device.in_centre() == ["Lakeside"]


def test_what_needs_no_outbox_goes_on_without_one(device):
    """It is said once; only what must be kept is refused."""
    device.state.mkdir(exist_ok=True)
    (device.state / "tiejun").write_text("in the way")
    for command in ["day"], ["customer", "list"], ["notice", "list"]:
        shown = device.run(*command)
        assert shown.returncode == 0 and shown.stderr.count("cannot be opened") == 1, shown
    refused = device.visit("Lakeside")
    assert refused.returncode == 1 and refused.stderr.count("cannot be opened") == 1, refused
    assert device.in_centre() == []


@pytest.mark.skipif(os.geteuid() != 0, reason="mounts a small disk, which root alone may")
def test_a_disk_that_runs_full_while_logging(device):
    """Every fact that was reported saved is there when the disk is done for."""
    device.state.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=256k,mode=700", "tmpfs",
                              device.state], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("no tmpfs can be mounted here")
    try:
        saved = []
        for number in range(200):
            name = f"Customer {number:03}"
            shown = device.visit(name, "--note", "x" * 4000, address=NOWHERE)
            if shown.returncode != 3:
                break
            saved.append(name)
        assert shown.returncode == 1 and "the disk is full" in shown.stderr, shown.stderr
        assert len(saved) > 3
        assert device.status()["waiting"] == str(len(saved))
        subprocess.run(["mount", "-o", "remount,size=4m", device.state], check=True)
        assert device.run("sync", "flush").returncode == 0
        assert device.in_centre() == saved
    finally:
        subprocess.run(["umount", "-l", device.state], check=True)


class Proxy:
    """Between a client and the daemon; cuts each connection after so many bytes of either way."""

    def __init__(self, address, cuts):
        host, port = address.rsplit(":", 1)
        self.target = (host, int(port))
        self.cuts = list(cuts)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.listener.getsockname()[1]
        authorities[self.address] = authorities[address]
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _serve(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            up, down = self.cuts.pop(0) if self.cuts else (None, None)
            server = socket.create_connection(self.target)
            ways = [threading.Thread(target=self._copy, args=(client, server, up), daemon=True),
                    threading.Thread(target=self._copy, args=(server, client, down), daemon=True)]
            for way in ways:
                way.start()

    @staticmethod
    def _copy(source, target, left):
        try:
            while left is None or left > 0:
                data = source.recv(65536 if left is None else min(left, 65536))
                if not data:
                    break
                target.sendall(data)
                left = None if left is None else left - len(data)
        except OSError:
            pass
        for end in (source, target):
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self):
        self.listener.close()


def test_a_line_that_is_cut_anywhere(device):
    """Requests that arrive in half, and answers that never come back: each fact is there once."""
    names = [f"Customer {number:02}" for number in range(12)]
    for name in names:
        device.visit(name, address=NOWHERE)
    # Within the handshake, and behind it.
    cuts = [(up, None) for up in (10, 200, 500, 700, 1000, 2000)]
    cuts += [(None, down) for down in (0, 3, 400, 900, 1100, 1300, 1600)]
    proxy = Proxy(device.company.daemon.address, cuts)
    try:
        for _ in cuts:
            device.run("sync", "flush", address=proxy.address)
        assert device.run("sync", "flush", address=proxy.address).returncode == 0
    finally:
        proxy.close()
    assert device.in_centre() == names
    assert device.status()["waiting"] == "0"


def test_the_daemon_goes_and_comes_back(spare, tmp_path):
    """Killed and started anew while a rep goes on logging; totals equal the facts."""
    it = spare()
    it.start()
    with it.client() as client:
        client.call("OrgService.Import", rows=[
            {"line": 1, "unit": "/West/West 1", "kinds": "office/team", "handle": "someone",
             "name": "Someone", "from_date": "2024-01-01"}])
    state = str(tmp_path)
    codes = []
    for number in range(12):
        if number in (3, 8):
            it.kill(signal.SIGKILL)
        if number in (6, 11):
            it.start()
        codes.append(run_cli(it.address, it.token_file, "log", "visit", f"Customer {number:02}",
                             "--minutes", "20", XDG_STATE_HOME=state).returncode)
    assert codes == [0, 0, 0, 3, 3, 3, 0, 0, 3, 3, 3, 0]
    with it.client() as client:
        rows = client.pages("FactService.List", "facts", unit="/", page_size=1000)
    assert sorted(row.customer for row in rows) == [f"Customer {n:02}" for n in range(12)]
    checked = it.check()
    assert checked.returncode == 0, checked.stdout
    assert it.stop() == 0


# Clocks.


def recorded(device):
    """recorded_at and device_recorded_at of this rep's only fact, as the database has them."""
    (fact,) = device.company.login().pages("FactService.List", "facts",
                                           person=device.company.handle(device.who))
    answer = psql(device.company.daemon,
                  "SELECT extract(epoch FROM recorded_at), extract(epoch FROM "
                  f"device_recorded_at) FROM tiejun.fact WHERE id = '{fact.id}'")
    return [float(part) for part in answer.strip().split("|")] + [fact.occurred_at.seconds]


@pytest.mark.parametrize("reboot", [False, True], ids=["same boot", "another boot"])
@pytest.mark.parametrize("known", [False, True], ids=["never online then", "online then"])
def test_a_clock_that_was_set_meanwhile(device, reboot, known):
    """Recorded a minute ago while the wall clock was 30 days ahead, and it is right now (3.4)."""
    month = 30 * 86400
    before = time.time()
    device.visit("Lakeside", address=NOWHERE)
    with device.database() as outbox:
        if known:
            outbox.execute("INSERT INTO clock_fix SELECT 'other', recorded_wall, recorded_boot,"
                           " recorded_wall FROM fact")
        outbox.execute("UPDATE fact SET recorded_wall = recorded_wall + ?", (month * 10**9,))
        if reboot:
            outbox.execute("UPDATE fact SET boot = 'other'")
    flushed = device.run("sync", "flush")
    assert flushed.returncode == (1 if reboot and not known else 0)
    if flushed.returncode:
        # Nothing tells how far off it was then; in 30 days it is too far in the future.
        (refused,) = device.rejected()
        assert refused["outcome"]["field"] == "occurred_at"
        return
    corrected, own, occurred = recorded(device)
    assert before - 2 <= corrected <= time.time() + 2
    assert before - 2 <= occurred <= time.time() + 2
    assert before + month - 2 <= own <= time.time() + month + 2


def test_a_clock_that_is_off_is_said(device):
    device.visit("Lakeside")
    with device.database() as outbox:
        outbox.execute("UPDATE clock_fix SET device_wall = daemon - 3600 * 1000000000")
    assert "1 h 0 min behind" in device.run("sync", "status", address=NOWHERE).stdout.replace("\n", " ")


@pytest.mark.parametrize("day", [0, 1], ids=["today", "tomorrow"])
def test_a_time_may_name_its_day_by_a_word(device, day):
    word = ["today", "tomorrow"][day]
    shown = device.run("log", "appointment", "Lakeside", "--scheduled-at", f"{word} 23:59",
                       "--json", address=NOWHERE)
    assert shown.returncode == 3, shown.stderr
    with device.database() as outbox:
        (body,) = outbox.execute("SELECT body FROM fact").fetchone()
    fact = contract.request_class("tiejun.v1.FactService.Log")().facts.add().FromString(body)
    by_hand = time.strftime("%Y-%m-%d", time.gmtime(time.time() + day * 86400))
    assert time.strftime("%Y-%m-%d", time.gmtime(fact.scheduled_at.seconds)) == by_hand


def test_last_synced_is_the_last_time(device):
    """And not the latest one by a clock that was ahead once."""
    device.visit("Lakeside")
    with device.database() as outbox:
        outbox.execute("UPDATE fact SET settled_wall = settled_wall + ?", (86400 * 10**9,))
    assert device.status()["syncedAt"] > time.strftime("%Y-%m-%dT%H", time.gmtime(time.time() + 7200))
    device.visit("Hillside")
    assert device.status()["syncedAt"] < time.strftime("%Y-%m-%dT%H", time.gmtime(time.time() + 7200))


def test_today_is_the_daemons(device):
    """On a device whose clock is known to be two days ahead."""
    device.visit("Lakeside")
    with device.database() as outbox:
        outbox.execute("UPDATE clock_fix SET boot = 'other', device_wall = daemon + ?",
                       (2 * 86400 * 10**9,))
        outbox.execute("DELETE FROM fact")
    device.run("log", "visit", "Lakeside", "--date", "today", address=NOWHERE)
    with device.database() as outbox:
        (body,) = outbox.execute("SELECT body FROM fact").fetchone()
    date = contract.request_class("tiejun.v1.FactService.Log")().facts.add().FromString(body).date
    assert date == time.strftime("%Y-%m-%d", time.gmtime(time.time() - 2 * 86400))
    assert date in device.run("log", "visit", "Lakeside", address=NOWHERE).stdout


def test_what_waits_stands_on_the_daemons_day(device):
    """On a device whose clock is known to be two days behind."""
    device.visit("Lakeside")
    with device.database() as outbox:
        outbox.execute("UPDATE clock_fix SET boot = 'other', device_wall = daemon - ?",
                       (2 * 86400 * 10**9,))
    logged = device.run("log", "visit", "Lakeside", address=NOWHERE)
    assert time.strftime("%Y-%m-%d", time.gmtime(time.time() + 2 * 86400)) in logged.stdout
    assert "not synced" in device.run("day", address=NOWHERE).stdout


# What cannot be sent is not kept.


def test_a_text_that_is_not_utf8_is_not_kept(device):
    """It would hold up all that comes after it."""
    shown = subprocess.run([TIEJUN, "log", "visit", b"\xff\xfe"], capture_output=True,
                           env=device.environment(NOWHERE), timeout=PATIENCE)
    assert shown.returncode == 2 and b"customer" in shown.stderr
    assert device.status()["waiting"] == "0"
    assert device.visit("Lakeside").returncode == 0


def test_a_fact_that_no_request_can_carry_is_not_kept(device):
    long = ["--outcome", "x" * 100000, "--next-step", "y" * 100000, "--note", "z" * 100000,
            "--contact-role", "r" * 100000, "--person", "p" * 100000, "--deal", "d" * 100000]
    shown = device.run("log", "visit", "Lakeside", *long, address=NOWHERE)
    assert shown.returncode == 1 and "too long" in shown.stderr
    assert device.visit("Lakeside").returncode == 0
