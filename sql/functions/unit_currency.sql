-- A unit's currency: its own, or that of the nearest unit above that has one. A unit that does not
-- exist yet inherits by its first place.
CREATE OR REPLACE FUNCTION unit_currency(unit_id bigint)
RETURNS text
LANGUAGE sql
STABLE
AS $$
    SELECT u.currency
    FROM reach AS r
    JOIN unit AS u ON u.id = r.ancestor_id
    WHERE r.unit_id = unit_currency.unit_id AND u.currency IS NOT NULL
    ORDER BY (current_date BETWEEN r.from_date AND r.to_date) DESC, r.depth
    LIMIT 1;
$$;
