"""A daemon's life: start, stop, kill, a database that goes away, settings that are wrong."""

import os
import pathlib
import re
import signal
import stat
import subprocess

import pytest

from client import Closed, Refused, Wire
from company import uuid7
from daemon import SANITIZED, TIEJUND, Daemon, processes_with, run_cli, run_tiejund, wait_until
from psql import command, psql
from test_two_daemons import settings

DAY = "2026-01-05"


@pytest.fixture(scope="module")
def mortal(spare):
    """A daemon of this module's own, with a rep who has worked since 2024."""
    it = spare()
    it.start()
    with it.client() as client:
        client.call("OrgService.Import", rows=[
            {"line": 1, "unit": "/West/West 1", "kinds": "office/team", "handle": "rep",
             "name": "Rep", "from_date": "2024-01-01"}])
    return it


def visit(**fields):
    return {"id": uuid7(), "kind": "FACT_KIND_VISIT", "person": "rep", "date": DAY,
            "customer": "Somebody", **fields}


def kept(daemon, day=DAY):
    """Ids of the facts that are there."""
    with daemon.client() as client:
        return {fact.id for fact in client.pages("FactService.List", "facts", unit="/",
                                                 from_date=day, to_date=day, page_size=1000)}


def assert_totals_agree(daemon):
    checked = daemon.check()
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert checked.stdout.endswith(", 0 differences\n")


def answers_until_closed(client):
    """The ids acknowledged, by request, until the daemon ends the connection."""
    answered = []
    try:
        while True:
            answered.append(client.receive_response())
    except (Closed, Refused):
        return answered


# What it gives up.


def status_of(process):
    """/proc's account of a process, by the names of its lines."""
    lines = pathlib.Path(f"/proc/{process}/status").read_text().splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def keeper_of(daemon):
    children = [process for process in processes_with(str(daemon.private))
                if status_of(process)["PPid"] == str(daemon.process.pid)]
    return children[0] if len(children) == 1 else None


@pytest.mark.skipif(SANITIZED, reason="a sanitizer's build is not confined")
def test_the_daemon_is_confined(mortal):
    status = status_of(mortal.process.pid)
    assert (status["Seccomp"], status["NoNewPrivs"]) == ("2", "1")
    limits = pathlib.Path(f"/proc/{mortal.process.pid}/limits").read_text()
    assert re.search(r"^Max core file size +0 +0 ", limits, re.M)
    # What may start programs is the process that keeps PostgreSQL, to which nobody can speak.
    assert status_of(keeper_of(mortal))["NoNewPrivs"] == "1"


def test_the_end_of_what_keeps_postgresql_ends_the_daemon(spare):
    """It cannot start another, and somebody has to notice."""
    daemon = spare()
    daemon.start()
    os.kill(keeper_of(daemon), signal.SIGKILL)
    assert daemon.process.wait(timeout=60) == 1
    daemon.process = None
    wait_until(lambda: not processes_with(str(daemon.private)), "PostgreSQL ends too")
    assert any("keeper has ended" in line for line in daemon.errors())


# Stopping.


def test_sigterm_drains(mortal):
    """Everything accepted is answered, and nothing is kept that was not answered."""
    day = "2026-01-06"
    client = mortal.client()
    facts = {}
    data = b""
    for _ in range(400):
        fact = visit(date=day)
        number, more = client.prepare("FactService.Log", facts=[fact])
        facts[number] = fact["id"]
        data += more
    client.send_bytes(data)
    first = client.receive_response()
    mortal.process.send_signal(signal.SIGTERM)
    answered = [first, *answers_until_closed(client)]
    assert mortal.kill(0) == 0
    client.close()
    wait_until(lambda: not processes_with(str(mortal.private)), "PostgreSQL ends with it")
    mortal.start()
    acknowledged = {facts[r.id] for r in answered if r.status == 1}
    assert acknowledged and kept(mortal, day) == acknowledged
    assert_totals_agree(mortal)


