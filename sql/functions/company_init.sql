-- The company, its 3-5-8 standards (2.1), Monday to Friday, and the first person: director and
-- admin, with the device that the token hash is of, or invited by the code that the code hash is
-- of. For `tiejund init`, once a database.
CREATE OR REPLACE FUNCTION company_init(
    company text,
    time_zone text,
    locale text,
    currency text,
    handle text,
    name text,
    token_hash bytea,
    code_hash bytea
)
RETURNS bigint
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    company_id bigint;
    first_person bigint;
    today date;
BEGIN
    PERFORM
        require('company', btrim(company_init.company) <> ''),
        require('time_zone', company_init.time_zone IS NOT NULL),
        require('locale', company_init.locale IS NOT NULL),
        require('currency', company_init.currency IS NOT NULL);
    PERFORM check_unit_text(
        company_init.company, company_init.time_zone, company_init.locale, company_init.currency
    );
    PERFORM FROM unit WHERE kind = 'company';
    IF FOUND THEN
        PERFORM refuse('already_initialised', 'company');
    END IF;

    INSERT INTO unit (name, kind, time_zone, locale, currency, path, exists_from)
    VALUES (
        btrim(company_init.company),
        'company',
        company_init.time_zone,
        company_init.locale,
        company_init.currency,
        '/',
        '-infinity'
    )
    RETURNING id INTO company_id;
    PERFORM org_rebuild();
    INSERT INTO working_week (unit_id, from_date, weekday_mask)
    VALUES (company_id, '-infinity', 31);
    INSERT INTO standard (unit_id, metric, from_date, target)
    VALUES
        (company_id, 'appointments', '2000-01-01', 3),
        (company_id, 'new_customers', '2000-01-01', 5),
        (company_id, 'visits', '2000-01-01', 8);

    today := company_today();
    first_person := person_make(
        company_init.handle, company_init.name, company_id, 'director', today
    );
    INSERT INTO role_grant (person_id, unit_id, role, from_date)
    VALUES (first_person, company_id, 'admin', today);
    IF company_init.token_hash IS NOT NULL THEN
        PERFORM device_make(company_init.token_hash, first_person, 'first device');
    END IF;
    IF company_init.code_hash IS NOT NULL THEN
        PERFORM invite_make(first_person, company_init.code_hash);
    END IF;
    RETURN first_person;
END;
$$;
