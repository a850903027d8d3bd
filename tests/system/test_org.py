"""People and places (domain.md 1): the tree, membership with a date, roles and what they reach."""

import secrets

import pytest

from client import Refused
from company import token_hash
from contract import types


def refusal(call, *arguments, **fields):
    with pytest.raises(Refused) as caught:
        call(*arguments, **fields)
    assert caught.value.message, caught.value.code
    return caught.value


@pytest.fixture(scope="module")
def director(company):
    return company.login()


def tree(client, unit, **fields):
    return {row.path: row for row in client.call("OrgService.Show", unit=unit, **fields).units}


def kind(row):
    return types.UnitKind.Name(row.kind).removeprefix("UNIT_KIND_").lower()


def test_tree_as_it_was_imported(company, director):
    units = tree(director, company.region)
    assert list(units) == [
        "/org", "/org/North", "/org/North/North 1", "/org/North/North 2", "/org/South",
        "/org/South/South 1"]
    assert [kind(row) for row in units.values()] == [
        "region", "office", "team", "team", "office", "team"]
    assert [row.level for row in units.values()] == [0, 1, 2, 2, 1, 2]
    assert units["/org"].headcount == 11
    assert units["/org/North"].headcount == 7
    assert units["/org/North/North 1"].headcount == 4
    assert units["/org"].leaders == "org.boss"
    assert units["/org/North/North 1"].leaders == "org.lead.n1"


def test_depth(company, director):
    assert list(tree(director, company.region, depth=0)) == ["/org"]
    assert len(tree(director, company.region, depth=1)) == 3


def test_zone_currency_and_locale_are_inherited(company, director):
    director.call("OrgService.AddUnit", parent=company.region, name="Osaka",
                  kind="UNIT_KIND_OFFICE", time_zone="Asia/Tokyo", currency="JPY",
                  from_date="2024-01-01")
    director.call("OrgService.AddUnit", parent="/org/Osaka", name="Osaka 1",
                  from_date="2024-01-01")
    units = tree(director, "/org/Osaka")
    assert kind(units["/org/Osaka/Osaka 1"]) == "team"
    for row in units.values():
        assert (row.time_zone, row.currency, row.locale) == ("Asia/Tokyo", "JPY", "en")


def test_importing_again_changes_nothing(company, director):
    rows = [{"line": 1, "unit": "/org/North/North 1", "kinds": "region/office/team",
             "handle": company.handle("n1.1"), "name": "Another name", "from_date": "2025-01-01"}]
    outcome = director.call("OrgService.Import", rows=rows).outcomes[0]
    assert (outcome.units_added, outcome.person_added, outcome.code) == (0, False, "")
    people = {p.handle: p for p in director.pages("PersonService.List", "people",
                                                  unit=company.region)}
    assert people["org.n1.1"].name == "N1.1 org"
    assert people["org.n1.1"].from_date == "2024-01-01"


def test_a_refused_row_refuses_itself_alone(company, director):
    rows = [
        {"line": 1, "unit": "/org/Rows/Rows 1", "kinds": "region/office/team"},
        {"line": 2, "unit": "/org/Rows/Rows 2", "kinds": "castle"},
        {"line": 3, "unit": "/org/Rows/Rows 3", "kinds": "region/office/team",
         "from_date": "2024-02-31"},
        {"line": 4, "unit": "/org/Rows/Rows 1", "handle": "two words", "name": "X"},
        {"line": 5, "unit": "/org/Rows/Rows 1", "handle": "org.r1", "name": "行一"},
        {"line": 6, "handle": "org.r2", "name": "No unit"},
    ]
    outcomes = director.call("OrgService.Import", rows=rows).outcomes
    assert [o.line for o in outcomes] == [1, 2, 3, 4, 5, 6]
    assert [bool(o.code) for o in outcomes] == [False, True, True, True, False, True]
    assert outcomes[0].units_added == 2 and outcomes[4].person_added
    assert outcomes[2].code == "bad_date" and outcomes[2].field == "from_date"
    assert "2024-02-31" in outcomes[2].message
    assert list(tree(director, "/org/Rows")) == ["/org/Rows", "/org/Rows/Rows 1"]


def test_dry_run_of_an_import(company, director):
    rows = [{"line": 1, "unit": "/org/Dry/Dry 1", "kinds": "region/office/team",
             "handle": "org.dry", "name": "Dry"}]
    outcome = director.call("OrgService.Import", rows=rows, dry_run=True).outcomes[0]
    assert (outcome.units_added, outcome.person_added) == (2, True)
    assert refusal(director.call, "OrgService.Show", unit="/org/Dry").code == "unknown_unit"
    assert refusal(director.call, "FactService.ShowDay", person="org.dry").code == "unknown_person"


