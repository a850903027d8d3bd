-- Who somebody is: passwords, invitations, and what holds guessers up. The daemon's role has no
-- right to any of the new tables: it reaches them through functions that tell as little as will do.

-- Whoever may not hold a device any more is found by its number; the token is known by its hash.
ALTER TABLE device
    ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
    -- When and from where it last logged in, to the hour.
    ADD COLUMN seen_at timestamptz,
    ADD COLUMN seen_from text;

CREATE TABLE password (
    person_id bigint PRIMARY KEY REFERENCES person,
    -- Argon2id with its salt and its costs, as libsodium writes it.
    verifier text NOT NULL,
    changed_at timestamptz NOT NULL
);

-- A code that lets a person set a password, once. A new one takes the place of the one before.
CREATE TABLE invite (
    person_id bigint PRIMARY KEY REFERENCES person,
    code_hash bytea NOT NULL UNIQUE CHECK (octet_length(code_hash) = 32),
    made_by bigint REFERENCES person,
    expires_at timestamptz NOT NULL
);

-- Tries at passwords and codes, by what may be guessed at and from where: kind 'address' counts
-- those from an address, 'account' those at a name from places unknown to it, 'place' those at a
-- person from an address that it has logged in from. The subject is a hash. All daemons
-- go by these rows; those that have been quiet for long are thrown away.
CREATE TABLE login_throttle (
    kind text NOT NULL CHECK (kind IN ('address', 'account', 'place')),
    subject text NOT NULL,
    tries integer NOT NULL CHECK (tries >= 0),
    last_at timestamptz NOT NULL,
    -- Grows with each try: what was judged is what is written.
    version bigint NOT NULL,
    PRIMARY KEY (kind, subject)
);

CREATE INDEX login_throttle_last ON login_throttle (last_at);

-- From where a person has logged in: strangers' tries do not hold it up there.
CREATE TABLE login_place (
    person_id bigint NOT NULL REFERENCES person,
    network inet NOT NULL,
    seen_at timestamptz NOT NULL,
    PRIMARY KEY (person_id, network)
);

CREATE INDEX login_place_seen ON login_place (seen_at);

-- How long an invitation lasts.
INSERT INTO setting_default (key, value) VALUES ('invite_hours', '72');
