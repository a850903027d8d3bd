"""Requests of many callers share transactions: each has its own rights, answer and fate."""

import concurrent.futures
import signal

import pytest

from client import Refused
from daemon import wait_until
from psql import attempt, psql, rows

ACCEPTED, KNOWN, REFUSED = 1, 2, 3


@pytest.fixture
def together(daemon):
    """Sends requests while the daemon sleeps, so that it finds all of them at once: (client, facts)
    each; gives the answers in order."""
    def run(*requests):
        daemon.process.send_signal(signal.SIGSTOP)
        try:
            numbers = [(client, client.send("FactService.Log", facts=facts))
                       for client, facts in requests]
        finally:
            daemon.process.send_signal(signal.SIGCONT)
        return [client.take(number) for client, number in numbers]
    return run


def kept(company, person, day="2025-05-05"):
    rows = company.login().pages("FactService.List", "facts", person=company.handle(person),
                                 from_date=day, to_date=day)
    return {row.id for row in rows}


def visit(company, person=None, **fields):
    return company.good("visit", person, date="2025-05-05", **fields)


def test_each_is_judged_by_its_own_right(company, together):
    """A rep, its leader and a stranger, all for the same rep in one batch."""
    facts = [visit(company), visit(company, "n1.1"), visit(company, "n1.1"), visit(company, "n1.1")]
    who = ["n1.1", "lead.n1", "s1.1", "boss"]
    answers = together(*[(company.login(short), [fact]) for short, fact in zip(who, facts)])
    outcomes = [answer.outcomes[0] for answer in answers]
    assert [outcome.intake for outcome in outcomes] == [ACCEPTED, ACCEPTED, REFUSED, ACCEPTED]
    assert outcomes[2].code == "forbidden"
    assert {facts[0]["id"], facts[1]["id"], facts[3]["id"]} <= kept(company, "n1.1")
    assert facts[2]["id"] not in kept(company, "n1.1")


def test_who_sent_a_fact_is_kept_with_it(company, daemon, together):
    facts = {short: visit(company, "n1.2") for short in ("n1.2", "lead.n1", "boss")}
    together(*[(company.login(short), [fact]) for short, fact in facts.items()])
    for short, fact in facts.items():
        said = psql(daemon, f"""
            SELECT p.handle FROM fact AS f JOIN person AS p ON p.id = f.actor_id
            WHERE f.id = '{fact["id"]}'""").strip()
        assert said == company.handle(short)


def test_one_that_breaks_the_batch_fails_alone(company, together):
    """The sum of these does not fit a total: an error of the statement that keeps all of them."""
    huge = [company.good("signing", date="2025-05-06", amount_minor=2**63 - 1) for _ in range(2)]
    others = [visit(company) for _ in range(6)]
    clients = [company.login(short) for short in ("n1.1", "n1.2", "n1.3")]
    breaker = company.login("n2.1")
    requests = [(clients[n % 3], [fact]) for n, fact in enumerate(others)]
    with pytest.raises(Refused) as refusal:
        together(*requests[:3], (breaker, huge), *requests[3:])
    assert refusal.value.status == "INVALID"
    again = [company.login(("n1.1", "n1.2", "n1.3")[n % 3]).call("FactService.Log", facts=[fact])
             for n, fact in enumerate(others)]
    assert {answer.outcomes[0].intake for answer in again} == {KNOWN}


def test_the_same_fact_from_two_devices_at_once_is_kept_once(company, daemon, together):
    fact = visit(company)
    with daemon.client(company.token("n2.2")) as one, daemon.client(company.token("n2.2")) as other:
        answers = together((one, [fact]), (other, [fact]))
    assert sorted(answer.outcomes[0].intake for answer in answers) == [ACCEPTED, KNOWN]


def test_a_dry_run_among_others_keeps_nothing(company, daemon):
    facts = [visit(company) for _ in range(20)]
    client = company.login("n2.1")
    numbers = [client.send("FactService.Log", facts=[fact], dry_run=n % 2 == 0)
               for n, fact in enumerate(facts)]
    for number in numbers:
        assert client.take(number).outcomes[0].intake == ACCEPTED
    assert kept(company, "n2.1") & {fact["id"] for fact in facts} == {
        fact["id"] for fact in facts[1::2]}


def test_a_client_that_leaves_takes_no_fact_with_it(company, daemon):
    """What the daemon had taken is kept though nobody waits for the answer; all of it sent again is
    kept once."""
    facts = [visit(company) for _ in range(30)]
    client = daemon.client(company.token("s1.2"))
    for fact in facts:
        client.send("FactService.Log", facts=[fact])
    client.close()
    wait_until(lambda: kept(company, "s1.2"), "some of them are kept")
    again = company.login("s1.2").call("FactService.Log", facts=facts)
    assert {outcome.intake for outcome in again.outcomes} <= {ACCEPTED, KNOWN}
    assert kept(company, "s1.2") == {fact["id"] for fact in facts}


def test_many_at_once_are_all_kept(company, daemon):
    def work(short):
        with daemon.client(company.token(short)) as client:
            numbers = [client.send("FactService.Log", facts=[visit(company)]) for _ in range(50)]
            return [client.take(number).outcomes[0].intake for number in numbers]
    people = ["n1.1", "n1.2", "n1.3", "n2.1", "n2.2", "s1.1", "s1.2"]
    for short in people:
        company.token(short)
    with concurrent.futures.ThreadPoolExecutor(len(people)) as pool:
        for intakes in pool.map(work, people):
            assert set(intakes) == {ACCEPTED}


