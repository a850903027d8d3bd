SELECT t.metric, sum(t.done), sum(t.effective)
FROM unit AS u
JOIN reach AS r ON r.ancestor_id = u.id
JOIN total AS t
    ON
        t.office_id = r.unit_id
        AND t.scope = 'o'
        AND t.scope_id = r.unit_id
        AND t.grain = 'm'
        AND t.date = '2025-03-01'
WHERE u.path = '/Region 0'
GROUP BY t.metric;
