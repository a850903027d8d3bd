-- Back-solve and forecast input (domain.md 2.7, 4.7).

INSERT INTO setting_default (key, value)
VALUES
    -- a of p = (x + a p_parent) / (n + a).
    ('shrink_weight', '20'),
    -- How many days of history conversion rates, lags and order values are read from.
    ('conversion_window_days', '365');

-- A number of the chain that is to be taken as given: see SolveService in the contract.
CREATE TYPE replacement_in AS (
    name text,
    value bigint
);
