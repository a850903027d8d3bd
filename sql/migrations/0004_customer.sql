-- Customers, their deals, and each deal's steps (domain.md 3.5, 3.7).
--
-- Distributed by office_id on Citus, and therefore without foreign keys: every id put in was looked
-- up in the same transaction, and nothing that it points at is ever deleted. An office_id is never
-- changed; a customer or deal stays in the office where it was registered or opened.

CREATE TABLE customer (
    office_id bigint NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    -- name_key(name): what two spellings of one company have in common.
    name_key text COLLATE "C" NOT NULL,
    owner_id bigint NOT NULL,
    -- The owner's unit on the day of registration.
    unit_id bigint NOT NULL,
    registered_on date NOT NULL,
    registered_by bigint NOT NULL,
    industry text,
    contact text,
    phone text,
    registration_number text,
    note text,
    PRIMARY KEY (office_id, id)
);

CREATE INDEX customer_owner ON customer (owner_id);
CREATE INDEX customer_unit ON customer (unit_id);

-- Company-wide uniqueness (3.7): who first registered a name. Keyed by what must be unique, not by
-- office, so that two offices meet here.
CREATE TABLE customer_registry (
    name_key text COLLATE "C" PRIMARY KEY,
    office_id bigint NOT NULL,
    customer_id uuid NOT NULL
);

-- What else shows that two names are one company: who first registered it.
CREATE TABLE customer_mark (
    kind text COLLATE "C" NOT NULL CHECK (kind IN ('phone', 'registration_number')),
    key text COLLATE "C" NOT NULL,
    office_id bigint NOT NULL,
    customer_id uuid NOT NULL,
    PRIMARY KEY (kind, key)
);

CREATE TABLE deal (
    office_id bigint NOT NULL,
    id uuid NOT NULL,
    -- NULL: not known yet who buys, as in many a CRM's open rows.
    customer_office_id bigint,
    customer_id uuid,
    person_id bigint NOT NULL,
    -- The person's unit on the day it was opened: where the work was done (1.1).
    unit_id bigint NOT NULL,
    product text,
    grade text NOT NULL CHECK (grade IN ('a', 'b', 'c')),
    state text NOT NULL CHECK (state IN ('open', 'signed', 'lost')),
    opened_on date NOT NULL,
    expected_close date,
    closed_on date,
    -- Expected while it is open; what was signed once it is.
    value_minor bigint,
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    lost_reason text,
    external_ref text,
    -- In this order, since a deal is named by its id alone.
    PRIMARY KEY (id, office_id),
    CHECK (num_nulls(customer_office_id, customer_id) IN (0, 2)),
    CHECK ((state = 'open') = (closed_on IS NULL))
) WITH (fillfactor = 80);

CREATE INDEX deal_customer ON deal (customer_id, person_id);
-- A unit's deals are found through its members.
CREATE INDEX deal_person ON deal (person_id, opened_on);

-- Append-only. A signing that was voided opens its deal a second time.
CREATE TABLE deal_event (
    office_id bigint NOT NULL,
    deal_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    at timestamptz NOT NULL,
    -- The office's day that it counts on, which an import knows and the clock does not.
    local_date date NOT NULL,
    step text NOT NULL CHECK (step IN ('opened', 'graded', 'signed', 'lost')),
    from_grade text,
    to_grade text,
    actor_id bigint NOT NULL,
    evidence text,
    fact_id uuid,
    PRIMARY KEY (office_id, deal_id, id)
);

-- Dates and ids stay text in what comes in, so that one bad row refuses itself alone.
CREATE TYPE customer_in AS (
    name text,
    owner text,
    industry text,
    contact text,
    phone text,
    registration_number text,
    note text,
    line integer
);

CREATE TYPE deal_in AS (
    id text,
    line integer,
    customer text,
    person text,
    product text,
    grade text,
    state text,
    opened_on text,
    expected_close text,
    closed_on text,
    value_minor bigint,
    currency text,
    lost_reason text,
    external_ref text
);

-- Where a customer that came in belongs, or why it cannot be taken: what customers_place() hands
-- on.
CREATE TYPE customer_place AS (
    position integer,
    name_key text,
    -- {code, field, arguments...}, or NULL.
    refusal text[],
    person_id bigint,
    office_id bigint,
    unit_id bigint,
    today date
);

-- A customer that is known, with what it should be.
CREATE TYPE customer_change AS (
    position integer,
    office_id bigint,
    id uuid,
    industry text,
    contact text,
    phone text,
    registration_number text,
    note text
);

-- Where a deal that came in belongs, or why it cannot be taken: what deals_place() hands on.
CREATE TYPE deal_place AS (
    position integer,
    deal_id uuid,
    -- {code, field, arguments...}, or NULL.
    refusal text[],
    person_id bigint,
    office_id bigint,
    unit_id bigint,
    today date,
    currency text
);

-- A name as a batch spells it, and the customer registered under it, NULL for none: what
-- customers_named() hands on.
CREATE TYPE customer_named AS (
    spelled text,
    name_key text,
    office_id bigint,
    customer_id uuid
);

-- A deal as it is, NULL for a new one, and as it should be: what deals_change() hands on.
CREATE TYPE deal_change AS (
    position integer,
    existing deal,
    wanted deal
);

GRANT SELECT, INSERT, UPDATE ON customer, deal TO tiejun_daemon;
GRANT SELECT, INSERT ON customer_registry, customer_mark, deal_event TO tiejun_daemon;
