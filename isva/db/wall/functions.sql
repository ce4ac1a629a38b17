-- The functions behind the policies. Written by the owner after every migration, in a schema that belongs to the definer:
-- a role that nobody signs in as, and that alone reads the keys. Words in {braces} are filled in by isva/db/wall/raising.py.
--
-- One act fixes what its person may see and change until the transaction ends. It is kept in settings of the
-- transaction, each sealed with a key that never leaves the database, for this transaction of this connection alone:
-- a setting that somebody else wrote, or kept from another transaction, opens nothing.
--
-- What every request asks is written in plpgsql: it keeps its plans from one call to the next, where a function in SQL is
-- planned anew in each statement that calls it. `force_generic_plan`: the same plan for everybody, and no planning.

CREATE TABLE IF NOT EXISTS wall.keys (name text PRIMARY KEY, inner_pad bytea NOT NULL, outer_pad bytea NOT NULL);

-- HMAC-SHA-256 of a message with one of the keys.
CREATE OR REPLACE FUNCTION wall.mac(p_key text, p_message text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (SELECT encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(p_message, 'UTF8'))), 'hex')
          FROM wall.keys k WHERE k.name = p_key);
END
$$;

-- What only this transaction of this connection can have sealed.
CREATE OR REPLACE FUNCTION wall.sealed(p_name text, p_value text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT wall.mac('seal', concat_ws('|', p_name, pg_backend_pid(), extract(epoch FROM transaction_timestamp()),
                                    CASE WHEN p_name <> 'who' THEN current_setting('isva.who', true) END, p_value))
$$;

CREATE OR REPLACE FUNCTION wall.put(p_name text, p_value text) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  PERFORM set_config('isva.' || p_name, wall.sealed(p_name, p_value) || p_value, true);
END
$$;

-- A sealed value; NULL where nothing was put, or where the seal is not ours.
CREATE OR REPLACE FUNCTION wall.got(p_name text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v text := current_setting('isva.' || p_name, true);
  v_value text := right(v, -64);  -- where substr would count every letter of it, at each table of each question
  k wall.keys;
BEGIN
  IF v IS NULL OR v = '' THEN
    RETURN NULL;
  END IF;
  -- The same reckoning as wall.sealed, in one function: every policy asks here, and a function called costs more than it does.
  SELECT * INTO k FROM wall.keys WHERE name = 'seal';
  IF left(v, 64) IS DISTINCT FROM encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(concat_ws('|', p_name,
      pg_backend_pid(), extract(epoch FROM transaction_timestamp()),
      CASE WHEN p_name <> 'who' THEN current_setting('isva.who', true) END, v_value), 'UTF8'))), 'hex') THEN
    RETURN NULL;
  END IF;
  RETURN v_value;
END
$$;

-- What the wall's own functions ask; the policies ask the same of wall.got themselves (a function between would be read
-- anew for every plan). What was not put in force is NULL and opens nothing: neither `= ANY` nor `<> ALL` is true of it.
CREATE OR REPLACE FUNCTION wall.acting_service() RETURNS uuid LANGUAGE sql STABLE AS
$$ SELECT nullif(split_part(wall.got('who'), '|', 2), '')::uuid $$;
-- a: sees all cases, w: changes all, i: handles intake, g: gives and ends any grant, b: may open in an emergency.
CREATE OR REPLACE FUNCTION wall.acting_may(p_what text) RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT coalesce(position(p_what IN split_part(wall.got('who'), '|', 3)) > 0, false) $$;
CREATE OR REPLACE FUNCTION wall.acting_array(p_name text) RETURNS uuid[] LANGUAGE sql STABLE AS
$$ SELECT wall.got(p_name)::uuid[] $$;

-- What was in force before: given back to `restore` by whoever acted for a while inside somebody else's act.
CREATE OR REPLACE FUNCTION wall.standing() RETURNS text[] LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN ARRAY[
    coalesce(current_setting('isva.who', true), ''), coalesce(current_setting('isva.cases', true), ''),
    coalesce(current_setting('isva.writable', true), ''), coalesce(current_setting('isva.clients', true), ''),
    coalesce(current_setting('isva.writable_clients', true), ''), coalesce(current_setting('isva.denied', true), ''),
    coalesce(current_setting('isva.denied_clients', true), ''), coalesce(current_setting('isva.all_but', true), ''),
    coalesce(current_setting('isva.all_but_clients', true), '')];
END
$$;

