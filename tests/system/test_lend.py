"""Roles: nobody gives more than it has, and one is lent for a leave (domain.md 1)."""

import datetime
import json

import pytest

from client import Refused
from contract import types
from psql import attempt

TODAY = datetime.date.today()


def day(offset):
    return str(TODAY + datetime.timedelta(days=offset))


def refused(client, method, **fields):
    with pytest.raises(Refused) as caught:
        client.call(method, **fields)
    return caught.value


def sees(company, who, unit):
    """Whether that person may roll a unit up."""
    try:
        company.login(who).call("ReportService.Rollup", unit=company.unit(unit))
    except Refused as refusal:
        assert refusal.status == "FORBIDDEN"
        return False
    return True


def lend(company, who, borrower, unit="North/North 1", role="ROLE_SUPERVISOR", **fields):
    return company.login(who).call("PersonService.LendRole", borrower=company.handle(borrower),
                                   unit=company.unit(unit), role=role, **fields)


def revoke(company, who, person, unit="North/North 1", role="ROLE_SUPERVISOR", **fields):
    return company.login(who).call("PersonService.RevokeRole", person=company.handle(person),
                                   unit=company.unit(unit), role=role, **fields)


def test_a_lent_role_reaches_what_it_reaches_until_its_last_day(company):
    assert not sees(company, "n2.1", "North/North 1")
    lend(company, "lead.n1", "n2.1", from_date=day(-20), to_date=day(-10))
    assert not sees(company, "n2.1", "North/North 1"), "it is over"
    lend(company, "lead.n1", "n2.1", from_date=day(10), to_date=day(20))
    assert not sees(company, "n2.1", "North/North 1"), "it has not begun"
    lend(company, "lead.n1", "n2.1", from_date=day(-1), to_date=day(2))
    assert sees(company, "n2.1", "North/North 1") and sees(company, "lead.n1", "North/North 1")
    assert not sees(company, "n2.1", "North"), "no further than it reached before"
    roles = company.login("n2.1").call("SessionService.WhoAmI").roles
    loan = next(role for role in roles if role.lent_by)
    assert (loan.lent_by, loan.to_date) == (company.handle("lead.n1"), day(2))


def test_a_loan_is_seen_in_the_tree_and_among_the_people(company):
    lend(company, "lead.n2", "n2.2", "North/North 2", to_date=day(3))
    director = company.login()
    unit = director.call("OrgService.Show", unit=company.unit("North/North 2")).units[0]
    assert unit.loans == f"{company.handle('n2.2')} for {company.handle('lead.n2')} until {day(3)}"
    people = {person.handle: person for person in
              director.call("PersonService.List", unit=company.unit("North/North 2")).people}
    there = people[company.handle("n2.2")]
    assert (there.lent_by, there.lent_until) == (company.handle("lead.n2"), day(3))


def test_the_audit_says_on_whose_behalf(company):
    lend(company, "lead.s1", "s1.1", "South/South 1", to_date=day(3))
    visit = company.good("visit", "s1.2")
    assert company.log(visit, who="s1.1")[0].intake == types.INTAKE_ACCEPTED
    company.login("s1.1").call("GoalService.Set", unit=company.unit("South/South 1"), target=7,
                               metric="visits", from_date="2026-01-01", to_date="2026-12-31")
    company.log(company.good("visit"), who="s1.1")
    rows = company.login("s1.1").call("AuditService.List").rows
    behalf = {(row.method, row.person): row.on_behalf_of for row in rows}
    assert behalf["FactService.Log", company.handle("s1.2")] == company.handle("lead.s1")
    assert behalf["GoalService.Set", ""] == company.handle("lead.s1")
    assert behalf["FactService.Log", company.handle("s1.1")] == ""


def test_a_loan_ends_early_by_its_lender_or_from_above_and_with_the_role(company):
    director = company.login()
    who = company.handle("stand.in")
    director.call("PersonService.Add", handle=who, name="Stan Din", from_date="2024-06-01",
                  unit=company.unit("South/South 1"))
    for ender in ("boss", None):
        lend(company, "boss", "stand.in", "", "ROLE_REGION_MANAGER", to_date=day(9))
        assert sees(company, "stand.in", "North")
        revoke(company, ender, "stand.in", "", "ROLE_REGION_MANAGER")
        assert not sees(company, "stand.in", "North")
    director.call("PersonService.GrantRole", person=company.handle("n1.3"),
                  unit=company.unit("South"), role="ROLE_SUPERVISOR", from_date=day(-9))
    lend(company, "n1.3", "stand.in", "South", to_date=day(9))
    assert sees(company, "stand.in", "South")
    revoke(company, None, "n1.3", "South")
    assert not sees(company, "n1.3", "South") and not sees(company, "stand.in", "South")


def test_who_may_not_lend(company):
    fields = {"unit": company.unit("North"), "role": "ROLE_SUPERVISOR", "to_date": day(5)}
    mine = refused(company.login("lead.n1"), "PersonService.LendRole",
                   borrower=company.handle("n1.1"), **fields)
    assert mine.code == "role_not_held"
    others = refused(company.login("lead.n1"), "PersonService.LendRole",
                     person=company.handle("boss"), borrower=company.handle("n1.1"),
                     **{**fields, "unit": company.region, "role": "ROLE_REGION_MANAGER"})
    assert others.status == "FORBIDDEN"
    lend(company, "boss", "s1.2", "", "ROLE_REGION_MANAGER", to_date=day(5))
    on = refused(company.login("s1.2"), "PersonService.LendRole", borrower=company.handle("n1.1"),
                 unit=company.region, role="ROLE_REGION_MANAGER", to_date=day(4))
    assert on.code == "role_not_held", "what is lent cannot be lent on"
    stranger = refused(company.login("n1.1"), "PersonService.RevokeRole",
                       person=company.handle("s1.2"), unit=company.region,
                       role="ROLE_REGION_MANAGER")
    assert stranger.status == "FORBIDDEN"


