-- Which rows exist for whom.
--
-- The daemon's role owns nothing, and every table has row-level security: what no policy shows does
-- not exist for a request, whatever a handler forgets to check. The actor and the reach of its
-- roles are worked out once a transaction by actor_enter(); the policies compare rows with the sets
-- that it leaves, each set hashed once a statement and nothing called for every row.
--
--   led       units at or below one on which the actor is supervisor, region manager or director
--             today, by a role of its own or a lent one; its people are those whose present unit,
--             or last one, is among them
--   headed    as led, for region managers and directors
--   board     the unit the actor belongs to, where there is none below it
--   planned   as led, for region managers, directors and administrators
--   managed   as led, for directors and administrators
--   directed  as led, for directors who are so by no loan
--   past      units that were below a led one on other days than today; people who belonged to a
--             led or past unit, or to the board, and do not today
--
-- Reading
--   * One's own facts, deals, customers, totals, devices: always, wherever they were made.
--   * Facts and deals: where the work was done (unit_id) in a led unit, on any day; in a past unit,
--     on the days on which it was below; and all that people of led units ever did, since today's
--     tree over past work (1.1, as it is) asks for it.
--   * Customers: of the actor and of people of led units, as owners or with a deal of theirs.
--   * Totals: of led units and their people as facts; of the board and its members too, which is
--     all that a rep sees of others. So a rep and a director who ask for one team's roll-up sum the
--     same rows (4.6).
--   * Goals: of led and past units and their people, of the board and its members. Those of past
--     ones stay readable whole, for a period under way is not cut in two.
--   * An administrator manages people and settings, and reads no sales content.
--   * The company's shape (units, who leads them, names, calendars, standards, metrics) is known to
--     all who work there; who belongs where, to those above and to the team.
-- Writing
--   * Facts, deals and customers: for oneself, and by a leader for people of led units.
--   * Goals: by a leader, for led units and their people; objectives: for headed units. Settings:
--     planned units. People, their places, roles and devices: managed units. Roles: nobody but a
--     director makes a director or gives a role to himself; whoever holds a role may lend it.
--   * What follows from others (reach, totals, the registry of names) is written by functions that
--     the schema's owner runs. Those SECURITY DEFINER functions are few, small and listed in
--     tests/system/test_policies.py, each with the reason in its head.
--
-- A new table: add policies/TABLE.sql with a policy for each command that its migration grants to
-- tiejun_daemon, and list it in policies/audit.sql. Until then it is empty for every request.
DO $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'tiejun' LOOP
        EXECUTE format('ALTER TABLE tiejun.%I ENABLE ROW LEVEL SECURITY', name);
    END LOOP;
END;
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA tiejun FROM PUBLIC;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tiejun TO tiejun_daemon;
-- For commands of the daemon's own, which run as the owner.
REVOKE ALL ON FUNCTION company_init, totals_check, strength_check FROM tiejun_daemon;
