-- What a key result that counts itself comes to, in a unit and below and in a range of days, both
-- included (domain.md 2.10).
--
-- recruits: people whose first membership in the company began there then. promotions: people who
-- were given a higher role than any they had held before, while they belonged there. sightings,
-- won_against, lost_against: see competitor_sightings(); a deal counts once.
CREATE OR REPLACE FUNCTION key_result_count(
    source text,
    competitor text,
    unit_id bigint,
    from_date date,
    to_date date
)
RETURNS bigint
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    scope report_slot;
BEGIN
    IF key_result_count.source = 'recruits' THEN
        RETURN (
            SELECT count(DISTINCT m.person_id)
            FROM reach AS r
            JOIN membership AS m ON m.unit_id = r.unit_id
            WHERE
                r.ancestor_id = key_result_count.unit_id
                AND m.from_date BETWEEN key_result_count.from_date AND key_result_count.to_date
                AND m.from_date BETWEEN r.from_date AND r.to_date
                AND NOT EXISTS (
                    SELECT
                    FROM membership AS before
                    WHERE before.person_id = m.person_id AND before.from_date < m.from_date
                )
        );
    ELSIF key_result_count.source = 'promotions' THEN
        RETURN (
            SELECT count(DISTINCT g.person_id)
            FROM reach AS r
            JOIN membership AS m ON m.unit_id = r.unit_id
            JOIN role_grant AS g
                ON
                    g.person_id = m.person_id
                    AND g.from_date BETWEEN m.from_date AND m.to_date
                    AND g.from_date BETWEEN r.from_date AND r.to_date
            WHERE
                r.ancestor_id = key_result_count.unit_id
                AND g.from_date BETWEEN key_result_count.from_date AND key_result_count.to_date
                -- Whoever comes with a role is recruited, not promoted.
                AND EXISTS (
                    SELECT
                    FROM membership AS before
                    WHERE before.person_id = g.person_id AND before.from_date < g.from_date
                )
                AND role_rank(g.role) > coalesce(
                    (
                        SELECT max(role_rank(held.role))
                        FROM role_grant AS held
                        WHERE held.person_id = g.person_id AND held.from_date < g.from_date
                    ),
                    role_rank('rep')
                )
        );
    END IF;
    scope.slot := 0;
    scope.own_only := false;
    scope.unit_id := key_result_count.unit_id;
    scope.from_date := key_result_count.from_date;
    scope.to_date := key_result_count.to_date;
    RETURN (
        SELECT
            CASE key_result_count.source
                WHEN 'sightings' THEN count(*)
                WHEN 'won_against' THEN count(DISTINCT s.place) FILTER (WHERE s.outcome = 'won')
                ELSE count(DISTINCT s.place) FILTER (WHERE s.outcome = 'lost')
            END
        FROM competitor_sightings(ARRAY[scope]) AS s
        WHERE
            key_result_count.competitor IS NULL
            OR s.competitor_key = name_key(key_result_count.competitor)
    );
END;
$$;
