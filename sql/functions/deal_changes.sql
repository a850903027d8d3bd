-- DealService.Changes: what a copy of the actor's own open deals lacks (copy_compare()).
CREATE OR REPLACE FUNCTION deal_changes(
    since text,
    page_size integer,
    OUT whole boolean,
    OUT parts integer[],
    OUT next_cursor text,
    OUT more boolean,
    OUT part integer,
    OUT id text,
    OUT customer text,
    OUT person text,
    OUT person_name text,
    OUT product text,
    OUT grade text,
    OUT state text,
    OUT opened_on text,
    OUT expected_close text,
    OUT closed_on text,
    OUT value_minor bigint,
    OUT currency text,
    OUT lost_reason text,
    OUT external_ref text
)
RETURNS SETOF record
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    rows_wanted integer := least(greatest(coalesce(deal_changes.page_size, 200), 1), 1000);
    mine deal[] := ARRAY(
        SELECT d
        FROM deal AS d
        WHERE d.person_id = actor() AND d.state = 'open'
        ORDER BY d.opened_on DESC, d.id DESC
        LIMIT 5000
    );
BEGIN
    RETURN QUERY
    WITH
        shown AS MATERIALIZED (SELECT s.* FROM deals_shown(mine) AS s),
        compared AS MATERIALIZED (
            SELECT d.*
            FROM (
                SELECT array_agg(shown.id) AS keys, array_agg(shown::text) AS bodies FROM shown
            ) AS a
            CROSS JOIN LATERAL copy_compare(
                a.keys, a.bodies, deal_changes.since, rows_wanted
            ) AS d
        )
    SELECT d.whole, d.parts, d.cursor, d.more, copy_part(s.id), s.*
    FROM compared AS d
    LEFT JOIN shown AS s ON copy_part(s.id) = ANY (d.parts);
END;
$$;
