BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT actor_enter(:actor, '', '', '');
SELECT * FROM report_rollup_totals(:unit, NULL, :from_date, :to_date, NULL, NULL, NULL, NULL, NULL);
COMMIT;
