-- What facts are placed and judged by (1.2, 3.2) seldom changes: a daemon remembers it, with the
-- snapshot in which it was read. Each transaction that changes any of it leaves its number here, so
-- that whoever keeps a fact sees whether there was one since. Rows of their own, so that changes do
-- not wait for each other. A reference table on Citus.
CREATE TABLE ground_change (
    xid xid8 PRIMARY KEY
);

-- The place stays this one for all of that day: from when to when it lasts, where the person may be
-- remembered.
ALTER TYPE fact_place ADD ATTRIBUTE day_starts timestamptz;
ALTER TYPE fact_place ADD ATTRIBUTE day_ends timestamptz;
