"""Every change and every refusal leaves a row, which nobody changes afterwards."""

import json
import pathlib
import re

import pytest

from client import Client, Refused
from daemon import wait_until
from psql import attempt, psql


def rows(client, **fields):
    return client.call("AuditService.List", **fields).rows


def first(client, **fields):
    """The newest row of that kind."""
    return rows(client, page_size=1, **fields)[0]


def values(text):
    return json.loads(text) if text else None


def refusals(client, **fields):
    return rows(client, refused=True, **fields)


def test_a_change_says_who_from_where_what_before_and_after(company):
    boss = company.login("boss")
    period = {"from_date": "2026-03-01", "to_date": "2026-03-31"}
    for target in (100, 120):
        boss.call("GoalService.Set", unit=company.unit("North"), metric="visits", target=target,
                  reason=f"wanted {target}", **period)
    row = first(company.login(), object=f"{company.unit('North')} visits")
    assert (row.actor, row.method, row.unit) == (company.handle("boss"), "GoalService.Set",
                                                 company.unit("North"))
    assert row.address.startswith("127.0.0.1:") and row.at.seconds
    assert row.object == f"{company.unit('North')} visits 2026-03-01..2026-03-31"
    assert values(row.before)["target"] == 100
    assert values(row.after)["target"] == 120 and values(row.after)["reason"] == "wanted 120"


def test_a_change_of_people_and_places_says_what_differs(company):
    director = company.login()
    who = company.handle("mover")
    director.call("PersonService.Add", handle=who, name="Mo Ver", from_date="2024-06-01",
                  unit=company.unit("South/South 1"))
    came = {row.object_kind: row for row in rows(director, person=who)}
    assert values(came["person"].after) == {"handle": who, "name": "Mo Ver"}
    assert came["person"].before == ""
    assert values(came["membership"].after)["from_date"] == "2024-06-01"
    director.call("PersonService.Move", person=who, unit=company.unit("North/North 2"),
                  from_date="2025-06-01")
    moved = {row.unit: row for row in rows(director, person=who)
             if row.method == "PersonService.Move"}
    kept, new = moved[company.unit("South/South 1")], moved[company.unit("North/North 2")]
    assert (values(kept.before), values(kept.after)) == ({"to_date": "infinity"},
                                                         {"to_date": "2025-05-31"})
    assert not new.before and values(new.after)["from_date"] == "2025-06-01"


def test_facts_leave_one_row_a_request(company):
    facts = [company.good("visit") for _ in range(30)]
    company.log(*facts, who="n1.1")
    row = first(company.login("n1.1"), object="fact")
    after = values(row.after)
    assert (row.method, row.actor) == ("FactService.Log", company.handle("n1.1"))
    assert row.address.startswith("127.0.0.1:")
    assert after["kept"] == 30 and set(after["ids"]) < {fact["id"] for fact in facts}


def test_a_fact_that_is_sent_twice_counts_once(company):
    customer = company.customer()
    company.log(company.good("visit", customer=customer), who="n1.1")
    fact, other = (company.good("visit", customer=customer) for _ in range(2))
    company.log(fact, other, fact, who="n1.1")
    after = values(first(company.login("n1.1"), object="fact").after)
    assert after == {"kept": 2, "ids": [fact["id"], other["id"]]}


def test_facts_of_a_batch_that_were_refused_leave_a_row(company):
    company.log(company.good("visit"), company.fact("visit", date="nonsense"),
                company.good("visit", "s1.1"), who="n1.2")
    row = wait_until(lambda: refusals(company.login("n1.2")), "its row")[0]
    assert (row.method, row.refusal, row.object) == ("FactService.Log", "bad_date", "2 of 3")


def test_what_changes_nothing_leaves_nothing(company):
    # That its device is added is a change.
    company.login("n1.1")
    before = rows(company.login())[0]
    company.log(company.good("visit"), who="n1.1", dry_run=True)
    company.login().call("OrgService.Show", unit=company.region)
    company.login().call("OrgService.Import", dry_run=True, rows=[
        {"unit": company.unit("Nowhere"), "line": 1}])
    assert rows(company.login())[0] == before


