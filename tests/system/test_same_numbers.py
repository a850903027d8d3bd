"""Two people who may see the same scope see the same numbers, to the byte (domain.md 4.6)."""

import datetime
import random

import pytest

import contract
from company import uuid7
from contract import types

METRICS = ["appointments", "new_customers", "visits", "materials", "negotiations", "signings",
           "revenue", "payments"]
KINDS = ["appointment", "new_customer", "visit", "material", "negotiation", "signing", "payment"]
YEAR = 2025


@pytest.fixture(scope="module")
def seed():
    number = random.randrange(2**32)
    print("seed", number)
    return number


@pytest.fixture(scope="module")
def history(company, seed):
    """A year's work, in which a person changed teams and a team its office, and goals on all."""
    generator = random.Random(seed)
    director = company.login()
    for office in ("North", "South"):
        director.call("PersonService.Add", handle=company.handle(office.lower()), name=office,
                      unit=company.unit(office), role="ROLE_SUPERVISOR", from_date="2024-01-01")
    people = [short for team in company.TEAMS.values() for short in team]
    people += ["lead.n1", "lead.n2", "lead.s1", "north", "boss"]

    everything = []

    def work(first, last):
        facts = []
        for _ in range(200):
            day = first + datetime.timedelta(generator.randrange((last - first).days + 1))
            kind = generator.choice(KINDS)
            fields = {"amount_minor": generator.randrange(1, 10**8)} if kind in (
                "signing", "payment") else {}
            facts.append(company.good(kind, generator.choice(people), date=str(day), **fields))
        for outcome in company.log(*facts):
            assert outcome.intake == types.INTAKE_ACCEPTED, outcome
        everything.extend(facts)

    work(datetime.date(YEAR, 1, 1), datetime.date(YEAR, 5, 11))
    director.call("PersonService.Move", person=company.handle("n1.3"),
                  unit=company.unit("South/South 1"), from_date=f"{YEAR}-05-12")
    director.call("PersonService.Move", person=company.handle("s1.2"),
                  unit=company.unit("North/North 1"), from_date=f"{YEAR}-05-12")
    work(datetime.date(YEAR, 5, 12), datetime.date(YEAR, 8, 19))
    director.call("OrgService.MoveUnit", unit=company.unit("North/North 2"),
                  parent=company.unit("South"), from_date=f"{YEAR}-08-20")
    work(datetime.date(YEAR, 8, 20), datetime.date(YEAR, 12, 31))
    # A void is of today, when nobody moves any more.
    voids = [{"id": uuid7(), "kind": "FACT_KIND_VOID", "person": fact["person"],
              "voids": fact["id"]} for fact in generator.sample(everything, 60)]
    for outcome in company.log(*voids):
        assert outcome.intake == types.INTAKE_ACCEPTED, outcome
    for month in range(1, 13):
        first = datetime.date(YEAR, month, 1)
        last = (first + datetime.timedelta(31)).replace(day=1) - datetime.timedelta(1)
        for scope in [{"unit": company.unit(unit)} for unit in ("", "North", "South/North 2")] + [
                {"person": company.handle(who)} for who in ("n1.3", "s1.2", "n2.1")]:
            director.call("GoalService.Set", metric="revenue", from_date=str(first),
                          to_date=str(last), target=generator.randrange(10**6, 10**8), **scope)
    return company


# Who may see which scope, each from the narrowest to the widest view.
SCOPES = [
    ("", ["boss", None]),
    ("North", ["north", "boss", None]),
    ("South", ["south", "boss", None]),
    ("North/North 1", ["n1.1", "s1.2", "lead.n1", "north", None]),
    ("South/North 2", ["n2.1", "lead.n2", "south", None]),
    ("South/South 1", ["s1.1", "n1.3", "lead.s1", "south", None]),
]


def answer(client, method, fields):
    number, data = client.prepare(method, **fields)
    client.send_bytes(data)
    response = client.receive_response()
    assert response.status == contract.frame.STATUS_OK, (fields, response.error)
    client.waiting.pop(number)
    return response.body


def questions(generator, count):
    """Ranges, groups, metrics and both trees of rule 1.1."""
    for _ in range(count):
        first = datetime.date(YEAR, 1, 1) + datetime.timedelta(generator.randrange(340))
        length = generator.choice([0, 6, 30, generator.randrange(200)])
        last = min(first + datetime.timedelta(length), datetime.date(YEAR, 12, 31))
        if generator.random() < 0.3:
            first, last = datetime.date(YEAR, 1, 1), datetime.date(YEAR, 12, 31)
        group = generator.choice([None, "UNIT", "TEAM", "REP", "DAY", "WEEK", "MONTH", "QUARTER"])
        yield {"from_date": str(first), "to_date": str(last),
               "as_is": generator.random() < 0.5,
               **({"group_by": f"GROUP_BY_{group}"} if group else {}),
               **({"metrics": generator.sample(METRICS, generator.randrange(1, 4))}
                  if generator.random() < 0.5 else {})}


@pytest.mark.parametrize("unit, viewers", SCOPES, ids=[unit or "region" for unit, _ in SCOPES])
def test_4_6_the_same_scope_is_the_same_to_the_byte(history, seed, unit, viewers):
    generator = random.Random(f"{seed} {unit}")
    for question in questions(generator, 14):
        fields = {"unit": history.unit(unit), **question}
        bodies = {who: answer(history.login(who), "ReportService.Rollup", fields)
                  for who in viewers}
        assert len(set(bodies.values())) == 1, (fields, {
            who: str(types.ReportServiceRollupResponse.FromString(body))
            for who, body in bodies.items()})


def test_4_6_a_persons_own_numbers_are_those_that_leaders_see(history, seed):
    generator = random.Random(f"{seed} person")
    for who, leader in (("n1.3", "lead.s1"), ("s1.2", "lead.n1"), ("n2.1", "lead.n2")):
        for question in questions(generator, 8):
            fields = {"person": history.handle(who), **question}
            bodies = {answer(history.login(viewer), "ReportService.Rollup", fields)
                      for viewer in (who, leader, "boss", None)}
            assert len(bodies) == 1, fields
