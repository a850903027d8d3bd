-- DealService.Grade: grades an open deal; a grade is a claim with evidence, and each one is kept
-- as a step (3.5).
CREATE OR REPLACE FUNCTION deal_grade(
    deal text,
    INOUT grade text,
    evidence text,
    INOUT expected_close text,
    fact text,
    OUT id text,
    OUT customer text,
    OUT person text,
    OUT person_name text,
    OUT product text,
    OUT state text,
    OUT opened_on text,
    OUT closed_on text,
    OUT value_minor bigint,
    OUT currency text,
    OUT lost_reason text,
    OUT external_ref text
)
RETURNS SETOF record
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    before deal;
    close_day date := date_of(deal_grade.expected_close, 'expected_close');
    source uuid := uuid_or_null(deal_grade.fact);
BEGIN
    PERFORM
        require('deal', deal_grade.deal IS NOT NULL),
        require('grade', deal_grade.grade IS NOT NULL),
        require('evidence', btrim(deal_grade.evidence) <> '');
    before := deal_open_locked(deal_grade.deal);
    IF deal_grade.fact IS NOT NULL AND NOT EXISTS (
        SELECT
        FROM fact AS f
        WHERE
            f.office_id = before.office_id
            AND f.id = source
            AND (f.deal_id = before.id OR f.customer_id = before.customer_id)
    ) THEN
        PERFORM refuse('unknown_fact', 'fact', deal_grade.fact);
    END IF;

    UPDATE deal AS d
    SET grade = deal_grade.grade, expected_close = coalesce(close_day, d.expected_close)
    WHERE d.office_id = before.office_id AND d.id = before.id;
    INSERT INTO deal_event (
        office_id, deal_id, at, local_date, step, from_grade, to_grade, actor_id, evidence, fact_id
    )
    VALUES (
        before.office_id, before.id, now(), unit_today(before.office_id), 'graded', before.grade,
        deal_grade.grade, actor(), deal_grade.evidence, source
    );
    PERFORM
        audit_write(
            'deal',
            before.id::text,
            before.person_id,
            before.unit_id,
            jsonb_build_object('grade', before.grade),
            jsonb_build_object('grade', deal_grade.grade)
        );
    RETURN QUERY
    SELECT
        s.grade, s.expected_close, s.id, s.customer, s.person, s.person_name, s.product, s.state,
        s.opened_on, s.closed_on, s.value_minor, s.currency, s.lost_reason, s.external_ref
    FROM deal_show(deal_grade.deal) AS s;
END;
$$;
