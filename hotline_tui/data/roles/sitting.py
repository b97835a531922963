"""Who sits at a seat, as the database knows it: by a token that it gave for a password, set in each transaction.

A role says what a post may do, and any seat may take any; the token says which account it is, and only its own post's
policies hold true for it. Without one nothing is visible.
"""

from __future__ import annotations

SETTING = "hotline.sitting"
"""Holds the token, local to the transaction."""
HOURS = 14
"""A sign-in holds so long unless the screen is unlocked meanwhile: longer than any shift."""
LEEWAY = 5
"""Seconds by which a seat's measure of the server's time may be ahead of it when a claim runs out."""

TABLES = """
CREATE TABLE IF NOT EXISTS hotline.sitting (
    token bytea PRIMARY KEY,
    account_id uuid NOT NULL REFERENCES {S}.account (id),
    since timestamptz NOT NULL,
    until timestamptz NOT NULL
);
CREATE INDEX IF NOT EXISTS sitting_until ON hotline.sitting (until);
CREATE TABLE IF NOT EXISTS hotline.secret (key bytea NOT NULL);
INSERT INTO hotline.secret SELECT sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()))
    WHERE NOT EXISTS (SELECT 1 FROM hotline.secret);
"""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION hotline.free() RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT current_setting('role') = 'none' AND pg_has_role(session_user, current_user, 'MEMBER')
$$;

CREATE OR REPLACE FUNCTION hotline.account() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT s.account_id FROM hotline.sitting s JOIN account a ON a.id = s.account_id
    WHERE s.token = sha256(convert_to(current_setting('hotline.sitting', true), 'UTF8'))
        AND s.until > now() AND a.active
$$;

CREATE OR REPLACE FUNCTION hotline.post() RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT a.role::text FROM account a WHERE a.id = hotline.account()
$$;

CREATE OR REPLACE FUNCTION hotline.sits(post text) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT EXISTS (
        SELECT 1 FROM hotline.sitting s JOIN account a ON a.id = s.account_id
        WHERE s.token = sha256(convert_to(current_setting('hotline.sitting', true), 'UTF8'))
            AND s.until > now() AND a.active AND a.role = sits.post
    )
$$;

CREATE OR REPLACE FUNCTION hotline.unit_ids() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    WITH RECURSIVE below (id) AS (
        SELECT a.unit_id FROM account a WHERE a.id = hotline.account() AND a.unit_id IS NOT NULL
        UNION SELECT u.id FROM unit u JOIN below ON u.parent_id = below.id
    )
    SELECT coalesce(array_agg(id), '{}') FROM below
$$;

CREATE OR REPLACE FUNCTION hotline.units_at(post text) RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT CASE WHEN hotline.sits(post) THEN hotline.unit_ids() ELSE '{}' END
$$;

CREATE OR REPLACE FUNCTION hotline.above_ids() RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    WITH RECURSIVE above (id) AS (
        SELECT a.unit_id FROM account a WHERE a.id = hotline.account() AND a.unit_id IS NOT NULL
        UNION SELECT u.parent_id FROM unit u JOIN above ON u.id = above.id WHERE u.parent_id IS NOT NULL
    )
    SELECT coalesce(array_agg(id), '{}') FROM above
$$;

CREATE OR REPLACE FUNCTION hotline.transaction() RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_temp AS $$
    SELECT txid_current_if_assigned()
$$;

CREATE OR REPLACE FUNCTION hotline.moment() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE SET search_path = pg_temp AS $$
    SELECT statement_timestamp() + interval '{LEEWAY} seconds'
$$;

CREATE OR REPLACE FUNCTION hotline.leave() RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    DELETE FROM hotline.sitting WHERE token = sha256(convert_to(current_setting('hotline.sitting', true), 'UTF8'))
$$;

CREATE OR REPLACE FUNCTION hotline.seat(account uuid) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
DECLARE token text := encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())), 'hex');
BEGIN
    DELETE FROM hotline.sitting WHERE until < now();
    INSERT INTO hotline.sitting
        VALUES (sha256(convert_to(token, 'UTF8')), account, now(), now() + interval '{HOURS} hours');
    RETURN token;
END $$;
"""
OF_A_SEAT = (
    "account()", "post()", "sits(text)", "unit_ids()", "units_at(text)", "above_ids()", "transaction()",
    "moment()", "leave()",
)  # fmt: skip
"""What a seat role may call; `seat(uuid)` gives a token for nothing and is the owner's."""
