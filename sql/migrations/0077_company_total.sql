-- What the whole company did is one stretch of this index: all offices, month by month.
CREATE INDEX total_company ON total (grain, date) WHERE scope = 'o';
