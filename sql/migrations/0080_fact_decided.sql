-- What a leader decides of a rep's facts is told to the rep, and what is decided no longer stands
-- among what waits.

INSERT INTO notice_topic (topic, leaders)
VALUES
    ('fact_declined', false),
    ('fact_approved', false),
    ('fact_voided', false);

ALTER TABLE fact_pending
ADD COLUMN approved_at timestamptz;

UPDATE fact_pending AS q
SET approved_at = f.received_at
FROM membership AS m
JOIN fact AS f ON f.office_id = m.office_id AND f.person_id = m.person_id
WHERE m.person_id = q.person_id AND f.id = q.id;

-- What waits is little; what was decided once is kept, so that it gets the same answer when it is
-- sent again, and grows.
CREATE INDEX fact_pending_waits ON fact_pending (person_id, local_date, id)
WHERE declined_at IS NULL AND approved_at IS NULL;
