-- The person has logged in from the network of this request.
CREATE OR REPLACE FUNCTION place_known(person_id bigint)
RETURNS void
LANGUAGE sql
AS $$
    INSERT INTO login_place (person_id, network, seen_at)
    SELECT place_known.person_id, n.network, now()
    FROM (SELECT actor_network()) AS n (network)
    WHERE n.network IS NOT NULL
    ON CONFLICT (person_id, network) DO UPDATE SET seen_at = excluded.seen_at;
$$;
