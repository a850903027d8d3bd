"""Two daemons on one database: what one acknowledged, the other's next roll-up holds."""

import concurrent.futures
import itertools
import json
import subprocess
import threading

import pytest

from company import uuid7
from daemon import Daemon, run_cli, wait_until
from psql import attempt, command, psql

DAYS = (f"2025-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29))


def settings(path, daemon, database="tiejun"):
    path.write_text(
        "[daemon]\n"
        "listen = 127.0.0.1:0\n"
        "[database]\n"
        f"connection = host={daemon.private} user=tiejun_daemon dbname={database}\n"
        f"owner_connection = host={daemon.private} user=tiejun_owner dbname={database}\n"
        "connections = 3\n")
    path.chmod(0o644)
    return path


@pytest.fixture(scope="module")
def second(daemon):
    """Another tiejund on the session daemon's cluster, by connection string."""
    it = Daemon(home=daemon.top, name="second", config=settings(daemon.top / "second.ini", daemon))
    it.start()
    yield it
    assert it.stop() == 0
    assert it.errors() == []


@pytest.fixture(scope="module")
def both(daemon, second):
    with daemon.client() as one, Daemon.client(second, daemon.token()) as other:
        yield one, other


@pytest.fixture
def day():
    return next(DAYS)


def visits(client, day, unit="/two-daemons"):
    answer = client.call("ReportService.Rollup", unit=unit, from_date=day, to_date=day,
                         metrics=["visits"])
    return sum(row.actual for row in answer.totals)


def test_acknowledged_here_is_counted_there(company, both, day):
    for n in range(1, 101):
        writer, reader = both if n % 2 else both[::-1]
        writer.call("FactService.Log", facts=[company.good("visit", "n1.1", date=day)])
        assert visits(reader, day) == n


def test_the_same_facts_through_both_are_counted_once(company, both, day):
    batches = [[company.good("visit", ("n1.1", "s1.1")[i % 2], date=day) for i in range(20)]
               for _ in range(20)]
    numbers = [[client.send("FactService.Log", facts=facts) for facts in order]
               for client, order in zip(both, (batches, batches[::-1]))]
    outcomes = [client.take(number).outcomes
                for client, mine in zip(both, numbers) for number in mine]
    accepted = [o.id for o in itertools.chain(*outcomes) if o.intake == 1]
    assert len(accepted) == len(set(accepted)) == 400
    assert visits(both[0], day) == visits(both[1], day) == 400


def test_totals_moved_by_both_at_once(company, both, day):
    """The same people and days from both sides, in opposite orders: nobody locks the other out."""
    people = ["n1.1", "n1.2", "n2.1", "s1.1", "s1.2"]
    numbers = []
    for _ in range(20):
        for client, order in zip(both, (people, people[::-1])):
            facts = [company.good(kind, who, date=day) for who in order
                     for kind in ("visit", "signing", "new_customer")]
            numbers.append((client, client.send("FactService.Log", facts=facts)))
    for client, number in numbers:
        assert {o.intake for o in client.take(number).outcomes} == {1}
    assert visits(both[0], day) == visits(both[1], day) == 200


def test_what_one_made_the_other_knows(company, both):
    one, other = both
    one.call("OrgService.AddUnit", parent="/two-daemons", name="Fresh", from_date="2025-01-01")
    assert other.call("OrgService.Show", unit="/two-daemons/Fresh").units
    other.call("GoalService.Set", unit="/two-daemons/Fresh", metric="visits", target=7,
               from_date="2031-01-01", to_date="2031-12-31")
    assert one.call("GoalService.Show", unit="/two-daemons/Fresh").goals[0].target == 7


def test_a_device_of_one_is_known_to_the_other(company, second):
    with second.client(company.token("n1.1")) as client:
        assert client.welcome.person == "two-daemons.n1.1"
    answer = run_cli(second.address, company.token_path("n1.1"), "whoami")
    assert answer.returncode == 0 and "two-daemons.n1.1" in answer.stdout


def test_the_first_serves_on_while_the_second_stops(daemon, second):
    third = Daemon(home=daemon.top, name="third", config=second.config)
    third.start()
    with daemon.client() as client:
        numbers = [client.send("OrgService.Show") for _ in range(50)]
        assert third.stop() == 0
        for number in numbers:
            assert client.take(number).units


def test_two_start_at_once_on_an_empty_database(daemon):
    """Both migrate; one does it, the other finds it done."""
    psql(daemon, "CREATE DATABASE empty")
    config = settings(daemon.top / "empty.ini", daemon, "empty")
    pair = [Daemon(home=daemon.top, name=f"empty-{n}", config=config) for n in (1, 2)]
    threads = [threading.Thread(target=it.start) for it in pair]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    try:
        assert all(it.address for it in pair), [it.log() for it in pair]
        applied = [line for it in pair for line in it.log().splitlines() if " applying " in line]
        names = [line.split(" applying ")[1] for line in applied]
        assert len(names) == len(set(names)) and len(names) >= 5
        assert [it.errors() for it in pair] == [[], []]
        made = pair[0].init(token_file=daemon.top / "empty.token", time_zone="UTC")
        assert made.returncode == 0, made.stderr
        pair[0].token_file = pair[1].token_file = daemon.top / "empty.token"
        for it in pair:
            with it.client() as client:
                assert client.welcome.person == "director"
        check = pair[0].run("check")
        assert (check.returncode, check.stdout) == (0, "0 facts, 0 totals, 0 differences\n")
    finally:
        codes = [it.stop() for it in pair]
    assert codes == [0, 0]


def test_two_batches_at_once_open_one_deal(company, both, day):
    """Visits of one person at one customer, through both daemons at the same moment."""
    customers = [f"Twice {number}" for number in range(40)]
    fact = {"person": company.handle("n1.2"), "date": day}
    both[0].call("FactService.Log", facts=[
        {**fact, "id": uuid7(), "kind": "FACT_KIND_NEW_CUSTOMER", "customer": name}
        for name in customers])
    for name in customers:
        visit = {**fact, "kind": "FACT_KIND_VISIT", "customer": name}
        numbers = [client.send("FactService.Log", facts=[{**visit, "id": uuid7()}])
                   for client in both]
        for client, number in zip(both, numbers):
            assert not client.take(number).outcomes[0].code
    deals = both[0].call("DealService.List", person=company.handle("n1.2"), page_size=1000).deals
    assert sorted(deal.customer for deal in deals if deal.customer in customers) == sorted(customers)


def test_the_parts_of_an_answer_are_of_one_moment(company, both, daemon, day):
    """A person's day and its facts are two statements; facts that come between are in both or in
    neither."""
    one, other = both
    stop = threading.Event()
    fact = {"person": company.handle("n1.3"), "date": day, "kind": "FACT_KIND_MATERIAL",
            "customer": "Somebody"}

    def log():
        while not stop.is_set():
            other.call("FactService.Log", facts=[{**fact, "id": uuid7()}])

    logger = threading.Thread(target=log)
    logger.start()
    seen = set()
    try:
        for _ in range(200):
            shown = one.call("FactService.ShowDay", person=company.handle("n1.3"), date=day)
            counted = sum(metric.done for metric in shown.metrics if metric.metric == "materials")
            assert counted == len(shown.facts)
            seen.add(counted)
    finally:
        stop.set()
        logger.join()
    assert len(seen) > 20, "facts came between"


@pytest.fixture
def writer(daemon):
    """A daemon's transaction that keeps facts, step by step."""
    process = subprocess.Popen(
        command(daemon.connection()), text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT)
    yield process
    process.stdin.close()
    process.wait()


def keep(daemon, person, office, fact):
    """The statement of a batch with this one fact, placed there."""
    place = f"""SELECT jsonb_build_object('person_id', m.person_id, 'office_id', m.office_id,
                       'unit_id', m.unit_id, 'local_date', coalesce(
                           nullif(m.to_date, 'infinity'), m.from_date))
                FROM tiejun.membership AS m JOIN tiejun.person AS p ON p.id = m.person_id
                WHERE p.handle = '{person}' ORDER BY m.from_date OFFSET {office} LIMIT 1"""
    judged = json.loads(psql(daemon, place)) | {
        "position": 1, "id": fact, "kind": "material", "effective": True, "rule_version": 1,
        "occurred_at": "2025-01-31T12:00:00Z"}
    return f"""SELECT intake FROM tiejun.fact_log_write(
                   ARRAY[jsonb_populate_record(NULL::tiejun.judged_fact_in, '{json.dumps(judged)}')],
                   ARRAY[{judged["person_id"]}]::bigint[], false, NULL, NULL, NULL);"""


def test_a_fact_that_comes_twice_around_a_move_is_kept_once(company, daemon, writer):
    """Placed in one office by one daemon, in the next by the other, and known to neither."""
    company.director.call("PersonService.Add", handle="twice.mover", name="Mover",
                          unit="/two-daemons/North/North 1", from_date="2024-01-01")
    company.director.call("PersonService.Move", person="twice.mover",
                          unit="/two-daemons/South/South 1", from_date="2025-02-01")
    fact = uuid7()
    writer.stdin.write("BEGIN;\n" + keep(daemon, "twice.mover", 0, fact) + "\n")
    writer.stdin.flush()
    assert writer.stdout.readline().strip() == "accepted"
    with concurrent.futures.ThreadPoolExecutor() as pool:
        other = pool.submit(attempt, daemon.connection(), keep(daemon, "twice.mover", 1, fact))
        wait_until(lambda: other.done() or psql(
            daemon, "SELECT count(*) FROM pg_locks WHERE NOT granted AND classid = 7457106"
        ).strip() == "1", "the other one waits for the first")
        writer.stdin.write("COMMIT;\n")
        writer.stdin.flush()
        assert "40001" in other.result().stderr
    assert psql(daemon, f"SELECT count(*) FROM tiejun.fact WHERE id = '{fact}'").strip() == "1"


def test_1_1_who_moves_to_a_unit_that_is_moving_comes_along(company, daemon, both, writer):
    """Both wait for a batch of facts, and then for each other one way."""
    one, other = both
    company.director.call("OrgService.Import", rows=[
        {"unit": f"/two-daemons/{unit}", "handle": handle, "from_date": "2024-01-01"}
        for handle, unit in (("twice.nomad", "North/Nomads"), ("twice.joins", "South/South 1"))])

    def waiting():
        return int(psql(daemon, "SELECT count(*) FROM pg_stat_activity"
                                " WHERE wait_event_type = 'Lock'"))

    writer.stdin.write("BEGIN;\nSELECT tiejun.membership_hold(), 'held';\n")
    writer.stdin.flush()
    assert writer.stdout.readline().strip() == "|held"
    joined = one.send("PersonService.Move", person="twice.joins",
                      unit="/two-daemons/North/Nomads", from_date="2027-03-01")
    wait_until(lambda: waiting() == 1, "the person waits for the batch")
    moved = other.send("OrgService.MoveUnit", unit="/two-daemons/North/Nomads",
                       parent="/two-daemons/South", from_date="2027-02-01")
    wait_until(lambda: waiting() == 2, "the unit waits as well")
    writer.stdin.write("COMMIT;\n")
    writer.stdin.flush()
    assert one.take(joined).unit == other.take(moved).path == "/two-daemons/North/Nomads"
    assert psql(daemon, """
        SELECT DISTINCT u.path FROM tiejun.membership AS m
        JOIN tiejun.unit AS u ON u.id = m.office_id
        JOIN tiejun.person AS p ON p.id = m.person_id
        WHERE p.handle IN ('twice.nomad', 'twice.joins') AND m.to_date = 'infinity'
    """).strip() == "/two-daemons/South"
