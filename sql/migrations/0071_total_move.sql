-- What facts add to a row of total, as the daemon works it out.
CREATE TYPE total_move_in AS (
    office_id bigint,
    scope "char",
    scope_id bigint,
    grain "char",
    date date,
    metric text,
    currency text,
    done bigint,
    effective bigint
);
