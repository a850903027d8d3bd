"""10,000 random operations: the totals are what the facts add up to."""

import datetime
import itertools
import random

import pytest

import recompute
from client import Refused
from contract import types
from daemon import SANITIZED

OPERATIONS = 3_000 if SANITIZED else 10_000
FIRST = datetime.date(2024, 1, 1)
DAYS = 700
KINDS = ["visit"] * 5 + ["appointment", "new_customer", "material", "negotiation", "signing",
                         "payment", "competitor_sighting"]
ALL = {"from_date": "2024-01-01", "to_date": "2026-12-31"}


class Ledger:
    """What was sent, what was acknowledged, and the next thing to do."""

    def __init__(self, company, generator):
        self.company = company
        self.generator = generator
        self.people = [short for team in company.TEAMS.values() for short in team] + ["lead.n1"]
        self.customers = [f"totals customer {n}" for n in range(150)]
        self.sent = []
        self.accepted = set()
        self.refused = set()

    def day(self):
        return str(FIRST + datetime.timedelta(days=self.generator.randrange(DAYS)))

    def fact(self):
        pick = self.generator
        kind = pick.choice(KINDS)
        fields = {"date": self.day(), "customer": pick.choice(self.customers)}
        if pick.random() < 0.2:
            fields.update(minutes=3, purpose="", contact="")
        if kind in ("signing", "payment"):
            fields["amount_minor"] = pick.choice([1, 99, 10**6, pick.randrange(1, 10**12)])
            fields["currency"] = pick.choice(["USD", "USD", "CNY"])
        if pick.random() < 0.02:
            fields["date"] = pick.choice(["2025-02-30", "2001-01-01", "2199-01-01"])
        return self.company.good(kind, pick.choice(self.people), **fields)

    def void(self):
        wrong = self.generator.choice(self.sent)
        return {**self.company.fact("void"), "voids": wrong["id"], "person": wrong["person"]}

    def batch(self, size):
        """Facts, voids of earlier ones or of this very batch, and some sent before."""
        facts = []
        for _ in range(size):
            turn = self.generator.random()
            if turn < 0.12 and self.sent:
                facts.append(self.void())
            elif turn < 0.22 and self.sent:
                facts.append(self.generator.choice(self.sent))
            else:
                facts.append(self.fact())
            self.sent.append(facts[-1])
        return facts

    def note(self, outcomes):
        for outcome in outcomes:
            assert outcome.intake, outcome
            if outcome.intake == types.INTAKE_REFUSED:
                assert outcome.code and outcome.message
                self.refused.add(outcome.id)
            else:
                self.accepted.add(outcome.id)


def retried(client, method, fields):
    """Again while the daemon says that it may be tried again."""
    for _ in range(20):
        try:
            return client.call(method, **fields)
        except Refused as error:
            assert error.status in {"BUSY", "UNAVAILABLE"}, error
    raise AssertionError("refused again and again")


def take(ledger, client, number, method, fields):
    try:
        answer = client.take(number)
    except Refused as error:
        # A move into days that are counted already is refused by rule 1.1.
        if error.code == "facts_since":
            return
        assert error.status in {"BUSY", "UNAVAILABLE"}, error
        answer = retried(client, method, fields)
    if method == "FactService.Log":
        ledger.note(answer.outcomes)


def operation(ledger, left):
    """(method, fields, how many operations it is)."""
    pick = ledger.generator
    turn = pick.random()
    if turn < 0.04:
        unit = pick.choice(list(ledger.company.TEAMS))
        return ("PersonService.Move",
                {"person": ledger.company.handle(pick.choice(ledger.people[:-1])),
                 "unit": ledger.company.unit(unit), "from_date": ledger.day()}, 1)
    if turn < 0.10:
        size = min(left, pick.randrange(1, 12))
        deals = [{"id": ledger.company.fact("visit")["id"],
                  "customer": pick.choice(ledger.customers),
                  "person": ledger.company.handle(pick.choice(ledger.people)),
                  "grade": pick.choice(["GRADE_A", "GRADE_B", "GRADE_C"]),
                  "opened_on": ledger.day()} for _ in range(size)]
        return "DealService.Record", {"deals": deals}, size
    size = min(left, pick.choice([1, 2, 3, 10, 40, 80, 200]))
    return "FactService.Log", {"facts": ledger.batch(size)}, size


