-- OrgService.AddUnit: a unit below another, of the next lower kind and from today unless said.
CREATE OR REPLACE FUNCTION org_add_unit(
    parent text,
    name text,
    kind text,
    time_zone text,
    locale text,
    currency text,
    from_date text
)
RETURNS TABLE (path text)
LANGUAGE plpgsql
AS $$
#variable_conflict use_column
DECLARE
    above unit%ROWTYPE;
    day date := date_of(org_add_unit.from_date, 'from_date');
    made bigint;
BEGIN
    PERFORM org_lock();
    SELECT * INTO above FROM unit AS u WHERE u.id = unit_or_home(org_add_unit.parent, 'parent');
    made := unit_make(
        above.id,
        org_add_unit.name,
        coalesce(
            org_add_unit.kind,
            CASE above.kind WHEN 'company' THEN 'region' WHEN 'region' THEN 'office' ELSE 'team' END
        ),
        org_add_unit.time_zone,
        org_add_unit.locale,
        org_add_unit.currency,
        coalesce(day, unit_today(above.id))
    );
    PERFORM org_rebuild();
    RETURN QUERY SELECT u.path FROM unit AS u WHERE u.id = made;
END;
$$;
