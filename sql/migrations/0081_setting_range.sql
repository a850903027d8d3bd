-- What a setting may be: a number of a range, or a list of words (no range).
ALTER TABLE setting_default
ADD COLUMN least integer,
ADD COLUMN most integer,
ADD CHECK (num_nulls(least, most) IN (0, 2) AND least <= most);

UPDATE setting_default AS d
SET least = r.least, most = r.most
FROM (
    VALUES
        ('rule_version', 1, 999999),
        ('minimum_visit_minutes', 0, 1440),
        ('backdating_days', 0, 1000),
        ('invite_hours', 1, 8760),
        ('audit_days', 1, 36500),
        ('shrink_weight', 0, 100000),
        ('conversion_window_days', 1, 36500),
        -- Nothing takes as long as the most: nothing is kept.
        ('conversion_keep_ms', 0, 999999999),
        ('notice_days', 1, 36500),
        ('pace_hour', 0, 24),
        ('pace_expected_milli', 0, 1000),
        ('objective_due_days', 0, 366)
) AS r (key, least, most)
WHERE d.key = r.key;
