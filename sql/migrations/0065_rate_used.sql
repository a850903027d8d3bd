-- Money of several currencies in one: a rate that a figure was converted by, and its day.
CREATE TYPE rate_used AS (
    currency text,
    rate numeric,
    from_date date
);