def test_notes_for_scripts_come_and_go(mortal):
    assert (mortal.private / "tiejund.address").read_text().strip() == mortal.address
    assert int((mortal.private / "tiejund.pid").read_text()) == mortal.process.pid
    assert mortal.stop() == 0
    assert not (mortal.private / "tiejund.address").exists()
    assert not (mortal.private / "tiejund.pid").exists()
    mortal.start()


def test_idle_clients_do_not_hold_it_up(mortal):
    clients = [mortal.client() for _ in range(20)] + [Wire(mortal.address)]
    assert mortal.stop() == 0
    for client in clients:
        assert client.is_closed()
        client.close()
    mortal.start()


# Killing.


def test_sigkill_keeps_everything_acknowledged(mortal):
    day = "2026-01-07"
    facts = [visit(date=day) for _ in range(300)]
    client = mortal.client()
    numbers = {}
    data = b""
    for fact in facts:
        number, more = client.prepare("FactService.Log", facts=[fact])
        numbers[number] = fact["id"]
        data += more
    client.send_bytes(data)
    acknowledged = {numbers[client.receive_response().id] for _ in range(20)}
    assert mortal.kill(signal.SIGKILL) == -signal.SIGKILL
    acknowledged |= {numbers[r.id] for r in answers_until_closed(client) if r.status == 1}
    client.close()
    mortal.start()
    assert acknowledged <= kept(mortal, day)
    # Whoever got no answer sends again, and nothing is counted twice.
    with mortal.client() as client:
        outcomes = client.call("FactService.Log", facts=facts).outcomes
        assert {o.id for o in outcomes if o.intake in (1, 2)} == {f["id"] for f in facts}
        row, = client.call("ReportService.Rollup", unit="/", from_date=day, to_date=day,
                           metrics=["visits"]).totals
        assert row.actual == 300
    assert_totals_agree(mortal)


