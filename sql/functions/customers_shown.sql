-- Customers as CustomerRecord: with their owners, their deals counted, and the best grade of the
-- open ones (3.5).
CREATE OR REPLACE FUNCTION customers_shown(customers customer[])
RETURNS TABLE (
    name text,
    owner text,
    owner_name text,
    unit text,
    grade text,
    industry text,
    contact text,
    phone text,
    registration_number text,
    open_deals integer,
    signed_deals integer,
    registered_on text,
    last_contact text,
    note text
)
LANGUAGE sql
STABLE
AS $$
    SELECT
        c.name,
        p.handle,
        p.name,
        u.path,
        d.grade,
        c.industry,
        c.contact,
        c.phone,
        c.registration_number,
        d.open_deals::integer,
        d.signed_deals::integer,
        c.registered_on::text,
        last_fact.local_date::text,
        c.note
    FROM unnest(customers_shown.customers) WITH ORDINALITY AS c
    JOIN person AS p ON p.id = c.owner_id
    LEFT JOIN unit AS u ON u.id = person_unit(c.owner_id)
    CROSS JOIN LATERAL (
        SELECT
            min(d.grade) FILTER (WHERE d.state = 'open') AS grade,
            count(*) FILTER (WHERE d.state = 'open') AS open_deals,
            count(*) FILTER (WHERE d.state = 'signed') AS signed_deals
        FROM deal AS d
        WHERE d.customer_id = c.id
    ) AS d
    LEFT JOIN LATERAL (
        SELECT f.local_date
        FROM fact AS f
        WHERE
            f.customer_id = c.id
            AND f.kind <> 'void'
            AND NOT EXISTS (
                SELECT FROM fact AS w WHERE w.office_id = f.office_id AND w.voids = f.id
            )
        ORDER BY f.local_date DESC
        LIMIT 1
    ) AS last_fact ON true
    ORDER BY c.ordinality;
$$;
