-- RateService.List: the rates in force on a day, or with past every one there is, the newest first.
CREATE OR REPLACE FUNCTION rate_list(date text, past boolean)
RETURNS TABLE (currency text, into_currency text, from_date text, rate text, actor text)
LANGUAGE sql
STABLE
AS $$
    WITH
        dated AS (
            SELECT
                r.*,
                row_number() OVER (
                    PARTITION BY r.currency, r.into_currency ORDER BY r.from_date DESC
                ) AS age
            FROM exchange_rate AS r
            WHERE
                coalesce($2, false)
                OR r.from_date <= coalesce(date_of($1, 'date'), company_today())
        )
    SELECT d.currency, d.into_currency, d.from_date::text, trim_scale(d.rate)::text, p.handle
    FROM dated AS d
    JOIN person AS p ON p.id = d.actor_id
    WHERE coalesce($2, false) OR d.age = 1
    ORDER BY d.currency, d.into_currency, d.from_date DESC;
$$;
