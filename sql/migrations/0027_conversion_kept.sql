-- Counts of large units' deals, kept for a while, so that one person's rates need not read the
-- whole company's history.

-- What conversion_counted() says of a unit or a person.
CREATE TYPE conversion_count AS (
    unit_id bigint,
    person_id bigint,
    opened bigint,
    c_won bigint,
    c_lost bigint,
    b_won bigint,
    b_lost bigint,
    a_won bigint,
    a_lost bigint,
    c_days integer,
    b_days integer,
    a_days integer,
    orders bigint,
    orders_minor bigint
);

-- Written and read by conversion_counts() alone.
CREATE TABLE conversion_kept (
    unit_id bigint NOT NULL REFERENCES unit,
    currency text NOT NULL,
    from_date date NOT NULL,
    to_date date NOT NULL,
    good_until timestamptz NOT NULL,
    -- NULL: the unit has no deals.
    counts conversion_count,
    PRIMARY KEY (unit_id, currency, from_date, to_date)
);

INSERT INTO setting_default (key, value)
VALUES
    -- Counting that takes no longer than this is done anew each time.
    ('conversion_keep_ms', '250');
