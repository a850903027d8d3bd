-- The network that the request comes from: the address itself, or, where a client may take any
-- address of a network (IPv6), its /64. NULL where there is none.
CREATE OR REPLACE FUNCTION actor_network()
RETURNS inet
LANGUAGE sql
STABLE
AS $$
    SELECT
        CASE
            WHEN family(peer.address) = 6 AND NOT peer.address <<= '::ffff:0:0/96'
            THEN network(set_masklen(peer.address, 64))
            ELSE peer.address
        END
    FROM (
        -- "192.0.2.1:40112" and "[2001:db8::1]:40112".
        SELECT substring(
            current_setting('tiejun.address', true) FROM '^\[?([0-9a-fA-F.:]+)\]?:[0-9]+$'
        )::inet
    ) AS peer (address);
$$;
