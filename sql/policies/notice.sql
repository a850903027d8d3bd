-- Notices: each for one person, and what it heard as a leader, for as long as it leads there.
-- notices_add() alone writes them.
CREATE POLICY shown ON notice FOR SELECT TO tiejun_daemon
USING (
    person_id = (SELECT actor())
    AND (
        NOT led_only
        OR (SELECT actor_has_all('led'))
        OR unit_id IN (SELECT unnest(actor_units('led')))
    )
);
CREATE POLICY shown ON notice_last FOR SELECT TO tiejun_daemon
USING (person_id = (SELECT actor()));
CREATE POLICY shown ON notice_topic FOR SELECT TO tiejun_daemon USING (true);

-- Reference tables tell those whom their changes concern.
CREATE TRIGGER notice_insert AFTER INSERT ON goal_version REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION notice_goal();
CREATE TRIGGER notice_insert AFTER INSERT ON role_grant REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION notice_role();
CREATE TRIGGER notice_insert AFTER INSERT ON membership REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION notice_joined();
