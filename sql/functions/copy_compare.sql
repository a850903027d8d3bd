-- What of a set of rows a client lacks that keeps a copy of it. The set is cut into 64 parts by its
-- rows' keys, and a cursor is the digests of the parts that the client has. A part whose digest is
-- another now is sent whole and takes the place of the client's: so rows that are gone, or another
-- person's, leave the copy with it, and every change costs one 64th of the set.
--
-- Why it misses nothing: it compares what is there with what the client has, and asks of no row
-- when it was written. Transactions commit in another order than they began in, numbers and clocks
-- are taken before they can be seen, and a restored or promoted database goes on with numbers that
-- its clients know otherwise; a cursor made of any of these has to wait for the oldest transaction,
-- and every writer has to keep it up, the intake too. These digests need no writer to know of them,
-- see a change that comes of another table or of a right that ended, and hold on any database. A
-- part is read in one snapshot; one that changes between two pages differs again at the next.
--
-- since: the cursor; whole: it is none (the first time, or of another version), and the client
-- begins with nothing. parts are those to replace, of at most rows_most rows, though never less
-- than one; more: others differ as well. cursor is for the next time; NULL when nothing differs.
CREATE OR REPLACE FUNCTION copy_compare(
    keys text[],
    bodies text[],
    since text,
    rows_most integer,
    OUT whole boolean,
    OUT parts integer[],
    OUT cursor text,
    OUT more boolean
)
LANGUAGE plpgsql
IMMUTABLE
AS $$
#variable_conflict use_column
BEGIN
    whole := coalesce(
        length(copy_compare.since) <> 64 * 16 OR copy_compare.since ~ '[^0-9a-f]', true
    );
    WITH
        had AS (
            SELECT
                i AS part,
                CASE
                    WHEN copy_compare.whole THEN 0
                    ELSE ('x' || substr(copy_compare.since, 16 * i + 1, 16))::bit(64)::bigint
                END AS digest
            FROM generate_series(0, 63) AS i
        ),
        has AS (
            SELECT
                copy_part(r.key) AS part,
                -- Of rows in any order.
                bit_xor(hashtextextended(r.body, 0)) AS digest,
                count(*) AS n
            FROM unnest(copy_compare.keys, copy_compare.bodies) AS r (key, body)
            GROUP BY copy_part(r.key)
        ),
        compared AS (
            SELECT
                had.part,
                had.digest AS before,
                coalesce(has.digest, 0) AS now,
                coalesce(has.n, 0) AS n,
                had.digest <> coalesce(has.digest, 0) AS differs
            FROM had
            LEFT JOIN has ON has.part = had.part
        ),
        counted AS (
            SELECT
                compared.*,
                sum(compared.n) FILTER (WHERE compared.differs) OVER (
                    ORDER BY compared.part
                ) AS up_to
            FROM compared
        ),
        chosen AS (
            SELECT
                counted.*,
                counted.differs
                AND (counted.up_to <= copy_compare.rows_most OR counted.up_to = counted.n) AS sent
            FROM counted
        )
    SELECT
        array_agg(c.part ORDER BY c.part) FILTER (WHERE c.sent),
        string_agg(
            lpad(to_hex(CASE WHEN c.sent THEN c.now ELSE c.before END), 16, '0'), '' ORDER BY c.part
        ) FILTER (WHERE copy_compare.whole OR d.any_differs),
        bool_or(c.differs AND NOT c.sent)
    INTO parts, cursor, more
    FROM chosen AS c
    CROSS JOIN (SELECT bool_or(compared.differs) AS any_differs FROM compared) AS d;
END;
$$;
