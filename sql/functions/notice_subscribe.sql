-- NoticeService.Subscribe: which topics, and behind which place pushes begin. What each push may
-- say is judged again when it is read (the policy of notice). A place that was never given, of
-- another database perhaps, counts as the last one. A topic counts once, however often it is named.
CREATE OR REPLACE FUNCTION notice_subscribe(INOUT topics text[], INOUT after bigint)
LANGUAGE plpgsql
STABLE
AS $$
#variable_conflict use_column
DECLARE
    last bigint := coalesce(
        (SELECT l.place FROM notice_last AS l WHERE l.person_id = actor()), 0
    );
    asked record;
BEGIN
    topics := ARRAY(
        SELECT DISTINCT a.topic FROM unnest(notice_subscribe.topics) AS a (topic) ORDER BY a.topic
    );
    FOR asked IN
        SELECT a.topic, t.topic IS NOT NULL AS is_known, t.leaders
        FROM unnest(notice_subscribe.topics) AS a (topic)
        LEFT JOIN notice_topic AS t ON t.topic = a.topic
    LOOP
        IF NOT asked.is_known THEN
            PERFORM refuse(
                'unknown_topic',
                'topics',
                asked.topic,
                (SELECT string_agg(t.topic, ', ' ORDER BY t.topic) FROM notice_topic AS t)
            );
        ELSIF asked.leaders
            AND NOT actor_has_all('led')
            AND cardinality(actor_units('led')) = 0
        THEN
            PERFORM refuse('role_missing', 'topics');
        END IF;
    END LOOP;
    after := least(coalesce(notice_subscribe.after, last), last);
END;
$$;
