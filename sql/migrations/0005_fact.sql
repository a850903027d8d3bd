-- Facts (domain.md 3.1) and their totals (4.6).

-- Append-only; distributed by office_id on Citus, without foreign keys for the reasons of customer.
CREATE TABLE fact (
    -- The office in which the work was done: the person's on that day.
    office_id bigint NOT NULL,
    -- The client's, version 7: in order of time.
    id uuid NOT NULL,
    person_id bigint NOT NULL,
    -- The person's unit on that day.
    unit_id bigint NOT NULL,
    kind text NOT NULL CHECK (
        kind IN (
            'appointment', 'new_customer', 'visit', 'material', 'negotiation', 'signing',
            'payment', 'competitor_sighting', 'void'
        )
    ),
    occurred_at timestamptz NOT NULL,
    -- The office's day (1.2).
    local_date date NOT NULL,
    recorded_at timestamptz,
    received_at timestamptz NOT NULL,
    -- Who sent it, which may be a leader for the person.
    actor_id bigint NOT NULL,
    customer_office_id bigint,
    customer_id uuid,
    deal_id uuid,
    amount_minor bigint,
    currency text,
    scheduled_at timestamptz,
    decision_maker text,
    purpose text,
    contact_role text,
    minutes integer,
    outcome text,
    next_step text,
    next_step_date date,
    contact text,
    phone text,
    registration_number text,
    industry text,
    first_contact text,
    subject text,
    note text,
    -- The fact of the same person and office that it takes back.
    voids uuid,
    -- The verdict of the rule of that version, and why not (3.2).
    effective boolean NOT NULL,
    failed_reasons text[],
    rule_version integer NOT NULL,
    PRIMARY KEY (office_id, id),
    CHECK ((kind = 'void') = (voids IS NOT NULL))
);

-- A unit's facts are found through its members.
CREATE INDEX fact_person ON fact (person_id, local_date);
CREATE INDEX fact_customer ON fact (customer_id, local_date) WHERE customer_id IS NOT NULL;
-- A fact is taken back once.
CREATE UNIQUE INDEX fact_voids ON fact (office_id, voids) WHERE voids IS NOT NULL;

-- Sums of facts that were not voided, moved in the facts' own transaction by totals_move() alone.
CREATE TABLE total (
    office_id bigint NOT NULL,
    -- 'o': the whole office; 'u': the facts of one unit's own members; 'p': a person.
    scope "char" NOT NULL CHECK (scope IN ('o', 'u', 'p')),
    -- The office, unit or person.
    scope_id bigint NOT NULL,
    -- 'd': date is the day; 'm': date is the first of the month.
    grain "char" NOT NULL CHECK (grain IN ('d', 'm')),
    date date NOT NULL,
    -- In "C": compared for every row of every batch.
    metric text COLLATE "C" NOT NULL,
    -- '' for counts.
    currency text COLLATE "C" NOT NULL,
    -- Everything, and what of it was effective: a count or minor units.
    done bigint NOT NULL,
    effective bigint NOT NULL,
    PRIMARY KEY (office_id, scope, scope_id, grain, date, metric, currency)
) WITH (fillfactor = 80);

-- What holds where no unit has a setting of that key.
CREATE TABLE setting_default (
    key text PRIMARY KEY,
    value jsonb NOT NULL
);

INSERT INTO setting_default (key, value)
VALUES
    ('rule_version', '1'),
    ('minimum_visit_minutes', '15'),
    -- Those of new customers that are in profile; none: all are.
    ('profile_industries', '[]');

CREATE TYPE fact_in AS (
    id text,
    person text,
    kind text,
    occurred_at timestamptz,
    date text,
    recorded_at timestamptz,
    customer text,
    deal text,
    amount_minor bigint,
    currency text,
    scheduled_at timestamptz,
    decision_maker text,
    purpose text,
    contact_role text,
    minutes integer,
    outcome text,
    next_step text,
    next_step_date text,
    contact text,
    phone text,
    registration_number text,
    industry text,
    first_contact text,
    subject text,
    note text,
    voids text
);

-- Where a fact that came in belongs: what facts_place() hands on.
CREATE TYPE fact_place AS (
    position integer,
    fact_id uuid,
    -- The deal that it names.
    deal_id uuid,
    -- A date in it is none: the name of the field.
    bad_date text,
    person_id bigint,
    -- Why the person cannot be written for.
    person_refusal text[],
    -- It was kept before; the place is that of then.
    known boolean,
    office_id bigint,
    unit_id bigint,
    place_occurred_at timestamptz,
    local_date date,
    place_currency text,
    -- The fact that it voids is there.
    voids_found boolean
);

-- Ids and dates of a refused fact may be anything.
CREATE TYPE judged_fact_in AS (
    position integer,
    id text,
    code text,
    field text,
    arguments text,
    person_id bigint,
    office_id bigint,
    unit_id bigint,
    kind text,
    occurred_at timestamptz,
    recorded_at timestamptz,
    local_date text,
    customer text,
    deal text,
    amount_minor bigint,
    currency text,
    scheduled_at timestamptz,
    decision_maker text,
    purpose text,
    contact_role text,
    minutes integer,
    outcome text,
    next_step text,
    next_step_date text,
    contact text,
    phone text,
    registration_number text,
    industry text,
    first_contact text,
    subject text,
    note text,
    voids text,
    effective boolean,
    failed_reasons text[],
    rule_version integer
);

-- A fact and the deal that it belongs to: what facts_deals_found() hands on.
CREATE TYPE fact_deal AS (
    fact_id uuid,
    deal_id uuid,
    -- The deal is to be opened by this fact.
    opens boolean,
    person_id bigint,
    office_id bigint,
    unit_id bigint,
    local_date date,
    currency text,
    customer_office_id bigint,
    customer_id uuid
);

GRANT SELECT, INSERT ON fact TO tiejun_daemon;
GRANT SELECT, INSERT, UPDATE ON total TO tiejun_daemon;
GRANT SELECT ON setting_default TO tiejun_daemon;