def test_killed_while_it_starts(mortal):
    """Again and again, at any moment: it recovers."""
    mortal.stop()
    for _ in range(5):
        process = subprocess.Popen(
            [TIEJUND, *map(str, mortal.place()), "--listen", "127.0.0.1:0", "serve"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(lambda: (mortal.private / "postgresql/postmaster.pid").exists(), "it starts")
        process.kill()
        process.wait()
    mortal.start()
    assert kept(mortal) == set()
    assert_totals_agree(mortal)


# A database that goes away and comes back.


def works_again(daemon):
    def attempt():
        try:
            with daemon.client() as client:
                return client.call("SessionService.WhoAmI").person == "director"
        except (Refused, Closed, OSError):
            return False
    return wait_until(attempt, "the daemon answers again")


def storm(daemon, disaster):
    """Requests while disaster() strikes: the statuses of their answers."""
    statuses = set()
    with daemon.client() as client:
        for n in range(300):
            if n == 100:
                disaster()
            number = client.send("OrgService.Show")
            try:
                client.take(number)
                statuses.add("OK")
            except Refused as error:
                statuses.add(error.status)
                assert error.status != "UNAVAILABLE" or error.hint
    return statuses


def test_backends_killed(mortal):
    """Requests of that moment are told to come again, the connections stay, the next ones work."""
    statuses = storm(mortal, lambda: psql(
        mortal, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE usename = 'tiejun_daemon'"))
    assert "OK" in statuses and statuses <= {"OK", "UNAVAILABLE"}
    assert works_again(mortal)
    mortal.log_file.write_text("")


def test_backends_killed_under_facts(mortal):
    day = "2026-01-08"
    facts = [visit(date=day) for _ in range(200)]
    waiting = {fact["id"]: fact for fact in facts}
    with mortal.client() as client:
        for round_ in range(50):
            numbers = {client.send("FactService.Log", facts=[fact]): fact["id"]
                       for fact in waiting.values()}
            if round_ < 3:
                psql(mortal, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                             " WHERE usename = 'tiejun_daemon'")
            for number, identity in numbers.items():
                try:
                    outcome, = client.take(number).outcomes
                    assert outcome.intake in (1, 2), outcome
                    del waiting[identity]
                except Refused as error:
                    assert error.status in {"UNAVAILABLE", "BUSY"}, error
            if not waiting:
                break
    assert not waiting
    assert kept(mortal, day) == {fact["id"] for fact in facts}
    assert_totals_agree(mortal)
    mortal.log_file.write_text("")


def postmaster_of(daemon):
    """By its own account; nothing while it is being written."""
    account = daemon.private / "postgresql/postmaster.pid"
    words = account.read_text().split() if account.exists() else []
    return int(words[0]) if words else None


def test_postgresql_killed(mortal):
    """A private cluster is started again by its daemon."""
    killed = postmaster_of(mortal)
    statuses = storm(mortal, lambda: os.kill(killed, signal.SIGKILL))
    assert statuses <= {"OK", "UNAVAILABLE"}
    wait_until(lambda: postmaster_of(mortal) not in (killed, None), "another one is started")
    assert works_again(mortal)
    assert_totals_agree(mortal)
    mortal.log_file.write_text("")


def asked_behind_a_lock(daemon, meanwhile):
    """How a request ends that needs a table which somebody else has locked for a while."""
    with subprocess.Popen(
            command(daemon.connection("tiejun_owner")), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as holder:
        holder.stdin.write("BEGIN; LOCK TABLE tiejun.unit; SELECT 'locked';\n")
        assert holder.stdout.readline() == "locked\n"
        try:
            with daemon.client() as client:
                number = client.send("OrgService.Show")
                meanwhile()
                with pytest.raises(Refused) as refused:
                    client.take(number)
        finally:
            holder.stdin.close()
    return refused.value


def test_a_lock_that_is_held_on_and_on_is_not_waited_for(mortal):
    """The answer comes while the lock is still held."""
    assert asked_behind_a_lock(mortal, lambda: None).status == "BUSY"
    with mortal.client() as client:
        assert client.call("OrgService.Show")


def test_a_statement_that_takes_too_long_is_refused_in_words(mortal):
    """As PostgreSQL ends one that is over its time."""
    def end_it():
        wait_until(lambda: psql(mortal, "SELECT pg_cancel_backend(pid) FROM pg_stat_activity"
                                        " WHERE wait_event_type = 'Lock'") == "t\n",
                   "the statement waits and is ended")

    refused = asked_behind_a_lock(mortal, end_it)
    assert (refused.status, refused.code) == ("UNAVAILABLE", "too_slow")
    assert psql(mortal, "SELECT setting FROM pg_settings WHERE name = 'statement_timeout'") == "0\n"


def test_daemon_away(mortal):
    """The command line says so, and exits with 3."""
    with Wire(mortal.address):
        pass
    mortal.stop()
    answer = run_cli(mortal.address, mortal.token_file, "whoami")
    assert (answer.returncode, answer.stdout) == (3, "")
    assert mortal.address in answer.stderr
    mortal.start()


# Init and migrate.


def test_init_twice_is_refused(mortal):
    token = mortal.token_file.read_text()
    answer = mortal.init(token_file=mortal.top / "second.token")
    assert answer.returncode == 1 and "already" in answer.stderr
    assert not (mortal.top / "second.token").exists()
    assert mortal.token_file.read_text() == token


def test_an_initdb_that_was_killed_is_made_up_for(spare):
    daemon = spare(init=False)
    process = subprocess.Popen([TIEJUND, *map(str, daemon.place()), "migrate"],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    half_made = daemon.private / "postgresql.new"
    wait_until(lambda: (half_made / "PG_VERSION").exists(), "initdb is under way")
    process.kill()
    process.wait()
    made = daemon.init()
    assert made.returncode == 0, made.stdout + made.stderr
    assert not half_made.exists()


def test_check_only_reads(mortal):
    """A schema of another version is left as it is, and so is a folder without one."""
    psql(mortal, "UPDATE tiejun.migration SET hash = 'another' WHERE name = 'functions'")
    refused = mortal.check()
    assert refused.returncode == 1
    assert "another version" in refused.stderr and "tiejund migrate" in refused.stderr
    assert psql(mortal, "SELECT hash FROM tiejun.migration WHERE name = 'functions'") == "another\n"
    assert mortal.run("migrate").returncode == 0
    assert_totals_agree(mortal)
    nowhere = mortal.top / "nowhere"
    refused = run_tiejund("--private", nowhere, "check")
    assert refused.returncode == 1 and str(nowhere) in refused.stderr
    assert not (nowhere / "postgresql").exists()


def test_functions_of_a_later_version_are_not_replaced(mortal):
    made = psql(mortal, "SELECT hash FROM tiejun.migration WHERE name = 'version'").strip()
    psql(mortal, "UPDATE tiejun.migration SET hash = '0.10.0' WHERE name = 'version';"
                 "UPDATE tiejun.migration SET hash = 'another' WHERE name = 'functions'")
    refused = mortal.run("migrate")
    assert refused.returncode == 1
    assert "those of tiejund 0.10.0" in refused.stderr and f"this is {made}" in refused.stderr
    psql(mortal, "UPDATE tiejun.migration SET hash = '0.0.9' WHERE name = 'version'")
    assert mortal.run("migrate").returncode == 0
    assert psql(mortal, "SELECT hash FROM tiejun.migration WHERE name = 'version'").strip() == made


def test_init_overwrites_no_token(mortal):
    token = mortal.token_file.read_text()
    answer = mortal.init()
    assert answer.returncode == 1 and str(mortal.token_file) in answer.stderr
    assert mortal.token_file.read_text() == token


def test_the_token_is_for_its_owner_alone(mortal):
    assert stat.S_IMODE(mortal.token_file.stat().st_mode) == 0o600
    assert mortal.token_file.stat().st_uid == os.geteuid()


@pytest.mark.parametrize("options, word", [
    ({"time_zone": "Mars/Olympus"}, "Mars/Olympus"),
    ({"currency": "gold"}, "gold"),
    ({"director": "two words"}, "two words"),
])
def test_init_with_wrong_options(mortal, options, word):
    """Refused in words, before anything was made."""
    psql(mortal, "DROP DATABASE IF EXISTS wrong", "postgres")
    psql(mortal, "CREATE DATABASE wrong", "postgres")
    config = mortal.top / "wrong.ini"
    config.write_text("[database]\n"
                      f"connection = host={mortal.private} user=tiejun_owner dbname=wrong\n")
    config.chmod(0o644)
    other = Daemon(home=mortal.top, config=config, name="wrong")
    answer = other.init(token_file=mortal.top / "wrong.token", **options)
    assert answer.returncode == 1 and word in answer.stderr.splitlines()[-1]
    assert not (mortal.top / "wrong.token").exists()
    assert psql(mortal, "SELECT count(*) FROM tiejun.unit", "wrong").strip() == "0"


def test_migrate_twice_changes_nothing(mortal):
    def applied():
        return psql(mortal, "SELECT name, hash, applied_at FROM tiejun.migration ORDER BY name")

    before = applied()
    assert before
    for _ in range(2):
        answer = mortal.run("migrate")
        assert answer.returncode == 0, answer.stderr
        assert "applying" not in answer.stderr
    assert applied() == before


def test_migrate_brings_what_is_kept_up(mortal):
    """Daemons of the version before may change the tree until its functions go."""
    def kept():
        return psql(mortal, "SELECT * FROM tiejun.reach ORDER BY ancestor_id, unit_id, from_date;"
                            "SELECT * FROM tiejun.rep_time ORDER BY person_id, from_date;"
                            "SELECT * FROM tiejun.strength ORDER BY unit_id, date")

    psql(mortal, "SELECT strength_rebuild()")
    before = kept()
    psql(mortal, "UPDATE reach SET is_office = false; DELETE FROM rep_time; DELETE FROM strength;"
                 "UPDATE migration SET hash = 'another' WHERE name = 'functions'")
    assert kept() != before
    assert mortal.run("migrate").returncode == 0
    assert kept() == before


def test_check_finds_a_difference(mortal):
    """A total that is wrong is named, with what is right."""
    row = """UPDATE tiejun.total SET done = done + %d
             WHERE (office_id, scope, scope_id, grain, date, metric, currency) = (
                 SELECT office_id, scope, scope_id, grain, date, metric, currency
                 FROM tiejun.total ORDER BY 1, 2, 3, 4, 5, 6, 7 LIMIT 1)"""
    psql(mortal, row % 7)
    answer = mortal.check()
    assert answer.returncode == 1
    assert "expected_done=" in answer.stdout and ", 1 differences" in answer.stdout
    psql(mortal, row % -7)
    assert_totals_agree(mortal)


# Settings that are wrong: one clear line, exit code 2 or 1, at once.


@pytest.mark.parametrize("text, words", [
    ("[daemon]\nlisen = 127.0.0.1:0\n", ["line 2"]),
    ("[database]\nconnections = many\n", ["line 2"]),
    ("[database]\nconnections = 0\n", ["line 2"]),
    ("nonsense\n", ["line 1"]),
    ("", ["database"]),
    ("[daemon]\nlog_level = loud\n[database]\nconnection = host=/nowhere\n", ["loud"]),
], ids=["key", "number", "zero", "nonsense", "empty", "level"])
def test_wrong_settings(tmp_path, text, words):
    path = tmp_path / "tiejund.ini"
    path.write_text(text)
    answer = run_tiejund("--config", path, "serve")
    assert answer.returncode == 2
    line, = answer.stderr.splitlines()
    assert all(word in line for word in words)


@pytest.mark.parametrize("arguments", [
    [], ["--config", "/nowhere/tiejund.ini"], ["--private"], ["--frobnicate"],
    ["--private", "/tmp/x", "dance"], ["--private", "/tmp/x", "--log-level", "loud"],
    ["--private", "/tmp/x", "init"], ["--private", "/tmp/x", "serve", "serve"]])
def test_wrong_arguments(arguments):
    answer = run_tiejund(*arguments)
    assert answer.returncode == 2
    assert len(answer.stderr.splitlines()) == 1, answer.stderr
    assert not os.path.exists("/tmp/x")


@pytest.mark.parametrize("address", ["192.0.2.1:7535", "localhost", "127.0.0.1", "127.0.0.1:99999",
                                     "127.0.0.1:0, nowhere"])
def test_an_address_that_is_none(mortal, address):
    """Or that this machine has not got."""
    path = settings(mortal.top / "address.ini", mortal)
    answer = run_tiejund("--config", path, "--listen", address, "serve")
    assert answer.returncode != 0
    errors = [line for line in answer.stderr.splitlines() if " error " in line]
    assert len(errors) == 1 and address.split(", ")[-1] in errors[0]


def test_a_database_that_is_not_there(mortal):
    path = mortal.top / "nowhere.ini"
    path.write_text("[database]\nconnection = host=/nowhere/at/all dbname=tiejun\n")
    answer = run_tiejund("--config", path, "serve")
    assert answer.returncode == 1
    errors = [line for line in answer.stderr.splitlines() if " error " in line]
    assert len(errors) == 1 and "/nowhere/at/all" in errors[0]


def test_an_address_that_is_taken(mortal, daemon):
    other = Daemon(home=mortal.top, name="taken")
    answer = run_tiejund("--private", mortal.private, "--listen", daemon.address, "serve")
    assert answer.returncode == 1
    assert daemon.address in answer.stderr
    assert other.process is None
    works_again(mortal)


def test_help_and_version():
    shown = run_tiejund("--help")
    assert shown.returncode == 0 and "Example:" in shown.stdout
    assert all(len(line) <= 80 for line in shown.stdout.splitlines())
    assert run_tiejund("--version").stdout.startswith("tiejund ")
