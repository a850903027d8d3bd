"""Row-level security as the database has it (sql/policies/00_all.sql): nothing without a policy."""

import pytest

import psql

# Functions that look or write beyond the actor's rows, each with the reason in its head. They are
# few and small: whoever adds one says in its head why it tells nothing that its caller may not
# know, and lists it here.
BEYOND = """
    actor_enter actor_people audit_expire authorize check_no_facts_since conversion_counts
    conversion_work customer_id_of customer_marks_take customer_name customer_names_take
    customers_known customers_registered deal_keys deals_placed device_login devices_ended
    fact_log_read fact_log_write facts_duplicates ground_changed invite_make login_prune notice_expire
    notice_rounds notices_add org_lock org_rebuild org_rename past_people people_reached strength_keep
    strength_rebuild totals_move unit_match unit_time_zone
    try_begin try_end_change try_end_enrol
    try_end_login try_reserve try_return
"""
# What runs as the schema's owner alone, for commands of the daemon's own.
OWNERS = "company_init totals_check strength_check"


@pytest.fixture(scope="module")
def rows(daemon):
    """Runs SQL as the daemon's role or another, and gives the rows' columns."""
    return lambda text, user="tiejun_daemon": psql.rows(daemon, text, user)


def test_each_right_of_the_daemon_to_a_table_has_a_policy(rows):
    """A table without one is empty for every request: add sql/policies/TABLE.sql, with a policy for
    each command that the migration grants to tiejun_daemon; 00_all.sql says who may see what."""
    bare = rows("""
        SELECT DISTINCT g.table_name, g.privilege_type
        FROM information_schema.role_table_grants AS g
        WHERE
            g.table_schema = 'tiejun' AND g.grantee IN ('tiejun_daemon', 'PUBLIC')
            AND NOT EXISTS (
                SELECT
                FROM pg_policies AS p
                WHERE
                    p.schemaname = 'tiejun' AND p.tablename = g.table_name
                    AND 'tiejun_daemon' = ANY (p.roles) AND p.cmd IN (g.privilege_type, 'ALL')
            )
        ORDER BY 1, 2""", "tiejun_owner")
    assert bare == [], test_each_right_of_the_daemon_to_a_table_has_a_policy.__doc__


def test_every_table_has_row_level_security(rows):
    assert rows("""
        SELECT c.relname
        FROM pg_class AS c
        WHERE
            c.relnamespace = 'tiejun'::regnamespace AND c.relkind IN ('r', 'p')
            AND NOT c.relrowsecurity""", "tiejun_owner") == []


def test_the_daemons_role_owns_nothing_and_is_not_above_policies(rows):
    assert rows("SELECT 1 FROM pg_class WHERE relowner = 'tiejun_daemon'::regrole") == []
    assert rows("""
        SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb
        FROM pg_roles
        WHERE rolname = 'tiejun_daemon'""") == [["f"]]


def test_functions_beyond_the_actors_rows_are_listed_here(rows):
    found = rows("""
        SELECT proname, coalesce('search_path=tiejun, pg_temp' = ANY (proconfig), false)
        FROM pg_proc
        WHERE pronamespace = 'tiejun'::regnamespace AND prosecdef
        ORDER BY 1""")
    assert [name for name, _ in found] == sorted(BEYOND.split())
    assert [name for name, pinned in found if pinned != "t"] == [], "their search_path is not pinned"


def test_functions_are_for_the_daemon_alone(rows):
    assert rows("""
        SELECT proname
        FROM pg_proc
        WHERE
            pronamespace = 'tiejun'::regnamespace
            AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))
        """) == []
    assert rows("""
        SELECT proname
        FROM pg_proc
        WHERE
            pronamespace = 'tiejun'::regnamespace
            AND NOT has_function_privilege('tiejun_daemon', oid, 'EXECUTE')
        ORDER BY 1""") == [[name] for name in sorted(OWNERS.split())]


@pytest.mark.parametrize("table", ["fact", "total", "deal", "deal_event", "customer", "goal",
                                   "goal_version", "membership", "device"])
def test_where_nobody_acts_there_is_nothing(company, rows, table):
    company.log(company.good("signing", "n1.1"))
    company.login().call("GoalService.Set", unit=company.region, metric="visits", target=1,
                         from_date="2026-01-01", to_date="2026-12-31")
    assert rows(f"SELECT count(*) > 0 FROM {table}", "tiejun_owner") == [["t"]]
    assert rows(f"SELECT count(*) FROM {table}") == [["0"]]
