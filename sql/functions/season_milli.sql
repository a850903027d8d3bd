-- season(d) of rule 2.6 in thousandths, by what goal_version keeps.
CREATE OR REPLACE FUNCTION season_milli(seasons text, day date)
RETURNS bigint
LANGUAGE sql
IMMUTABLE
AS $$
    SELECT coalesce(
        (
            SELECT split_part(s.word, '=', 2)::bigint
            FROM string_to_table(season_milli.seasons, ' ') WITH ORDINALITY AS s (word, place)
            CROSS JOIN LATERAL (SELECT split_part(s.word, '=', 1)) AS n (name)
            WHERE CASE length(n.name)
                WHEN 2 THEN to_char(season_milli.day, 'MM') = n.name
                ELSE starts_with(to_char(season_milli.day, 'YYYY-MM-DD'), n.name)
            END
            ORDER BY s.place DESC
            LIMIT 1
        ),
        1000
    );
$$;