@pytest.fixture(scope="module")
def ledger(company):
    """Everything done, through two connections with several requests under way on each."""
    seed = random.randrange(2**32)
    print("seed", seed)
    it = Ledger(company, random.Random(seed))
    with company.daemon.client() as one, company.daemon.client() as other:
        waiting = []
        clients = itertools.cycle((one, other))
        done = 0
        while done < OPERATIONS:
            method, fields, size = operation(it, OPERATIONS - done)
            client = next(clients)
            waiting.append((client, client.send(method, **fields), method, fields))
            done += size
            if len(waiting) > 6:
                take(it, *waiting.pop(0))
        for entry in waiting:
            take(it, *entry)
    return it


@pytest.fixture(scope="module")
def facts(ledger):
    director = ledger.company.login()
    return director.pages("FactService.List", "facts", unit="/totals", page_size=1000, **ALL)


def test_what_was_acknowledged_is_there_and_nothing_else(ledger, facts):
    listed = [fact.id for fact in facts]
    assert len(listed) == len(set(listed))
    assert set(listed) == ledger.accepted
    assert len(listed) > OPERATIONS / 2 and ledger.refused


def test_check_finds_no_difference(ledger):
    checked = ledger.company.daemon.check()
    assert checked.returncode == 0, checked.stdout
    assert checked.stdout.endswith(", 0 differences\n")


def rollup(ledger, **fields):
    return ledger.company.login().call("ReportService.Rollup", **fields)


def test_totals_are_the_sums_of_the_facts(ledger, facts):
    got = recompute.reported(rollup(ledger, unit="/totals", **ALL).totals)
    assert got == recompute.totals(facts, types.FactKind.Name)


@pytest.mark.parametrize("group", ["REP", "WEEK", "MONTH", "QUARTER"])
def test_groups_are_the_sums_of_their_facts(ledger, facts, group):
    got = recompute.reported(
        rollup(ledger, unit="/totals", group_by=f"GROUP_BY_{group}", **ALL).rows)
    assert got == recompute.totals(facts, types.FactKind.Name, recompute.GROUPS[group])


def test_days_are_the_sums_of_their_facts(ledger, facts):
    span = {"from_date": "2025-01-01", "to_date": "2025-12-31"}
    inside = [fact for fact in facts if fact.local_date.startswith("2025")]
    got = recompute.reported(rollup(ledger, unit="/totals", group_by="GROUP_BY_DAY", **span).rows)
    assert got == recompute.totals(inside, types.FactKind.Name, recompute.GROUPS["DAY"])


def test_units_hold_the_work_that_was_done_there(ledger, facts):
    """As it was: people have moved, and their facts count in the unit of their day."""
    for unit in ("/totals/North", "/totals/South", *map(ledger.company.unit, ledger.company.TEAMS)):
        inside = [fact for fact in facts if (fact.unit + "/").startswith(unit + "/")]
        got = recompute.reported(rollup(ledger, unit=unit, **ALL).totals)
        assert got == recompute.totals(inside, types.FactKind.Name), unit


def test_todays_teams_over_past_work(ledger, facts):
    """As it is: all of a person's facts count where the person is today."""
    people = ledger.company.login().pages("PersonService.List", "people", unit="/totals")
    home = {person.handle: person.unit for person in people}
    for unit in map(ledger.company.unit, ledger.company.TEAMS):
        inside = [fact for fact in facts if home[fact.person] == unit]
        got = recompute.reported(rollup(ledger, unit=unit, as_is=True, **ALL).totals)
        assert got == recompute.totals(inside, types.FactKind.Name), unit
