-- People and places (domain.md 1).
--
-- Every dated row holds from from_date to to_date, both days included; to_date is 'infinity' while
-- it is open. All of these are small: reference tables on Citus.

GRANT USAGE ON SCHEMA tiejun TO tiejun_daemon;

CREATE TABLE unit (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL CHECK (name <> '' AND position('/' IN name) = 0),
    kind text NOT NULL CHECK (kind IN ('company', 'region', 'office', 'team')),
    -- NULL: inherited from the unit above; the company has all of them.
    time_zone text,
    locale text,
    currency text CHECK (currency ~ '^[A-Z]{3}$'),
    -- Bit 0 is Monday, bit 6 Sunday: 31 is Monday to Friday.
    weekday_mask smallint CHECK (weekday_mask BETWEEN 0 AND 127),
    -- Today's place, "/" for the company, kept by org_rebuild().
    -- Deferrable: a move renames a whole subtree in one statement.
    path text NOT NULL UNIQUE DEFERRABLE,
    exists_from date NOT NULL,
    CHECK (
        kind <> 'company'
        OR num_nulls(time_zone, locale, currency, weekday_mask) = 0
    )
);

CREATE UNIQUE INDEX unit_one_company ON unit (kind) WHERE kind = 'company';
CREATE INDEX unit_name ON unit (name);

-- Where a unit hangs (1.1). The company has no row.
CREATE TABLE placement (
    unit_id bigint NOT NULL REFERENCES unit,
    parent_id bigint NOT NULL REFERENCES unit,
    from_date date NOT NULL,
    to_date date NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (unit_id, from_date),
    CHECK (unit_id <> parent_id),
    CHECK (from_date <= to_date)
);

CREATE INDEX placement_parent ON placement (parent_id);

-- The dated closure of placement, each unit's reach to itself (depth 0) included. For one day and
-- one unit there is one row per ancestor. Made by org_rebuild() alone.
CREATE TABLE reach (
    ancestor_id bigint NOT NULL REFERENCES unit,
    unit_id bigint NOT NULL REFERENCES unit,
    depth integer NOT NULL,
    from_date date NOT NULL,
    to_date date NOT NULL,
    PRIMARY KEY (ancestor_id, unit_id, from_date),
    CHECK (from_date <= to_date)
);

CREATE INDEX reach_unit ON reach (unit_id);

CREATE TABLE person (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    handle text NOT NULL,
    name text NOT NULL CHECK (name <> ''),
    made_at timestamptz NOT NULL DEFAULT now()
);

CREATE UNIQUE INDEX person_handle ON person (lower(handle));
CREATE INDEX person_name ON person (name);

-- One unit and one office on any day. office_id is the first unit upward that is no team: where the
-- person's facts are kept.
CREATE TABLE membership (
    person_id bigint NOT NULL REFERENCES person,
    unit_id bigint NOT NULL REFERENCES unit,
    office_id bigint NOT NULL REFERENCES unit,
    from_date date NOT NULL,
    to_date date NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (person_id, from_date),
    CHECK (from_date <= to_date)
);

CREATE INDEX membership_unit ON membership (unit_id);

-- Roles above rep; whoever has none is a rep and reaches itself.
CREATE TABLE role_grant (
    person_id bigint NOT NULL REFERENCES person,
    unit_id bigint NOT NULL REFERENCES unit,
    role text NOT NULL CHECK (role IN ('supervisor', 'region_manager', 'director', 'admin')),
    from_date date NOT NULL,
    to_date date NOT NULL DEFAULT 'infinity',
    PRIMARY KEY (person_id, unit_id, role, from_date),
    CHECK (from_date <= to_date)
);

CREATE INDEX role_grant_unit ON role_grant (unit_id);

CREATE TABLE device (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    person_id bigint NOT NULL REFERENCES person,
    name text NOT NULL,
    made_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);

CREATE INDEX device_person ON device (person_id);

-- A row of an organization import; dates stay text so that one bad row refuses itself alone.
CREATE TYPE org_row_in AS (
    line integer,
    unit text,
    kinds text,
    handle text,
    name text,
    role text,
    from_date text,
    time_zone text
);

GRANT SELECT, INSERT, UPDATE ON unit, person, device TO tiejun_daemon;
GRANT SELECT, INSERT, UPDATE, DELETE ON placement, reach, membership, role_grant TO tiejun_daemon;