def test_a_refusal_leaves_a_row_of_its_own(company):
    rep = company.login("s1.1")
    with pytest.raises(Refused):
        rep.call("OrgService.AddUnit", parent=company.region, name="Mine")
    row = wait_until(lambda: refusals(company.login(), person=company.handle("s1.1")), "its row")[0]
    assert (row.method, row.refusal, row.object) == ("OrgService.AddUnit", "forbidden",
                                                     company.region)
    assert row.address.startswith("127.0.0.1:") and not row.after


def test_a_refused_login_leaves_a_row_with_the_address(company, daemon):
    with pytest.raises(Refused):
        Client(daemon.address, b"x" * 32)
    row = wait_until(lambda: [row for row in refusals(company.login())
                              if row.refusal == "unknown_device"], "its row")[0]
    assert not row.actor and row.address.startswith("127.0.0.1:")


def test_who_reads_which_rows(company):
    """Everybody what they did, leaders what concerns their people, the director everything."""
    for who in ("n1.2", "n1.3", "s1.2"):
        company.log(company.good("visit"), who=who)

    def actors(who):
        return {row.actor for row in company.login(who).pages("AuditService.List", "rows")}

    assert actors("n1.3") == {company.handle("n1.3")}
    assert company.handle("n1.2") in actors("lead.n1")
    assert company.handle("s1.2") not in actors("lead.n1")
    assert {company.handle("n1.2"), company.handle("s1.2")} <= actors("boss") & actors(None)


def test_an_administrator_reads_no_sales_in_it(company):
    director = company.login()
    director.call("PersonService.Add", handle=company.handle("clerk"), name="Clerk",
                  unit=company.region, role="ROLE_ADMIN", from_date="2024-06-01")
    company.log(company.good("signing"), who="n1.2")
    director.call("GoalService.Set", unit=company.unit("North"), metric="visits", target=77,
                  from_date="2026-04-01", to_date="2026-04-30")
    seen = company.login("clerk").pages("AuditService.List", "rows")
    assert {"person", "device"} <= {row.object_kind for row in seen}
    assert not {row.method for row in seen} & {"GoalService.Set", "FactService.Log"}
    assert {"GoalService.Set", "FactService.Log"} <= {
        row.method for row in company.login("boss").pages("AuditService.List", "rows")}


@pytest.mark.parametrize("days, kept", [(0, 1), (999999999, 2)])
def test_no_setting_wipes_the_trail_or_keeps_it_from_ageing(daemon, days, kept):
    """Rows of the last 90 days stay, whoever wants them gone."""
    said = psql(daemon, f"""
        BEGIN;
        DELETE FROM audit;
        INSERT INTO audit (at) VALUES (now() - interval '89 days'), (now() - interval '91 days');
        INSERT INTO setting (unit_id, key, from_date, value)
        SELECT id, 'audit_days', '2020-01-01', '{days}' FROM unit WHERE kind = 'company'
        ON CONFLICT (unit_id, key, from_date) DO UPDATE SET value = excluded.value;
        DELETE FROM audit WHERE object_kind IS NOT NULL;
        SELECT audit_expire();
        SELECT 'kept', count(*) FROM audit;
        ROLLBACK;""")
    assert f"kept|{kept}" in said


def test_filters_and_pages(company):
    director = company.login()
    for _ in range(5):
        company.log(company.good("visit"), who="n2.1")
    who = company.handle("n2.1")
    mine = director.pages("AuditService.List", "rows", person=who, page_size=2)
    assert mine == list(rows(director, person=who)) and len(mine) >= 5
    assert not rows(director, from_date="2001-01-01", to_date="2001-12-31")
    of_team = director.pages("AuditService.List", "rows", unit=company.unit("North/North 2"))
    people = {company.handle(short) for short in ("lead.n2", "n2.1", "n2.2", "mover")}
    assert who in {row.actor for row in of_team}
    assert all(row.unit == company.unit("North/North 2") or row.person in people
               for row in of_team)


@pytest.mark.parametrize("statement", [
    "UPDATE audit SET refusal = NULL", "DELETE FROM audit", "TRUNCATE audit",
    "INSERT INTO audit (actor_id, object) VALUES (1, 'forged')"])