CREATE OR REPLACE FUNCTION wall.restore(p_before text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  PERFORM set_config('isva.who', p_before[1], true), set_config('isva.cases', coalesce(p_before[2], ''), true),
         set_config('isva.writable', coalesce(p_before[3], ''), true), set_config('isva.clients', coalesce(p_before[4], ''), true),
         set_config('isva.writable_clients', coalesce(p_before[5], ''), true),
         set_config('isva.denied', coalesce(p_before[6], ''), true),
         set_config('isva.denied_clients', coalesce(p_before[7], ''), true),
         set_config('isva.all_but', coalesce(p_before[8], ''), true),
         set_config('isva.all_but_clients', coalesce(p_before[9], ''), true);
END
$$;

CREATE OR REPLACE FUNCTION wall.nobody() RETURNS text[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  v_before text[] := wall.standing();
BEGIN
  PERFORM wall.restore(ARRAY['nobody']);
  RETURN v_before;
END
$$;

-- Puts the sight of one act in force. What somebody is kept from is said even where that is nobody; for whoever sees all
-- it is said once more as what they see (`all_but`), so that there is nothing to ask of those who see by an array. The rest stays empty where
-- there is none of it: it costs no seal, and opens nothing.
CREATE OR REPLACE FUNCTION wall.fix(p_user uuid, p_service uuid, p_may text, p_cases uuid[], p_writable uuid[],
  p_clients uuid[], p_writable_clients uuid[], p_denied uuid[], p_denied_clients uuid[]) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  k wall.keys;
  v_pid_and_time text := concat_ws('|', pg_backend_pid(), extract(epoch FROM transaction_timestamp()));
  v_who text := concat_ws('|', coalesce(p_user::text, ''), p_service, p_may);
  v_names text[] := ARRAY['cases', 'writable', 'clients', 'writable_clients', 'denied', 'denied_clients', 'all_but',
    'all_but_clients'];
  v_denied text := coalesce(p_denied, '{}');
  v_denied_clients text := coalesce(p_denied_clients, '{}');
  v_all boolean := position('a' IN p_may) > 0;
  v_cases text := p_cases;
  v_clients text := p_clients;
  v_values text[] := ARRAY[v_cases, CASE WHEN p_writable = p_cases THEN v_cases ELSE p_writable::text END,
    v_clients, CASE WHEN p_writable_clients = p_clients THEN v_clients ELSE p_writable_clients::text END,
    v_denied, v_denied_clients, CASE WHEN v_all THEN v_denied END, CASE WHEN v_all THEN v_denied_clients END];
BEGIN
  -- The same as wall.put for each, in one function: every request comes through here.
  SELECT * INTO k FROM wall.keys WHERE name = 'seal';
  v_who := encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(
             concat_ws('|', 'who', v_pid_and_time, v_who), 'UTF8'))), 'hex') || v_who;
  PERFORM set_config('isva.who', v_who, true);
  FOR n IN 1 .. 8 LOOP
    CONTINUE WHEN v_values[n] IS NULL AND coalesce(current_setting('isva.' || v_names[n], true), '') = '';
    PERFORM set_config('isva.' || v_names[n], coalesce(encode(sha256(k.outer_pad || sha256(k.inner_pad || convert_to(
              concat_ws('|', v_names[n], v_pid_and_time, v_who, v_values[n]), 'UTF8'))), 'hex') || v_values[n], ''), true);
  END LOOP;
END
$$;

