-- Gives the members of a moved unit the office of its new place from a day on: their memberships
-- are cut there, and the days before keep the old office (domain.md 1.1).
CREATE OR REPLACE FUNCTION membership_realign(unit_id bigint, day date)
RETURNS void
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    moved record;
BEGIN
    FOR moved IN
        SELECT DISTINCT
            m.person_id,
            m.unit_id,
            m.from_date,
            m.to_date,
            office_of_unit(m.unit_id, greatest(m.from_date, membership_realign.day)) AS office_id
        FROM reach AS r
        JOIN membership AS m ON m.unit_id = r.unit_id
        WHERE
            r.ancestor_id = membership_realign.unit_id
            AND r.to_date >= membership_realign.day
            AND m.to_date >= membership_realign.day
            AND m.office_id
            <> office_of_unit(m.unit_id, greatest(m.from_date, membership_realign.day))
        ORDER BY m.person_id, m.from_date
    LOOP
        PERFORM check_no_facts_since(ARRAY[moved.person_id], membership_realign.day);
        IF moved.from_date >= membership_realign.day THEN
            UPDATE membership
            SET office_id = moved.office_id
            WHERE person_id = moved.person_id AND from_date = moved.from_date;
        ELSE
            UPDATE membership
            SET to_date = membership_realign.day - 1
            WHERE person_id = moved.person_id AND from_date = moved.from_date;
            INSERT INTO membership (person_id, unit_id, office_id, from_date, to_date)
            VALUES (
                moved.person_id,
                moved.unit_id,
                moved.office_id,
                membership_realign.day,
                moved.to_date
            );
        END IF;
    END LOOP;
END;
$$;
