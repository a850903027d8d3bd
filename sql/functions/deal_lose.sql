-- DealService.Lose: ends an open deal, with the reason (3.5).
CREATE OR REPLACE FUNCTION deal_lose(
    deal text,
    reason text,
    date text,
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
AS $$
#variable_conflict use_column
DECLARE
    before deal;
    today date;
    day date;
BEGIN
    PERFORM
        require('deal', deal_lose.deal IS NOT NULL),
        require('reason', btrim(deal_lose.reason) <> '');
    before := deal_open_locked(deal_lose.deal);
    today := unit_today(before.office_id);
    day := coalesce(date_of(deal_lose.date, 'date'), today);
    IF day > today THEN
        PERFORM refuse('in_future', 'date', day::text);
    ELSIF day < before.opened_on THEN
        PERFORM refuse('closed_before_opened', 'date', before.opened_on::text, day::text);
    END IF;

    UPDATE deal AS d
    SET state = 'lost', closed_on = day, lost_reason = btrim(deal_lose.reason)
    WHERE d.office_id = before.office_id AND d.id = before.id;
    INSERT INTO deal_event (
        office_id, deal_id, at, local_date, step, from_grade, actor_id, evidence
    )
    VALUES (
        before.office_id, before.id, now(), day, 'lost', before.grade, actor(),
        btrim(deal_lose.reason)
    );
    PERFORM
        audit_write(
            'deal',
            before.id::text,
            before.person_id,
            before.unit_id,
            jsonb_build_object('state', before.state),
            jsonb_build_object('state', 'lost')
        );
    RETURN QUERY SELECT s.* FROM deal_show(deal_lose.deal) AS s;
END;
$$;