def test_unit_by_its_name_where_it_is_unique(company, director):
    director.call("OrgService.AddUnit", parent="/org/South", name="Only one of org")
    assert list(tree(director, "Only one of org")) == ["/org/South/Only one of org"]
    for office in ("East", "Far East"):
        director.call("OrgService.AddUnit", parent=company.region, name=office,
                      kind="UNIT_KIND_OFFICE")
        director.call("OrgService.AddUnit", parent=f"/org/{office}", name="Org twins")
    refused = refusal(director.call, "OrgService.Show", unit="Org twins")
    assert refused.code == "ambiguous_unit"
    assert "/org/East/Org twins" in refused.message
    assert "/org/Far East/Org twins" in refused.message


@pytest.mark.parametrize("fields, code", [
    ({"name": "North"}, "unit_exists"),
    ({"name": "a/b"}, "bad_unit_name"),
    ({"name": "  "}, "missing_field"),
    ({"name": "Zone", "time_zone": "Mars/Olympus"}, "bad_time_zone"),
    ({"name": "Money", "currency": "gold"}, "bad_currency"),
    ({"name": "Higher", "kind": "UNIT_KIND_COMPANY"}, "kind_order"),
])
def test_units_that_cannot_be(company, director, fields, code):
    assert refusal(director.call, "OrgService.AddUnit", parent=company.region, **fields).code == code


def test_people_in_pages(company, director):
    whole = director.call("PersonService.List", unit="/org/North").people
    pages = director.pages("PersonService.List", "people", unit="/org/North", page_size=2)
    assert [p.handle for p in pages] == [p.handle for p in whole]
    assert len(whole) == 7
    roles = {p.handle: types.Role.Name(p.role) for p in whole}
    assert roles["org.lead.n1"] == "ROLE_SUPERVISOR" and roles["org.n1.1"] == "ROLE_REP"


def test_handles_are_unique_whatever_their_case(company, director):
    refused = refusal(director.call, "PersonService.Add", handle="ORG.N1.1", name="Impostor",
                      unit="/org/South")
    assert (refused.status, refused.code) == ("CONFLICT", "handle_taken")


def test_1_1_moving_a_person_keeps_the_past(company, director):
    """1.1: a membership has a from-date, and the days before it stay where they were."""
    director.call("PersonService.Add", handle="org.mover", name="Mover", unit="/org/North/North 2",
                  from_date="2024-01-01")
    answer = director.call("PersonService.Move", person="org.mover", unit="/org/South/South 1",
                           from_date="2025-03-01")
    assert (answer.unit, answer.from_date) == ("/org/South/South 1", "2025-03-01")

    def team(day):
        people = director.pages("PersonService.List", "people", unit=company.region, date=day)
        return {p.handle: p.unit for p in people}["org.mover"]

    assert team("2025-02-28") == "/org/North/North 2"
    assert team("2025-03-01") == "/org/South/South 1"


def test_1_1_moving_a_unit_keeps_the_past(company, director):
    for path in ("Old home", "New home"):
        director.call("OrgService.AddUnit", parent=company.region, name=path,
                      kind="UNIT_KIND_OFFICE", from_date="2024-01-01")
    director.call("OrgService.AddUnit", parent="/org/Old home", name="Nomads",
                  from_date="2024-01-01")
    answer = director.call("OrgService.MoveUnit", unit="/org/Old home/Nomads",
                           parent="/org/New home", from_date="2025-01-01")
    assert answer.path == "/org/New home/Nomads"
    assert "/org/Old home/Nomads" in tree(director, company.region, date="2024-12-31")
    assert "/org/New home/Nomads" in tree(director, company.region, date="2025-01-01")
    assert "/org/Old home/Nomads" not in tree(director, company.region, date="2025-01-01")


def test_a_unit_cannot_move_below_itself(company, director):
    refused = refusal(director.call, "OrgService.MoveUnit", unit="/org/North",
                      parent="/org/North/North 1")
    assert refused.code == "move_below_itself"
    assert refusal(director.call, "OrgService.MoveUnit", unit="/",
                   parent="/org").code == "company_stays"


def test_who_am_i(company):
    answer = company.login("lead.n1").call("SessionService.WhoAmI")
    assert (answer.person, answer.unit) == ("org.lead.n1", "/org/North/North 1")
    assert (answer.time_zone, answer.currency) == ("UTC", "USD")
    assert [(types.Role.Name(r.role), r.unit) for r in answer.roles] == [
        ("ROLE_SUPERVISOR", "/org/North/North 1")]