-- The clients that a person is kept from: by a conflict, or by a restriction that does not name them.
CREATE OR REPLACE FUNCTION wall.denied_clients(p_user uuid, p_service uuid) RETURNS uuid[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  RETURN (SELECT coalesce(array_agg(client_id), '{}') FROM (
    SELECT c.client_id FROM public.casework_conflict c
    WHERE c.user_id = p_user AND c.service_id = p_service AND c.lifted_at IS NULL
    UNION
    SELECT r.client_id FROM public.casework_restriction r
    WHERE r.service_id = p_service AND r.lifted_at IS NULL AND NOT EXISTS (
      SELECT FROM public.casework_namedperson n
      WHERE n.restriction_id = r.id AND n.user_id = p_user AND n.ended_at IS NULL)
  ) AS kept_from);
END
$$;

-- Acts for a person in a service: what they may see and change is worked out here, once, and holds until the
-- transaction ends. Signed by the application for this connection and for a few seconds; returns what was in force.
-- p_at is the moment it is for the application (grants begin and end by it).
CREATE OR REPLACE FUNCTION wall.act(p_user text, p_service text, p_at text, p_expires text, p_signature text)
RETURNS text[]
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_before text[] := wall.standing();
  v_user uuid := CASE WHEN p_user LIKE 'system:%' THEN NULL ELSE p_user END;
  v_service uuid := p_service;
  v_at timestamptz := p_at;
  v_day date := (p_at::timestamptz AT TIME ZONE 'Europe/London')::date;
  v_system text;
  v_roles text[];
  v_may text := '';
  v_cases uuid[]; v_writable uuid[]; v_clients uuid[]; v_writable_clients uuid[];
  v_denied uuid[]; v_denied_clients uuid[] := '{}';
BEGIN
  IF p_signature IS DISTINCT FROM
     wall.mac('application', concat_ws('|', 'act', pg_backend_pid(), p_user, p_service, p_at, p_expires)) THEN
    RAISE EXCEPTION 'The acting person is not signed by the application.' USING ERRCODE = '28000';
  END IF;
  IF p_expires::bigint < extract(epoch FROM clock_timestamp()) THEN
    RAISE EXCEPTION 'The signature of the acting person has run out.' USING ERRCODE = '28000';
  END IF;

  -- A system user, by name where only its sight is asked for, or by the row that stands for it.
  IF v_user IS NULL THEN
    v_system := substr(p_user, 8);
  ELSE
    SELECT CASE WHEN u.is_system THEN split_part(u.email, '@', 1) END, m.roles INTO v_system, v_roles
    FROM public.accounts_user u
    LEFT JOIN public.accounts_membership m ON m.user_id = u.id AND m.service_id = v_service
      AND m.starts_on <= v_day AND (m.ends_on IS NULL OR m.ends_on >= v_day)
    WHERE u.id = v_user AND u.is_active;
  END IF;
  IF v_system IS NOT NULL THEN
    -- Who counts for reports reads, and writes nothing. Who runs the machine opens a service, and sees nothing of any.
    v_may := CASE v_system WHEN 'intake' THEN '' WHEN 'operator' THEN '' WHEN 'reports' THEN 'a' ELSE 'awig' END;
  ELSE
    IF v_roles IS NULL THEN
      PERFORM wall.restore(ARRAY['nobody']);
      RETURN v_before;
    END IF;
    v_may := concat(CASE WHEN v_roles && '{sees_all}'::text[] THEN 'aw' END,
                    CASE WHEN v_roles && '{handles_intake}'::text[] THEN 'i' END,
                    CASE WHEN v_roles && '{gives}'::text[] THEN 'g' END,
                    CASE WHEN v_roles && '{breaks_glass}'::text[] THEN 'b' END);
    v_denied_clients := wall.denied_clients(v_user, v_service);
    IF v_denied_clients <> '{}' THEN
      SELECT array_agg(c.id) INTO v_denied FROM public.casework_case c WHERE c.client_id = ANY (v_denied_clients);
    END IF;
    IF position('a' IN v_may) = 0 THEN
      SELECT array_agg(seen.id), array_agg(seen.id) FILTER (WHERE seen.writes),
             array_agg(seen.client_id), array_agg(seen.client_id) FILTER (WHERE seen.writes)
      INTO v_cases, v_writable, v_clients, v_writable_clients
      FROM (
        SELECT given.id, given.client_id, bool_or(given.writes) AS writes
        FROM (
          SELECT c.id, c.client_id, NOT g.read_only AS writes
          FROM public.casework_grant g JOIN public.casework_case c ON c.id = g.case_id
          WHERE g.user_id = v_user AND g.service_id = v_service AND g.ended_at IS NULL
            AND g.starts_at <= v_at AND (g.until IS NULL OR g.until > v_at) AND c.service_id = v_service
          UNION ALL
          SELECT i.id, i.client_id, true FROM public.casework_case i
          WHERE position('i' IN v_may) > 0 AND i.service_id = v_service AND i.stage = ANY ('{intake_stages}'::text[])
        ) AS given
        WHERE given.client_id <> ALL (v_denied_clients)
        GROUP BY given.id, given.client_id
      ) AS seen;
    END IF;
  END IF;
  PERFORM wall.fix(v_user, v_service, v_may, v_cases, v_writable, v_clients, v_writable_clients, v_denied, v_denied_clients);
  RETURN v_before;
END
$$;

-- Adds a case and a client that do not exist yet, and only those, to what the acting person sees and changes in this
-- transaction: so that a referral can be taken in, and read back, by somebody who sees nothing else.
CREATE OR REPLACE FUNCTION wall.opening(p_case uuid, p_client uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF wall.acting_service() IS NULL THEN
    RETURN;
  END IF;
  IF p_case IS NOT NULL AND NOT EXISTS (SELECT FROM public.casework_case WHERE id = p_case) THEN
    PERFORM wall.put('cases', (wall.acting_array('cases') || p_case)::text);
    PERFORM wall.put('writable', (wall.acting_array('writable') || p_case)::text);
  END IF;
  IF p_client IS NOT NULL AND NOT EXISTS (SELECT FROM public.casework_client WHERE id = p_client) THEN
    PERFORM wall.put('clients', (wall.acting_array('clients') || p_client)::text);
    PERFORM wall.put('writable_clients', (wall.acting_array('writable_clients') || p_client)::text);
  END IF;
END
$$;

-- Whether the acting person sees this case: for rows that name a case and no service. A function, because a question inside
-- a policy is planned with each statement that reads the table, and nearly all of those are about one's own rows.
CREATE OR REPLACE FUNCTION wall.sees(p_case uuid) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET plan_cache_mode = force_generic_plan AS $$
DECLARE
  v_service uuid := wall.acting_service();
  v_all_but uuid[] := wall.acting_array('all_but');
  v_cases uuid[] := wall.acting_array('cases');
BEGIN
  RETURN EXISTS (SELECT FROM public.casework_case c WHERE c.id = p_case AND c.service_id = v_service
                 AND (c.id <> ALL (v_all_but) OR c.id = ANY (v_cases)));
END
$$;

-- Acts for whoever holds a secret link, by the hash of its token: for the one case behind it, as the service's intake.
-- `status` reads, `answer` also writes. Returns the service, and nothing where there is no such link.
CREATE OR REPLACE FUNCTION wall.act_by_link(p_kind text, p_token_hash text, p_at timestamptz, OUT service uuid, OUT before text[])
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_case uuid; v_client uuid; v_user uuid;
BEGIN
  before := wall.nobody();
  IF p_kind = 'status' THEN
    SELECT l.case_id INTO v_case FROM public.referrals_statuslink l WHERE l.token_hash = p_token_hash AND l.expires_at > p_at;
  ELSIF p_kind = 'answer' THEN
    SELECT r.case_id INTO v_case FROM public.referrals_informationrequest r WHERE r.token_hash = p_token_hash;
  END IF;
  SELECT c.service_id, c.client_id INTO service, v_client FROM public.casework_case c WHERE c.id = v_case;
  IF service IS NULL THEN
    RETURN;
  END IF;
  SELECT u.id INTO v_user FROM public.accounts_user u WHERE u.is_system AND u.email = 'intake@system.invalid';
  PERFORM wall.fix(v_user, service, '', ARRAY[v_case], CASE p_kind WHEN 'answer' THEN ARRAY[v_case] END,
                   ARRAY[v_client], NULL, NULL, NULL);
END
$$;

-- The key of the case with this reference for whoever may open it in an emergency; NULL where there is none for them.
CREATE OR REPLACE FUNCTION wall.case_behind_glass(p_reference text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.id FROM public.casework_case c
  WHERE c.reference = p_reference AND c.service_id = wall.acting_service() AND wall.acting_may('b')
    AND c.id <> ALL (wall.acting_array('denied'))
$$;

-- Whether no case of any service has this reference.
CREATE OR REPLACE FUNCTION wall.reference_is_free(p_reference text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT NOT EXISTS (SELECT FROM public.casework_case c WHERE c.reference = p_reference)
$$;

-- Numbers of the acting person's service that name nobody: open cases by worker, stage and complexity, and how many
-- are near trial. Whoever is walled off from a case still counts it in its worker's load.
CREATE OR REPLACE FUNCTION wall.carried(p_stages text[], p_from date, p_to date)
RETURNS TABLE (lead_isva uuid, stage text, complexity text, cases bigint, near bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.lead_isva_id, c.stage::text, c.complexity::text, count(*),
         count(*) FILTER (WHERE c.trial_on BETWEEN p_from AND p_to)
  FROM public.casework_case c
  WHERE c.service_id = wall.acting_service() AND c.stage = ANY (p_stages) AND c.lead_isva_id IS NOT NULL
  GROUP BY 1, 2, 3
$$;

-- Days at court of each worker of the acting person's service in a span of time.
CREATE OR REPLACE FUNCTION wall.court_days(p_mode text, p_from timestamptz, p_to timestamptz)
RETURNS TABLE (worker uuid, days bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT a.worker_id, count(DISTINCT (a.at AT TIME ZONE 'Europe/London')::date)
  FROM public.casework_appointment a
  WHERE a.service_id = wall.acting_service() AND a.mode = p_mode AND a.cancelled_at IS NULL
    AND a.at >= p_from AND a.at < p_to
  GROUP BY 1
$$;
