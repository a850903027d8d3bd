-- The person that the request acts for, as the daemon set it for this transaction.
CREATE OR REPLACE FUNCTION actor()
RETURNS bigint
LANGUAGE sql
STABLE
AS $$
    SELECT nullif(current_setting('tiejun.actor', true), '')::bigint;
$$;