def test_the_daemons_role_can_only_append_and_only_as_the_actor(company, daemon, statement):
    answer = attempt(daemon.connection(), statement)
    assert answer.returncode != 0
    assert "permission denied" in answer.stderr or "row-level security" in answer.stderr


def test_old_rows_go_by_the_setting(company, daemon):
    said = psql(daemon, f"""
        INSERT INTO audit (at, object)
        VALUES
            (now() - interval '1094 days', '{company.name} young'),
            (now() - interval '1096 days', '{company.name} old');
        SELECT audit_expire();
        SELECT object FROM audit
        WHERE object LIKE '{company.name} %' AND at < now() - interval '1 year'""")
    assert said.split("\n")[-2:] == [f"{company.name} young", ""]


def test_every_table_that_the_daemon_writes_is_audited(company, daemon):
    """By a trigger (sql/policies/audit.sql), or by the functions that write it, once a request."""
    by_request = {"audit", "customer", "deal", "deal_event", "fact", "fact_pending"}
    # A goal's versions say what became of it.
    by_another = {"goal"}
    said = psql(daemon, """
        SELECT DISTINCT g.table_name
        FROM information_schema.role_table_grants AS g
        WHERE
            g.table_schema = 'tiejun' AND g.grantee = 'tiejun_daemon'
            AND g.privilege_type IN ('INSERT', 'UPDATE', 'DELETE')
            AND NOT EXISTS (
                SELECT
                FROM pg_trigger AS t
                WHERE
                    t.tgrelid = format('tiejun.%I', g.table_name)::regclass
                    AND t.tgname LIKE 'audit%'
            )""")
    assert set(said.split()) == by_request | by_another, (
        "add the table to the list in sql/policies/audit.sql")


def test_all_that_the_trail_names_has_a_word(daemon):
    """Its tables and their columns, as audit_shown() has them (client/lib/words.c)."""
    said = psql(daemon, """
        SELECT CASE c.relname WHEN 'goal_version' THEN 'goal' ELSE c.relname END
        FROM pg_trigger AS t
        JOIN pg_class AS c ON c.oid = t.tgrelid
        WHERE t.tgname = 'audit_insert'
        UNION
        SELECT jsonb_object_keys(audit_shown((
            SELECT jsonb_object_agg(a.attname, '1')
            FROM pg_attribute AS a
            WHERE a.attrelid = t.tgrelid AND a.attnum > 0 AND NOT a.attisdropped
        )))
        FROM pg_trigger AS t
        WHERE t.tgname = 'audit_insert'""")
    named = set(said.split())
    assert {"key_result", "stretched_target", "weekday_mask"} <= named
    words = (pathlib.Path(__file__).parents[2] / "client/lib/words.c").read_text()
    assert named <= set(re.findall(r'\{"(\w+)", N_\(', words))


def refused_in_json(company):
    shown = company.cli("audit", "--refused", "--json", "--person", company.handle("n1.1"))
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout).get("rows")


def test_the_command_prints_it_within_80_columns(company):
    company.log(company.good("visit"), who="n1.1")
    shown = company.cli("audit", "--person", company.handle("n1.1"))
    assert shown.returncode == 0, shown.stderr
    assert company.handle("n1.1") in shown.stdout
    assert max(map(len, shown.stdout.splitlines())) <= 80
    with pytest.raises(Refused):
        company.login("n1.1").call("OrgService.AddUnit", parent=company.region, name="Mine")
    row = wait_until(lambda: refused_in_json(company), "the refusal's row")[0]
    assert row["refusal"]


def test_a_goal_is_shown_in_its_currencys_own_units(company):
    goal = {"unit": company.unit("North/North 1"), "from_date": "2047-01-01",
            "to_date": "2047-01-31"}
    for metric, target in (("revenue", 1234567), ("visits", 4321)):
        company.login().call("GoalService.Set", metric=metric, target=target, **goal)
    shown = " ".join(company.cli("audit", "--object", "2047-01-01", "--csv").stdout.split())
    assert "target 12,345.67 USD" in shown and "target 4,321;" in shown
    assert '""target"": 1234567' in shown