# What a role reaches.


def test_a_rep_reaches_itself(company):
    rep = company.login("n1.1")
    assert list(tree(rep, "")) == ["/org/North/North 1"]
    assert refusal(rep.call, "OrgService.Show", unit="/org/South").status == "FORBIDDEN"
    assert refusal(rep.call, "OrgService.AddUnit", parent="/org/North/North 1",
                   name="Mine").status == "FORBIDDEN"
    assert refusal(rep.call, "PersonService.Add", handle="org.friend", name="Friend",
                   unit="/org/North/North 1").status == "FORBIDDEN"


def test_a_role_reaches_the_subtree_and_no_further(company):
    lead = company.login("lead.n1")
    assert lead.call("PersonService.List", unit="/org/North/North 1").people
    assert refusal(lead.call, "PersonService.List", unit="/org/North/North 2").code == "forbidden"
    boss = company.login("boss")
    assert len(boss.pages("PersonService.List", "people", unit="/org/North/North 2")) >= 3
    assert refusal(boss.call, "OrgService.Show", unit="/").status == "FORBIDDEN"


def test_a_role_for_a_time(company, director):
    """Granted with a last day, a role is gone after it."""
    assert refusal(company.login("s1.1").call, "PersonService.List",
                   unit="/org/South").status == "FORBIDDEN"
    grant = {"person": company.handle("s1.1"), "unit": "/org/South", "role": "ROLE_SUPERVISOR"}
    director.call("PersonService.GrantRole", from_date="2025-01-01", **grant)
    assert company.login("s1.1").call("PersonService.List", unit="/org/South").people
    director.call("PersonService.GrantRole", from_date="2025-01-01", to_date="2025-06-30", **grant)
    assert refusal(company.login("s1.1").call, "PersonService.List",
                   unit="/org/South").status == "FORBIDDEN"


def test_a_device_for_oneself_and_no_other(company):
    rep = company.login("n1.2")
    token = secrets.token_bytes(32)
    rep.call("DeviceService.Add", token_hash=token_hash(token), name="telephone")
    with company.daemon.client(token) as telephone:
        assert telephone.welcome.person == "org.n1.2"
    refused = refusal(rep.call, "DeviceService.Add", person=company.handle("n1.3"),
                      token_hash=token_hash(b"x" * 32), name="a trick")
    assert refused.status == "FORBIDDEN"
    assert refusal(rep.call, "DeviceService.Add", token_hash=b"short",
                   name="bad").code == "bad_token_hash"


# Working days (2.5) and standards (2.1).


def test_2_5_working_days_with_exceptions(company, director):
    days = [{"date": "2025-10-01", "factor_milli": 0, "name": "National Day"},
            {"date": "2025-10-02", "factor_milli": 0},
            {"date": "2025-10-11", "factor_milli": 1000, "name": "make-up day"},
            {"date": "2025-10-31", "factor_milli": 500}]
    answer = director.call("CalendarService.Set", unit="/org/North", days=days)
    assert answer.days_set == 4
    # October 2025 has 23 days from Monday to Friday.
    month = {"from_date": "2025-10-01", "to_date": "2025-10-31"}
    show = director.call("CalendarService.Show", unit="/org/North/North 1", **month)
    assert show.working_millidays == 21_500
    assert len(show.days) == 31
    assert show.days[0].name == "National Day" and show.days[0].factor_milli == 0
    assert show.days[10].factor_milli == 1000
    assert director.call("CalendarService.Show", unit="/org/South", **month
                         ).working_millidays == 23_000


def test_2_1_standards_are_inherited_and_dated(company, director):
    def visits(unit, day):
        standards = director.call("StandardService.Show", unit=unit, date=day).standards
        return {s.metric: s for s in standards}["visits"]

    usual = visits("/org/South/South 1", "2025-05-01").target
    director.call("StandardService.Set", unit="/org/South", metric="visits", target=usual + 3,
                  from_date="2025-06-01")
    assert visits("/org/South/South 1", "2025-05-31").target == usual
    after = visits("/org/South/South 1", "2025-06-01")
    assert (after.target, after.unit, after.from_date) == (usual + 3, "/org/South", "2025-06-01")
    assert visits("/org/North/North 1", "2025-06-01").target == usual
    assert usual == 8, "3-5-8 from the start"


def test_standards_are_not_for_reps_to_set(company):
    refused = refusal(company.login("n1.1").call, "StandardService.Set",
                      unit="/org/North/North 1", metric="visits", target=1)
    assert refused.status == "FORBIDDEN"
