-- Higher goals of region managers and directors (domain.md 2.10), and what makes sightings of
-- competitors be found among all facts.

CREATE TABLE objective (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    title text NOT NULL CHECK (title <> ''),
    owner_id bigint NOT NULL REFERENCES person,
    -- What is counted for it is counted here and below.
    unit_id bigint NOT NULL REFERENCES unit,
    from_date date NOT NULL,
    due_date date NOT NULL,
    state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'achieved', 'missed', 'dropped')),
    closed_on date,
    CHECK (from_date <= due_date),
    CHECK ((state = 'open') = (closed_on IS NULL))
);

CREATE INDEX objective_unit ON objective (unit_id);
CREATE INDEX objective_owner ON objective (owner_id);

-- number: from..to as checked in; milestone: reached or not; the others count themselves.
CREATE TABLE key_result (
    objective_id bigint NOT NULL REFERENCES objective,
    place integer NOT NULL CHECK (place > 0),
    title text NOT NULL CHECK (title <> ''),
    source text NOT NULL CHECK (
        source IN (
            'number', 'milestone', 'recruits', 'promotions', 'sightings', 'won_against',
            'lost_against'
        )
    ),
    -- In thousandths; a milestone goes from 0 to 1000.
    from_milli bigint NOT NULL,
    to_milli bigint NOT NULL,
    measure text,
    -- Which one, for those that count sightings; NULL: any.
    competitor text,
    PRIMARY KEY (objective_id, place),
    CHECK (from_milli <> to_milli)
);

-- Append-only: what was said and changed, when and by whom.
CREATE TABLE objective_note (
    objective_id bigint NOT NULL REFERENCES objective,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    -- The unit's day.
    local_date date NOT NULL,
    actor_id bigint NOT NULL REFERENCES person,
    kind text NOT NULL CHECK (kind IN ('added', 'checked_in', 'edited', 'closed')),
    -- The key result that a check-in is about, and where that stands since.
    place integer,
    value_milli bigint,
    note text,
    PRIMARY KEY (objective_id, id)
);

CREATE TYPE key_result_in AS (
    title text,
    source text,
    from_milli bigint,
    to_milli bigint,
    measure text,
    competitor text
);

CREATE INDEX fact_sighting ON fact (unit_id, local_date) WHERE kind = 'competitor_sighting';

GRANT SELECT, INSERT, UPDATE ON objective TO tiejun_daemon;
GRANT SELECT, INSERT ON key_result, objective_note TO tiejun_daemon;
