"""The sign-in as the database does it: nobody reads a password's hash, and no guess is free.

What a seat asks stands in a transaction that it may roll back. So a guess comes in two steps: `knock` keeps it and
counts it as failed, and tells nothing; once that is committed, `enter` says whether it was right, and takes the failure
back. The seat computes the hash (argon2id) from the parameters that `salt` tells, also of a login that nobody has.
"""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS hotline.knock (
    id uuid PRIMARY KEY,
    account_id uuid REFERENCES {S}.account (id),
    encoded text NOT NULL,
    at timestamptz NOT NULL,
    next_try_at timestamptz
);
"""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION hotline.new_id() RETURNS uuid
LANGUAGE sql VOLATILE SET search_path = {S}, pg_temp AS $$
    SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) PLACING
        substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6
    ), 52, 1), 53, 1), 'hex')::uuid
$$;

CREATE OR REPLACE FUNCTION hotline.wait_after(failures integer) RETURNS interval
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN failures <= {FREE} THEN interval '0'
        ELSE least(interval '{LONGEST} seconds', power(2, least(failures - {FREE}, 20)) * interval '1 second') END
$$;

CREATE OR REPLACE FUNCTION hotline.bucket(login text) RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT get_byte(h, 0) * 256 + get_byte(h, 1)
    FROM (SELECT sha256(key || convert_to(login, 'UTF8')) AS h FROM hotline.secret) AS hashed
$$;

CREATE OR REPLACE FUNCTION hotline.happened(done text, who uuid, told jsonb) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    INSERT INTO event (id, node, action, actor_id, actor, at, payload)
    SELECT hotline.new_id(), coalesce(a.site, (SELECT min(code) FROM site)), done, a.id,
        coalesce(concat_ws(' ', coalesce(nullif(u.short_name, ''), u.name), a.name), ''), clock_timestamp(),
        jsonb_build_object('facts', told, 'changes', '[]'::jsonb)
    FROM (SELECT who AS id) AS w LEFT JOIN account a ON a.id = w.id LEFT JOIN unit u ON u.id = a.unit_id
$$;

CREATE OR REPLACE FUNCTION hotline.salt(login text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT coalesce(
        (SELECT regexp_replace(a.password_hash, '\\$[^$]*$', '') FROM account a
         WHERE a.login = salt.login AND a.password_hash LIKE '$argon2id$%'),
        (SELECT '{SHAPE}' || rtrim(encode(substring(sha256(key || '\\x00'::bytea || convert_to(salt.login, 'UTF8'))
         FROM 1 FOR 16), 'base64'), '=') FROM hotline.secret)
    )
$$;

CREATE OR REPLACE FUNCTION hotline.knock(login text, encoded text, OUT id uuid, OUT wait double precision)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
DECLARE
    known uuid; slips integer; next_try timestamptz; place integer; old hotline.knock;
    moment timestamptz := clock_timestamp();
BEGIN
    wait := 0;
    SELECT a.id, a.failures, a.next_try_at INTO known, slips, next_try
        FROM account a WHERE a.login = knock.login FOR UPDATE;
    IF known IS NULL THEN
        place := hotline.bucket(login);
        INSERT INTO unknown_login (bucket, failures) VALUES (place, 0) ON CONFLICT DO NOTHING;
        SELECT u.failures, u.next_try_at INTO slips, next_try FROM unknown_login u WHERE u.bucket = place FOR UPDATE;
    END IF;
    IF next_try > moment THEN
        wait := extract(epoch FROM next_try - moment);
        RETURN;
    END IF;
    slips := slips + 1;
    next_try := CASE WHEN hotline.wait_after(slips) > interval '0' THEN moment + hotline.wait_after(slips) END;
    IF known IS NULL THEN
        UPDATE unknown_login SET failures = slips, next_try_at = next_try WHERE bucket = place;
    ELSE
        UPDATE account a SET failures = slips, next_try_at = next_try WHERE a.id = known;
    END IF;
    FOR old IN DELETE FROM hotline.knock k WHERE k.at < moment - interval '1 minute' RETURNING * LOOP
        PERFORM hotline.happened('sign_in_failed', old.account_id, '{}');
    END LOOP;
    id := hotline.new_id();
    INSERT INTO hotline.knock VALUES (id, known, encoded, moment, next_try);
END $$;

CREATE OR REPLACE FUNCTION hotline.enter(
    knocked uuid, OUT said text, OUT token text, OUT account_id uuid, OUT post text, OUT wait double precision
)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
DECLARE
    tried hotline.knock; known account;
BEGIN
    wait := 0;
    IF txid_current_if_assigned() IS NOT NULL THEN
        RAISE EXCEPTION 'hotline: knock first, in a transaction of its own' USING ERRCODE = '42501';
    END IF;
    DELETE FROM hotline.knock k WHERE k.id = knocked AND k.at > now() - interval '1 minute'
        RETURNING * INTO tried;
    SELECT * INTO known FROM account a WHERE a.id = tried.account_id FOR UPDATE;
    IF known.id IS NOT NULL AND known.password_hash = tried.encoded THEN
        IF NOT known.active THEN
            PERFORM hotline.happened('sign_in_failed', known.id, jsonb_build_object('login', known.login));
            said := 'closed';
            RETURN;
        END IF;
        UPDATE account SET failures = 0, next_try_at = NULL, signed_in_at = clock_timestamp() WHERE id = known.id;
        PERFORM hotline.happened('sign_in', known.id, '{}');
        token := hotline.seat(known.id);
        said := 'right';
        account_id := known.id;
        post := known.role;
        RETURN;
    END IF;
    PERFORM hotline.happened('sign_in_failed', known.id, CASE WHEN known.id IS NULL THEN '{}'::jsonb
        ELSE jsonb_build_object('login', known.login, 'failures', known.failures) END);
    wait := coalesce(greatest(0, extract(epoch FROM tried.next_try_at - clock_timestamp())), 0);
    said := 'wrong';
END $$;

CREATE OR REPLACE FUNCTION hotline.set_password(encoded text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
DECLARE changed uuid;
BEGIN
    UPDATE account SET password_hash = encoded WHERE encoded LIKE '$argon2id$%' AND id = (
        SELECT s.account_id FROM hotline.sitting s
        WHERE s.account_id = hotline.account() AND s.since > now() - interval '1 minute'
            AND s.token = sha256(convert_to(current_setting('hotline.sitting', true), 'UTF8'))
    ) RETURNING id INTO changed;
    RETURN changed IS NOT NULL;
END $$;
"""
OF_THE_DOOR = ("salt(text)", "knock(text, text)", "enter(uuid)")
"""What who has not signed in yet may call."""
OF_A_SEAT = ("set_password(text)",)
"""One's own, within a minute of having proved the old one."""
