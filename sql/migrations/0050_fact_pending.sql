-- Facts that were recorded too late (domain.md 3.4), kept as they were sent until somebody who
-- leads their person approves or declines them. They are no facts yet, so that nothing that reads
-- facts has to leave them out. An approved one is sent to the intake once more, by its leader, and
-- is a fact from then on; its row here stays, and is no longer shown.
CREATE TABLE fact_pending (
    person_id bigint NOT NULL,
    id uuid NOT NULL,
    -- The person's unit on that day.
    unit_id bigint NOT NULL,
    local_date date NOT NULL,
    received_at timestamptz NOT NULL,
    -- The fields of the Fact by name.
    content jsonb NOT NULL,
    declined_by bigint,
    declined_at timestamptz,
    decline_reason text,
    PRIMARY KEY (person_id, id),
    CHECK (num_nulls(declined_by, declined_at, decline_reason) IN (0, 3))
);

GRANT SELECT, UPDATE ON fact_pending TO tiejun_daemon;

-- Working days that may lie between the day of a fact and the day it was recorded.
INSERT INTO setting_default (key, value) VALUES ('backdating_days', '2');
