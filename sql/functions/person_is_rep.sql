-- Whether a person counts among the reps of a unit on a day: whoever leads or administers that very
-- unit does not, and gets no targets by a split of it.
CREATE OR REPLACE FUNCTION person_is_rep(person_id bigint, unit_id bigint, day date)
RETURNS boolean
LANGUAGE sql
STABLE
AS $$
    SELECT NOT EXISTS (
        SELECT
        FROM role_grant AS g
        WHERE
            g.person_id = person_is_rep.person_id
            AND g.unit_id = person_is_rep.unit_id
            AND g.lent_by IS NULL
            AND person_is_rep.day BETWEEN g.from_date AND g.to_date
    );
$$;
