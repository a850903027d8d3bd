-- Whose the fact is, and where it counts: for the audit trail.
ALTER TYPE fact_link ADD ATTRIBUTE of_person_id bigint;
ALTER TYPE fact_link ADD ATTRIBUTE of_unit_id bigint;
