-- What the intake hands from statement to statement: narrow rows, since each statement of a batch
-- reads them anew.

-- What a fact that is to be kept belongs to; without an id it is not to be kept.
CREATE TYPE fact_link AS (
    fact_id uuid,
    customer_office_id bigint,
    customer_id uuid,
    deal_id uuid
);

-- A fact that was kept: what follows from it reads no more of it.
CREATE TYPE fact_kept AS (
    office_id bigint,
    id uuid,
    person_id bigint,
    unit_id bigint,
    kind text,
    occurred_at timestamptz,
    local_date date,
    actor_id bigint,
    customer_office_id bigint,
    customer_id uuid,
    deal_id uuid,
    amount_minor bigint,
    currency text,
    voids uuid,
    effective boolean
);
