-- The season of a goal's days (domain.md 2.6), and reading goals by their days.

-- "11=1500 2026-12=2000": of days in November 1.5, of those that begin with 2026-12 twice; the last
-- one that holds counts, NULL: none does.
ALTER TABLE goal_version
ADD COLUMN seasons text;

-- NULL leaves it as it was, "none" takes it away.
ALTER TYPE goal_in ADD ATTRIBUTE seasons text;

-- What a goal asks for on the days of a range, by a calendar; of a person less its leave.
CREATE TYPE goal_ask AS (
    place integer,
    goal_id bigint,
    calendar_unit_id bigint,
    from_date date,
    to_date date
);
