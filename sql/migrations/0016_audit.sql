-- Who did what, from where, and what was refused. Append-only for the daemon's role: it inserts,
-- and reads what the policy shows; old rows go by audit_expire() alone.
CREATE TABLE audit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT now(),
    -- NULL: nobody had logged in, or the daemon did it by itself.
    actor_id bigint,
    -- On whose behalf: the lender of the role by which it was done.
    lender_id bigint,
    device text,
    address text,
    -- Of the contract, without "tiejun.v1."; NULL: none was called.
    method text,
    -- What it was about: a table, and what people call the row.
    object_kind text,
    object text,
    -- Whom and which unit it concerned, for those above.
    person_id bigint,
    unit_id bigint,
    -- What changed, as it was and as it is; for a request over many rows, their number and ids.
    before jsonb,
    after jsonb,
    -- The code of a refusal; NULL: it was done.
    refusal text
);

CREATE INDEX audit_at ON audit (at);
CREATE INDEX audit_actor ON audit (actor_id, id);
CREATE INDEX audit_person ON audit (person_id, id);
CREATE INDEX audit_unit ON audit (unit_id, id);

GRANT SELECT, INSERT ON audit TO tiejun_daemon;

-- How long audit rows are kept.
INSERT INTO setting_default (key, value) VALUES ('audit_days', '1095');

-- A role lent for a leave: by whom. It ends by its to_date.
ALTER TABLE role_grant ADD COLUMN lent_by bigint REFERENCES person;

-- A request whose facts are a part of a batch, from a position on.
CREATE TYPE fact_sender_in AS (
    actor_id bigint,
    address text,
    device text,
    first_position integer,
    facts integer
);
