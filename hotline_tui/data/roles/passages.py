"""What a seat needs of rows that it may not read, each as one function that answers only that.

Rows of callers are read through `callers_in_full` alone. Who asks has said before, in a transaction that is committed,
whose and why (`look`): what is asked and then rolled back would leave no trace. `looked` is that trace, also of looks
that were made with another program, and is kept; `held` speaks of transactions under way, and forgets the others.
"""

from __future__ import annotations

TABLES = """
CREATE TABLE IF NOT EXISTS hotline.looked (
    account_id uuid NOT NULL REFERENCES {S}.account (id),
    order_id uuid NOT NULL,
    at timestamptz NOT NULL,
    why text NOT NULL
);
CREATE INDEX IF NOT EXISTS looked_order ON hotline.looked (order_id, account_id, at);
CREATE TABLE IF NOT EXISTS hotline.held (
    order_id uuid NOT NULL,
    transaction bigint NOT NULL,
    PRIMARY KEY (order_id, transaction)
);
"""

FUNCTIONS = """
CREATE OR REPLACE FUNCTION hotline.sees(asked uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT CASE
        WHEN hotline.post() IN ({WHOLE}) THEN EXISTS (SELECT 1 FROM work_order o WHERE o.id = asked)
        WHEN hotline.post() IN ({OPEN}) THEN EXISTS (SELECT 1 FROM work_order o WHERE o.id = asked
            AND (NOT o.secret OR o.registered_by = hotline.account()))
        WHEN hotline.post() IN ({UNITS}) THEN EXISTS (SELECT 1 FROM hotline.unit_order u WHERE u.order_id = asked)
        ELSE false
    END
$$;

CREATE OR REPLACE FUNCTION hotline.parts_of(asked uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    WITH RECURSIVE every (id) AS (
        SELECT asked WHERE hotline.sees(asked)
        UNION SELECT o.id FROM work_order o JOIN every ON o.merged_into_id = every.id
    )
    SELECT every.id FROM every WHERE every.id <> asked AND CASE
        WHEN hotline.post() IN ({UNITS}) THEN NOT EXISTS (SELECT 1 FROM order_accused x
            WHERE x.order_id = every.id AND x.unit_id = ANY (hotline.above_ids()))
        ELSE hotline.sees(every.id) END
$$;

CREATE OR REPLACE FUNCTION hotline.hold(asked uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    DELETE FROM hotline.held WHERE order_id = asked OR transaction < txid_snapshot_xmin(txid_current_snapshot());
    INSERT INTO hotline.held SELECT asked, txid_current() WHERE hotline.sees(asked)
$$;

CREATE OR REPLACE FUNCTION hotline.joined(asked uuid)
RETURNS TABLE (id uuid, number text, subject text, narrative text, closed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT o.id, CASE WHEN hotline.sees(o.id) THEN o.number ELSE '' END, o.subject, o.narrative, o.closed_at
    FROM hotline.parts_of(asked) AS part JOIN work_order o ON o.id = part
$$;

CREATE OR REPLACE FUNCTION hotline.merges(asked uuid)
RETURNS TABLE (id uuid, at timestamptz, actor text, number text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT e.id, e.at, e.actor, CASE WHEN hotline.sees(o.id) THEN o.number ELSE '' END
    FROM work_order o JOIN event e ON e.order_id = o.id AND e.action = 'merge'
    WHERE o.merged_into_id = asked AND hotline.sees(asked)
$$;

CREATE OR REPLACE FUNCTION hotline.handled(asked uuid[], deeds text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 10 SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    WITH RECURSIVE every (id, part) AS (
        SELECT each, each FROM unnest(asked) AS each
        UNION SELECT every.id, o.id FROM work_order o JOIN every ON o.merged_into_id = every.part
    )
    SELECT DISTINCT every.id FROM every, LATERAL (
        SELECT FROM event e WHERE e.order_id = every.part AND e.actor_id = (SELECT hotline.account())
            AND e.action = ANY (deeds) LIMIT 1) AS deed
$$;

CREATE OR REPLACE FUNCTION hotline.next_number(at_site text, on_day date, many integer) RETURNS integer
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    INSERT INTO number_series (site, day, last)
        SELECT a.site, on_day, many FROM account a WHERE a.id = hotline.account() AND a.site = at_site
            AND a.role IN ({BY_PHONE}) AND many BETWEEN 1 AND 1000
    ON CONFLICT (site, day) DO UPDATE SET last = number_series.last + many RETURNING last
$$;

CREATE OR REPLACE FUNCTION hotline.last_revision() RETURNS integer
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT max(revision) FROM article
$$;

CREATE OR REPLACE FUNCTION hotline.has_source(asked uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT EXISTS (SELECT 1 FROM article_source WHERE article_id = asked AND hotline.account() IS NOT NULL)
$$;

CREATE OR REPLACE FUNCTION hotline.missed(
    new uuid, asked text, said text, nothing integer, unhelpful integer, sent integer, at timestamptz
) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
BEGIN
    IF hotline.account() IS NULL THEN
        RETURN;
    END IF;
    INSERT INTO missed_question (id, key, words, empty, unused, dispatched, first_at, last_at, state, reason)
        VALUES (new, asked, left(said, {SIGNS}), least(nothing, 1), least(unhelpful, 1), least(sent, 1), at, at,
            'open', '')
    ON CONFLICT (key) DO UPDATE SET empty = missed_question.empty + excluded.empty,
        unused = missed_question.unused + excluded.unused,
        dispatched = missed_question.dispatched + excluded.dispatched, last_at = excluded.last_at,
        state = CASE WHEN missed_question.state = 'aside' THEN 'aside' ELSE 'open' END;
    DELETE FROM missed_question WHERE last_at < clock_timestamp() - interval '{KEPT} days';
    DELETE FROM missed_question WHERE id IN (
        SELECT id FROM missed_question ORDER BY last_at DESC, id DESC OFFSET {MOST});
END $$;

CREATE OR REPLACE FUNCTION hotline.callers_at(phones text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 5 SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT DISTINCT c.id FROM caller c
        JOIN order_caller oc ON oc.caller_id = c.id JOIN work_order o ON o.id = oc.order_id
    WHERE c.phone = ANY (phones) AND (SELECT hotline.post()) IN ({BY_PHONE}) AND (
        (SELECT hotline.post()) IN ({WHOLE}) OR NOT o.secret OR o.registered_by = (SELECT hotline.account()))
$$;

CREATE OR REPLACE FUNCTION hotline.callers_like(asked uuid) RETURNS SETOF uuid
LANGUAGE sql STABLE ROWS 5 SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT * FROM hotline.callers_at(ARRAY(
        SELECT c.phone FROM order_caller oc JOIN caller c ON c.id = oc.caller_id
        WHERE oc.order_id = asked AND c.phone <> '' AND hotline.sees(asked)))
$$;

CREATE OR REPLACE FUNCTION hotline.caller_of(told_name text, told_phone text, told_workplace text, told_home text)
RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT c.id FROM caller c
    WHERE hotline.post() IN ({BY_PHONE}) AND told_phone <> '' AND c.phone = told_phone AND c.name = told_name
        AND c.workplace = told_workplace AND c.home_address = told_home AND EXISTS (
        SELECT 1 FROM order_caller oc WHERE oc.caller_id = c.id AND hotline.sees(oc.order_id))
    LIMIT 1
$$;

CREATE OR REPLACE FUNCTION hotline.same_person(one uuid, other uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
    SELECT one = other OR EXISTS (
        SELECT 1 FROM caller a JOIN caller b ON b.phone = a.phone AND b.name = a.name
        WHERE a.id = one AND b.id = other AND a.phone <> ''
            AND EXISTS (SELECT 1 FROM order_caller oc WHERE oc.caller_id = one AND hotline.sees(oc.order_id))
            AND EXISTS (SELECT 1 FROM order_caller oc WHERE oc.caller_id = other AND hotline.sees(oc.order_id)))
$$;

CREATE OR REPLACE FUNCTION hotline.look(asked uuid, why text) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
BEGIN
    INSERT INTO hotline.looked
        SELECT hotline.account(), asked, clock_timestamp(), left(why, 200)
        WHERE hotline.post() IN ({UNMASK}) AND hotline.sees(asked);
    RETURN FOUND;
END $$;

CREATE OR REPLACE FUNCTION hotline.callers_in_full(asked uuid)
RETURNS TABLE (name text, phone text, workplace text, home_address text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = {S}, pg_temp AS $$
BEGIN
    IF txid_current_if_assigned() IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM hotline.looked l WHERE l.order_id = asked AND l.account_id = hotline.account()
            AND l.at > clock_timestamp() - interval '1 minute'
    ) OR NOT hotline.sees(asked) OR NOT coalesce(hotline.post() IN ({UNMASK}), false) THEN
        RAISE EXCEPTION 'hotline: look first, in a transaction of its own' USING ERRCODE = '42501';
    END IF;
    RETURN QUERY SELECT c.name::text, c.phone::text, c.workplace::text, c.home_address::text
        FROM order_caller oc JOIN caller c ON c.id = oc.caller_id WHERE oc.order_id = asked ORDER BY oc.position;
END $$;
"""
OF_A_SEAT = (
    "parts_of(uuid)", "joined(uuid)", "merges(uuid)", "handled(uuid[], text[])", "next_number(text, date, integer)",
    "last_revision()", "missed(uuid, text, text, integer, integer, integer, timestamptz)", "callers_at(text[])",
    "callers_like(uuid)", "caller_of(text, text, text, text)", "same_person(uuid, uuid)", "look(uuid, text)",
    "callers_in_full(uuid)", "sees(uuid)", "hold(uuid)", "has_source(uuid)",
)  # fmt: skip
