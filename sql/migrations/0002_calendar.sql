-- Metrics (domain.md 2), daily standards (2.1), working days (2.5) and settings.

CREATE TABLE metric (
    metric text PRIMARY KEY,
    -- The facts that it counts, or whose amount it sums.
    fact_kind text NOT NULL,
    is_money boolean NOT NULL DEFAULT false,
    -- Order in tables.
    position integer NOT NULL
);

INSERT INTO metric (metric, fact_kind, is_money, position)
VALUES
    ('appointments', 'appointment', false, 1),
    ('new_customers', 'new_customer', false, 2),
    ('visits', 'visit', false, 3),
    ('materials', 'material', false, 4),
    ('negotiations', 'negotiation', false, 5),
    ('signings', 'signing', false, 6),
    ('revenue', 'signing', true, 7),
    ('payments', 'payment', true, 8);

-- Per rep and working day; the nearest unit upward that has one decides, its latest from_date.
CREATE TABLE standard (
    unit_id bigint NOT NULL REFERENCES unit,
    metric text NOT NULL REFERENCES metric,
    from_date date NOT NULL,
    target bigint NOT NULL CHECK (target >= 0),
    PRIMARY KEY (unit_id, metric, from_date)
);

-- Everything else that domain.md calls a setting; inherited and dated like standards.
CREATE TABLE setting (
    unit_id bigint NOT NULL REFERENCES unit,
    key text NOT NULL,
    from_date date NOT NULL,
    value jsonb NOT NULL,
    PRIMARY KEY (unit_id, key, from_date)
);

-- Days that differ from the weekday mask; the nearest unit upward that has one decides.
CREATE TABLE calendar_exception (
    unit_id bigint NOT NULL REFERENCES unit,
    date date NOT NULL,
    factor_milli integer NOT NULL CHECK (factor_milli BETWEEN 0 AND 1000),
    name text,
    PRIMARY KEY (unit_id, date)
);

CREATE INDEX calendar_exception_date ON calendar_exception (date);

CREATE TYPE calendar_day_in AS (
    date text,
    factor_milli integer,
    name text
);

GRANT SELECT ON metric TO tiejun_daemon;
GRANT SELECT, INSERT, UPDATE ON standard, setting, calendar_exception TO tiejun_daemon;
