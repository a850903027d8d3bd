-- FactService.Decline: a fact that waits for an approval gets none (3.4). It is kept, with who said
-- so and why, and its person is told; sent again it is refused.
CREATE OR REPLACE FUNCTION fact_decline(person text, INOUT id text, reason text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    whose bigint := person_find(fact_decline.person);
    declined fact_pending;
BEGIN
    PERFORM
        require('person', fact_decline.person IS NOT NULL),
        require('id', fact_decline.id IS NOT NULL),
        require('reason', btrim(fact_decline.reason) <> '');
    UPDATE fact_pending AS q
    SET declined_by = actor(), declined_at = now(), decline_reason = btrim(fact_decline.reason)
    WHERE q.person_id = whose AND q.id = uuid_or_null(fact_decline.id) AND fact_waits(q)
    RETURNING q.* INTO declined;
    IF declined.id IS NULL THEN
        PERFORM refuse('nothing_pending', 'id', fact_decline.id);
    END IF;
    PERFORM
        audit_write(
            'fact',
            declined.id::text,
            declined.person_id,
            declined.unit_id,
            NULL,
            jsonb_build_object('declined', declined.decline_reason)
        ),
        notices_add(
            ARRAY[
                (
                    declined.person_id,
                    'fact_declined',
                    NULL,
                    NULL,
                    NULL,
                    false,
                    jsonb_build_object(
                        'fact', declined.id,
                        'kind', declined.content ->> 'kind',
                        'customer', left(declined.content ->> 'customer', 200),
                        'from_date', declined.local_date,
                        'reason', left(declined.decline_reason, 500)
                    )
                )::notice_in
            ]
        );
END;
$$;
