-- DealService.Show: the deal.
CREATE OR REPLACE FUNCTION deal_show(deal text)
RETURNS TABLE (
    id text,
    customer text,
    person text,
    person_name text,
    product text,
    grade text,
    state text,
    opened_on text,
    expected_close text,
    closed_on text,
    value_minor bigint,
    currency text,
    lost_reason text,
    external_ref text
)
LANGUAGE plpgsql
STABLE
AS $$
BEGIN
    PERFORM require('deal', deal_show.deal IS NOT NULL);
    RETURN QUERY SELECT * FROM deals_shown(ARRAY[deal_find(deal_show.deal)]);
END;
$$;
