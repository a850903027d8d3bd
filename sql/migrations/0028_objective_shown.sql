-- An objective and a key result as they are shown, with what is worked out of them.
CREATE TYPE objective_shown AS (
    id bigint,
    title text,
    unit text,
    owner text,
    owner_name text,
    from_date text,
    due_date text,
    state text,
    closed_on text,
    elapsed_milli bigint,
    last_check_in text
);

CREATE TYPE key_result_shown AS (
    objective bigint,
    place integer,
    title text,
    source text,
    from_milli bigint,
    to_milli bigint,
    measure text,
    competitor text,
    value_milli bigint
);
