-- The right to a request (domain.md 1): the actor must hold, today, one of the roles on the unit of
-- what the request is about or on a unit above. own: also when it is about the actor, the actor's
-- own team, customer or deal.
--
-- kind says what target names: none (any unit will do for the role), unit, person, customer, deal.
-- A request that names none is judged on what its function will take instead: the actor's home
-- unit, the actor. What does not exist passes: the function says so itself.
--
-- SECURITY DEFINER: it judges by where people and customers are whom the actor may not see. It
-- tells only whether.
CREATE OR REPLACE FUNCTION authorize(roles text[], own boolean, kind text, target text)
RETURNS void
LANGUAGE plpgsql
STABLE
SECURITY DEFINER
SET search_path = tiejun, pg_temp
SET plan_cache_mode = force_generic_plan
AS $$
#variable_conflict use_column
DECLARE
    asking bigint := actor();
    matches bigint[];
    owner bigint;
    place bigint;
    mine boolean := false;
BEGIN
    IF authorize.kind = 'none' THEN
        IF cardinality(authorize.roles) > 0
            AND NOT EXISTS (
                SELECT
                FROM role_grant AS g
                WHERE
                    g.person_id = asking
                    AND g.role = ANY (authorize.roles)
                    AND unit_today(g.unit_id) BETWEEN g.from_date AND g.to_date
            )
        THEN
            PERFORM refuse('role_missing', '');
        END IF;
        RETURN;
    ELSIF authorize.kind = 'unit' THEN
        matches := CASE
            WHEN authorize.target IS NULL THEN ARRAY[unit_or_home(NULL)]
            ELSE ARRAY(SELECT unit_match(authorize.target))
        END;
        IF cardinality(matches) <> 1 THEN
            RETURN;
        END IF;
        place := matches[1];
        mine := authorize.own AND place = ANY (actor_units('board'));
    ELSIF authorize.kind = 'person' THEN
        matches := CASE
            WHEN authorize.target IS NULL THEN ARRAY[asking]
            ELSE ARRAY(SELECT person_match(authorize.target))
        END;
        IF cardinality(matches) <> 1 THEN
            RETURN;
        END IF;
        owner := matches[1];
    ELSIF authorize.kind = 'customer' THEN
        SELECT c.owner_id, c.office_id INTO owner, place
        FROM customer_id_of(authorize.target) AS c;
        IF owner IS NULL THEN
            RETURN;
        END IF;
        -- Whoever has a deal with it stands beside its owner.
        owner := coalesce(
            (
                SELECT d.person_id
                FROM customer_id_of(authorize.target) AS c
                JOIN deal AS d ON d.customer_id = c.id AND d.customer_office_id = c.office_id
                WHERE
                    (authorize.own AND d.person_id = asking)
                    OR holds_role(authorize.roles, person_unit(d.person_id))
                LIMIT 1
            ),
            owner
        );
    ELSIF authorize.kind = 'deal' THEN
        SELECT max(d.person_id), max(d.unit_id) INTO owner, place
        FROM deal_match(authorize.target) AS d
        HAVING count(*) = 1;
        IF NOT FOUND THEN
            RETURN;
        END IF;
    ELSE
        RAISE EXCEPTION 'authorize() knows no kind %', authorize.kind;
    END IF;

    IF owner IS NOT NULL THEN
        mine := authorize.own AND owner = asking;
        place := coalesce(person_unit(owner), place);
    END IF;
    IF mine THEN
        RETURN;
    END IF;
    IF NOT holds_role(authorize.roles, place) THEN
        PERFORM refuse(
            'forbidden',
            authorize.kind,
            coalesce(
                authorize.target,
                CASE authorize.kind
                    WHEN 'unit' THEN (SELECT u.path FROM unit AS u WHERE u.id = place)
                    ELSE (SELECT p.handle FROM person AS p WHERE p.id = asking)
                END
            )
        );
    END IF;
END;
$$;
