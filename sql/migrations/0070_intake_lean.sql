-- What the taking of facts paid for at each statement and nothing needed.

-- The trail is read from its end on, and thrown away by age: no statement looks rows up by who,
-- whom or which unit, since a person may be any of three and a unit comes with all below it. Rows
-- come in the order of time.
DROP INDEX audit_actor;
DROP INDEX audit_person;
DROP INDEX audit_unit;
DROP INDEX audit_at;
CREATE INDEX audit_at ON audit USING brin (at);

-- totals_move() alone writes totals, and `tiejund check` holds each row against the facts.
-- PostgreSQL reads the text of a check anew for each statement that writes.
ALTER TABLE total DROP CONSTRAINT total_scope_check;
ALTER TABLE total DROP CONSTRAINT total_grain_check;

-- What comes in is held to the kinds there are: by a domain, whose check is kept ready.
ALTER TABLE fact DROP CONSTRAINT fact_kind_check;
CREATE DOMAIN fact_kind AS text CHECK (
    value IN (
        'appointment', 'new_customer', 'visit', 'material', 'negotiation', 'signing', 'payment',
        'competitor_sighting', 'void'
    )
);
ALTER TYPE judged_fact_in ALTER ATTRIBUTE kind TYPE fact_kind;