def test_whoever_stands_in_keeps_its_own_targets(company):
    """A rep with a lent role goes on selling: the team's standard asks as much as before."""
    def standard():
        answer = company.login("boss").call(
            "ReportService.Rollup", unit=company.unit("South/South 1"), metrics=["visits"],
            from_date=day(0), to_date=day(6))
        return answer.totals[0].target

    before = standard()
    lend(company, "lead.s1", "stand.in", "South/South 1", to_date=day(30))
    assert standard() == before


def test_nobody_gives_more_than_it_has(company):
    director = company.login()
    who = company.handle("admin")
    director.call("PersonService.Add", handle=who, name="Ad Min", unit=company.region,
                  from_date="2024-06-01", role="ROLE_ADMIN")
    admin = company.login("admin")
    grant = {"unit": company.region, "from_date": day(0)}
    director_role = refused(admin, "PersonService.GrantRole", person=company.handle("n1.1"),
                            role="ROLE_DIRECTOR", **grant)
    assert director_role.status == "FORBIDDEN"
    own = refused(admin, "PersonService.GrantRole", person=who, role="ROLE_REGION_MANAGER", **grant)
    assert own.status == "FORBIDDEN"
    admin.call("PersonService.GrantRole", person=company.handle("n1.1"), role="ROLE_SUPERVISOR",
               unit=company.unit("North/North 2"))
    revoke(company, "admin", "n1.1", "North/North 2")


def test_who_stands_in_for_a_director_makes_no_director(company):
    """Else a loan of a week would last for ever."""
    director = company.login()
    for short, role in (("head", "ROLE_DIRECTOR"), ("acting", "ROLE_REP")):
        director.call("PersonService.Add", handle=company.handle(short), name=f"{short} director",
                      unit=company.region, role=role, from_date="2024-06-01")
    lend(company, "head", "acting", "", "ROLE_DIRECTOR", to_date=day(5))
    acting = company.login("acting")
    for person, role in (("acting", "ROLE_DIRECTOR"), ("acting", "ROLE_ADMIN"),
                         ("n1.1", "ROLE_DIRECTOR")):
        assert refused(acting, "PersonService.GrantRole", person=company.handle(person), role=role,
                       unit=company.region).status == "FORBIDDEN"
    invited = refused(acting, "PersonService.Invite", person=company.handle("head"),
                      code_hash=b"h" * 32)
    assert invited.status == "FORBIDDEN", "with a new password one is the director"
    acting.call("PersonService.GrantRole", person=company.handle("n2.1"), role="ROLE_SUPERVISOR",
                unit=company.unit("North/North 2"), to_date=day(1))


@pytest.mark.parametrize("change", ["lent_by = NULL", "role = 'director'",
                                    "unit_id = (SELECT id FROM unit WHERE kind = 'company')"])
def test_the_database_lets_no_lender_make_more_of_a_loan(company, daemon, change):
    lend(company, "lead.s1", "n2.1", "South/South 1", to_date=day(3))
    answer = attempt(daemon.connection(), f"""
        BEGIN;
        SELECT actor_enter(id, '', '', '') FROM person WHERE handle = '{company.handle('lead.s1')}';
        SELECT 'seen', count(*) > 0 FROM role_grant WHERE lent_by = actor();
        UPDATE role_grant SET {change} WHERE lent_by = actor();""")
    revoke(company, "lead.s1", "n2.1", "South/South 1")
    assert "seen|t" in answer.stdout
    assert "row-level security" in answer.stderr


def test_a_loan_ends_with_a_role_that_is_given_anew_for_less_long(company):
    director = company.login()
    grant = {"person": company.handle("n1.3"), "unit": company.unit("South/South 1"),
             "role": "ROLE_SUPERVISOR"}
    director.call("PersonService.GrantRole", from_date=day(-9), **grant)
    lend(company, "n1.3", "n2.2", "South/South 1", to_date=day(9))
    assert sees(company, "n2.2", "South/South 1")
    director.call("PersonService.GrantRole", from_date=day(-9), to_date=day(-1), **grant)
    assert not sees(company, "n1.3", "South/South 1")
    assert not sees(company, "n2.2", "South/South 1")


def test_the_commands(company):
    lent = company.cli("person", "lend", company.handle("n1.2"), "supervisor",
                       company.unit("North/North 1"), "--to", day(4), who="lead.n1")
    assert lent.returncode == 0 and day(4) in lent.stdout, lent.stderr
    me = company.cli("whoami", "--csv", who="n1.2")
    assert f"supervisor,{company.unit('North/North 1')},{company.handle('lead.n1')},{day(4)}" in (
        me.stdout)
    tree = company.cli("org", "show", company.unit("North/North 1"))
    assert "until" in tree.stdout and max(map(len, tree.stdout.splitlines())) <= 80
    back = company.cli("person", "revoke", company.handle("n1.2"), "supervisor",
                       company.unit("North/North 1"), who="lead.n1")
    assert back.returncode == 0, back.stderr
    assert "lent_by" not in json.dumps(json.loads(
        company.cli("whoami", "--json", who="n1.2").stdout))
    assert company.cli("person", "lend", company.handle("n1.2"), "supervisor",
                       company.unit("North/North 1"), who="lead.n1").returncode == 2