def test_a_fault_of_the_daemon_writes_for_nobody_else(company, daemon):
    """The statement that keeps facts holds each against the rights of its own actor."""
    ids = {}
    for short in ("s1.1", "n1.1"):
        [ids[short]] = rows(daemon, f"""
            SELECT m.person_id, m.office_id, m.unit_id
            FROM membership AS m JOIN person AS p ON p.id = m.person_id
            WHERE p.handle = '{company.handle(short)}'""")
    person, office, unit = ids["n1.1"]
    answer = attempt(daemon.connection(), f"""
        SELECT * FROM fact_log_write(
            ARRAY[jsonb_populate_record(NULL::judged_fact_in, jsonb_build_object(
                'position', 1, 'id', gen_random_uuid(), 'person_id', {person},
                'office_id', {office}, 'unit_id', {unit}, 'kind', 'material',
                'occurred_at', now(), 'local_date', '2025-05-05', 'effective', true,
                'rule_version', 1))],
            ARRAY[{ids["s1.1"][0]}]::bigint[], false, NULL, NULL, NULL);""")
    assert "42501" in answer.stderr, answer.stdout + answer.stderr


def log_now(client, **fact):
    """A fact of this moment: of the actor's own, nothing but the first one of a day is read."""
    return client.call("FactService.Log", facts=[fact]).outcomes[0]


def test_a_setting_holds_for_the_next_fact(company):
    """What is remembered of a person is never out of date for long enough to be seen."""
    rep = company.login("s1.1")
    for minutes, setting in ((20, None), (20, None), (20, "30"), (40, None), (40, "50"), (40, "15")):
        if setting:
            company.director.call("SettingService.Set", unit=company.unit(),
                                  key="minimum_visit_minutes", value=setting)
        outcome = log_now(rep, **company.good("visit", minutes=minutes))
        assert outcome.intake == ACCEPTED
        assert list(outcome.failed_reasons) == (["too_short"] if minutes < int(setting or 0) else [])


def test_of_changes_that_are_over_the_last_one_tells_of_all(company, daemon):
    """Whoever read before an earlier one learns of it all the same."""
    def ask(text):
        answer = attempt(daemon.connection("tiejun_owner"), text)
        return answer.stdout.strip() + answer.stderr.strip()

    read_at = []
    for _ in range(3):
        read_at.append(ask("SELECT pg_current_snapshot()"))
        company.director.call("SettingService.Set", unit=company.unit(), value="20",
                              key="minimum_visit_minutes")
        assert ask("SELECT count(*) FROM ground_change") == "1"
        assert all("40001" in ask(f"SELECT ground_check('{snapshot}')") for snapshot in read_at)
    assert ask("SELECT ground_check(pg_current_snapshot())") == ""


def test_a_fact_of_today_that_comes_again_is_known(company):
    rep, fact = company.login("n1.3"), company.good("visit")
    assert [log_now(rep, **it).intake for it in (company.good("visit"), fact, fact)] == [
        ACCEPTED, ACCEPTED, KNOWN]
    twice = company.good("negotiation")
    answer = rep.call("FactService.Log", facts=[twice, company.good("visit"), twice])
    assert [outcome.intake for outcome in answer.outcomes] == [ACCEPTED, ACCEPTED, KNOWN]


def test_3_5_a_visit_sent_behind_a_signing_belongs_to_the_next_deal(company):
    """Requests of one client overtake each other not even where one needs to be read and the other
    does not."""
    rep, customer = company.login("n1.3"), company.customer()
    log_now(rep, **company.good("visit", customer=customer))
    numbers = [rep.send("FactService.Log", facts=[company.good(kind, customer=customer)])
               for kind in ("signing", "visit", "negotiation")]
    assert [rep.take(number).outcomes[0].intake for number in numbers] == 3 * [ACCEPTED]
    # Those that are open, and those that were signed.
    for state in ({}, {"state": "DEAL_STATE_SIGNED"}):
        deals = rep.pages("DealService.List", "deals", customer=customer, **state)
        assert len(deals) == 1, "a visit overtook the signing before it"


def test_a_role_that_has_ended_writes_for_nobody(company):
    """What is remembered of those whom somebody leads goes with the role."""
    company.director.call("PersonService.Add", handle=company.handle("acting"), name="Acting",
                          unit=company.unit("North/North 2"), from_date="2024-01-01")
    role = {"person": company.handle("acting"), "unit": company.unit("North/North 2"),
            "role": "ROLE_SUPERVISOR"}
    company.director.call("PersonService.GrantRole", **role, from_date="2024-01-01")
    leader = company.login("acting")
    for _ in range(2):
        assert log_now(leader, **company.good("visit", "n2.1")).intake == ACCEPTED
    company.director.call("PersonService.RevokeRole", **role)
    outcome = log_now(leader, **company.good("visit", "n2.1"))
    assert (outcome.intake, outcome.code) == (REFUSED, "forbidden")
    assert log_now(leader, **company.good("visit")).intake == ACCEPTED
