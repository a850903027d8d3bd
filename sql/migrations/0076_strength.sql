-- How many reps units have (2.1), kept so that what daily standards ask of a company is not counted
-- from thousands of memberships at every roll-up. Reference tables on Citus.

-- When somebody is a rep of which unit: while it belongs there and does not lead that very unit.
-- Made by strength_keep() from membership and role_grant.
CREATE TABLE rep_time (
    person_id bigint NOT NULL REFERENCES person,
    unit_id bigint NOT NULL REFERENCES unit,
    from_date date NOT NULL,
    to_date date NOT NULL,
    PRIMARY KEY (person_id, from_date)
);

-- By how many the reps of a unit and of all below it become more or fewer on a day; to be summed.
-- Rows are added, never changed, so that nobody waits for another; strength_rebuild() makes one of
-- those of a day.
CREATE TABLE strength (
    unit_id bigint NOT NULL REFERENCES unit,
    date date NOT NULL,
    change bigint NOT NULL
);

CREATE INDEX strength_unit ON strength (unit_id, date);

GRANT SELECT ON strength TO tiejun_daemon;

-- Reps of one kind of unit in a stretch of days: what a daily standard is multiplied by.
CREATE TYPE report_rep AS (
    slot integer,
    -- Has the calendar and the standards of the units in which they are.
    unit_id bigint,
    from_date date,
    end_date date,
    -- Fewer than none where they are in another row as well.
    reps bigint,
    -- They are away for so much of the day; NULL: they are there.
    away_milli integer
);
