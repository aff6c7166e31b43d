BEGIN TRANSACTION;
CREATE TABLE access_grant (grant_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
        person_id INTEGER NOT NULL REFERENCES person (person_id) ON DELETE CASCADE, access TEXT NOT NULL,
        given_by INTEGER, given_utc INTEGER NOT NULL, until_date INTEGER, ended_utc INTEGER,
        is_confirmed INTEGER NOT NULL DEFAULT 1) STRICT;
CREATE TABLE access_log (entry_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, at_utc INTEGER NOT NULL,
        alias TEXT, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT, previous_digest TEXT NOT NULL,
        digest TEXT NOT NULL) STRICT;
CREATE TABLE access_log_head (name TEXT NOT NULL, entries INTEGER NOT NULL, digest TEXT NOT NULL DEFAULT '', PRIMARY KEY (name)) STRICT;
CREATE TABLE activity (
  activity_id TEXT NOT NULL,
  athlete_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  fetched_utc INTEGER NOT NULL,
  start_utc INTEGER NOT NULL,
  timezone TEXT,
  utc_offset_s INTEGER,
  local_date INTEGER NOT NULL,
  sport TEXT NOT NULL,
  is_indoor INTEGER,
  name TEXT,
  distance_m REAL,
  moving_s REAL,
  elapsed_s REAL,
  ascent_m REAL,
  descent_m REAL,
  ascent_device_m REAL,
  descent_device_m REAL,
  cadence_spm REAL,
  heart_rate_bpm REAL,
  max_heart_rate_bpm REAL,
  max_speed_mps REAL,
  perceived_exertion_0_10 REAL,
  shoe_id TEXT,
  device TEXT,
  file_name TEXT,
  file_hash TEXT,
  sample_rows INTEGER,
  flags TEXT, feel_0_100 REAL, contact_left_pct REAL, impact_m REAL, name_changed_utc INTEGER, shoe_changed_utc INTEGER,
  PRIMARY KEY (athlete_id, source, source_id),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
INSERT INTO "activity" VALUES('fd567fc893b4ced2',1,'file','r0',1767225600000000,1767225600000000,NULL,NULL,20454,'Run',NULL,NULL,10000.0,3000.0,3100.0,40.0,40.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "activity" VALUES('73c93a3bff712c6f',1,'file','r1',1767225600000000,1767312000000000,NULL,NULL,20455,'Run',NULL,NULL,10000.0,3000.0,3100.0,40.0,40.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "activity" VALUES('b048afc191c3c55a',1,'file','r2',1767225600000000,1767398400000000,NULL,NULL,20456,'Run',NULL,NULL,10000.0,3000.0,3100.0,40.0,40.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "activity" VALUES('b8253561e80d1997',1,'file','r3',1767225600000000,1767484800000000,NULL,NULL,20457,'Run',NULL,NULL,10000.0,3000.0,3100.0,40.0,40.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "activity" VALUES('42c27649d6605b34',1,'file','r4',1767225600000000,1767571200000000,NULL,NULL,20458,'Run',NULL,NULL,10000.0,3000.0,3100.0,40.0,40.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE answer (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, question TEXT NOT NULL, question_id TEXT NOT NULL, answer TEXT NOT NULL, from_date INTEGER,
        to_date INTEGER, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE bookmark (
            athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
            name TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (athlete_id, name)) STRICT;
CREATE TABLE claim_code (claim_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, code_digest TEXT NOT NULL,
        athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, made_by INTEGER, made_utc INTEGER NOT NULL, initials TEXT, birth_year INTEGER,
        tries INTEGER NOT NULL DEFAULT 0, claimed_by INTEGER, claimed_utc INTEGER, undone_utc INTEGER,
        UNIQUE (code_digest)) STRICT;
CREATE TABLE device (device_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, name TEXT NOT NULL,
        scope TEXT NOT NULL, version INTEGER NOT NULL, paired_utc INTEGER NOT NULL, seen_utc INTEGER NOT NULL,
        is_tls INTEGER NOT NULL, address TEXT, ended_utc INTEGER) STRICT;
CREATE TABLE device_cookie (digest TEXT NOT NULL, athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, device_id INTEGER NOT NULL, jar TEXT NOT NULL,
        is_tls INTEGER NOT NULL, made_utc INTEGER NOT NULL, seen_utc INTEGER, settled_utc INTEGER,
        superseded_utc INTEGER, PRIMARY KEY (digest)) STRICT;
CREATE TABLE edit (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, batch_id TEXT NOT NULL, record TEXT NOT NULL, record_id TEXT NOT NULL, field TEXT NOT NULL,
        value TEXT, decided_by TEXT NOT NULL, reason TEXT, is_undone INTEGER NOT NULL, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE episode (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, from_date INTEGER, from_earliest_date INTEGER, to_date INTEGER, body_part TEXT NOT NULL, side TEXT,
        known_by TEXT NOT NULL, note TEXT, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE event (
  athlete_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  fetched_utc INTEGER NOT NULL,
  date INTEGER NOT NULL,
  kind TEXT NOT NULL,
  note TEXT, end_date INTEGER,
  PRIMARY KEY (athlete_id, source, source_id),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
INSERT INTO "event" VALUES(1,'manual','e',1767225600000000,20454,'race',NULL,NULL);
CREATE TABLE file_move (move_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
        origin TEXT, target TEXT NOT NULL) STRICT;
CREATE TABLE guardrail (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, name TEXT NOT NULL, value REAL, is_on INTEGER NOT NULL, decided_by TEXT NOT NULL, note TEXT, measure TEXT, from_date INTEGER, until_date INTEGER, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE import_batch (import_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
        started_utc INTEGER NOT NULL, finished_utc INTEGER, taken_back_utc INTEGER,
        is_swept INTEGER NOT NULL DEFAULT 0, account TEXT, result TEXT) STRICT;
CREATE TABLE import_file (athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, import_id INTEGER NOT NULL, digest TEXT NOT NULL, name TEXT NOT NULL,
        PRIMARY KEY (import_id, digest)) STRICT;
CREATE TABLE import_row (athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, contract TEXT NOT NULL, source TEXT NOT NULL, source_id TEXT NOT NULL,
        import_id INTEGER NOT NULL, change TEXT NOT NULL, before TEXT, after TEXT NOT NULL, samples TEXT,
        PRIMARY KEY (athlete_id, contract, source, source_id, import_id)) STRICT;
CREATE TABLE intake (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, date INTEGER NOT NULL, topic TEXT NOT NULL, answer TEXT, on_date INTEGER, years REAL,
        decided_by TEXT NOT NULL, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE job (
  job_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  athlete_id INTEGER NOT NULL,
  kind TEXT NOT NULL,
  started_utc INTEGER NOT NULL,
  seen_utc INTEGER NOT NULL,
  finished_utc INTEGER,
  done INTEGER NOT NULL,
  total INTEGER,
  message TEXT,
  result TEXT,
  error TEXT,
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE ladder (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, step INTEGER NOT NULL, walk_s REAL, run_s REAL, rounds INTEGER, rest_days INTEGER,
        done_on INTEGER, decided_by TEXT NOT NULL, note TEXT, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE lease (name TEXT NOT NULL, holder TEXT NOT NULL, until_utc INTEGER NOT NULL, PRIMARY KEY (name)) STRICT;
CREATE TABLE logout_token (token_digest TEXT NOT NULL, until_utc INTEGER NOT NULL,
        PRIMARY KEY (token_digest)) STRICT;
CREATE TABLE machine_setting (name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (name)) STRICT;
CREATE TABLE "match" (
  athlete_id INTEGER NOT NULL,
  activity_id TEXT NOT NULL,
  same_as TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  is_same INTEGER NOT NULL,
  decided_utc INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, activity_id, same_as),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE migration (
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  applied_utc INTEGER NOT NULL,
  PRIMARY KEY (number)
)
 STRICT;
INSERT INTO "migration" VALUES(1,'first_tables',0);
INSERT INTO "migration" VALUES(2,'add_bookmarks',0);
INSERT INTO "migration" VALUES(3,'add_onsets',0);
INSERT INTO "migration" VALUES(4,'add_manual_tables',0);
INSERT INTO "migration" VALUES(5,'record_imports',0);
INSERT INTO "migration" VALUES(6,'add_feel',0);
INSERT INTO "migration" VALUES(7,'add_contact_balance',0);
INSERT INTO "migration" VALUES(8,'add_onset_of_opinion',0);
INSERT INTO "migration" VALUES(9,'add_episodes_and_intake',0);
INSERT INTO "migration" VALUES(10,'add_labels',0);
INSERT INTO "migration" VALUES(11,'add_limit_ends',0);
INSERT INTO "migration" VALUES(12,'add_statements',0);
INSERT INTO "migration" VALUES(13,'add_impact',0);
INSERT INTO "migration" VALUES(14,'add_digests',0);
INSERT INTO "migration" VALUES(15,'add_change_times',0);
INSERT INTO "migration" VALUES(16,'add_devices',0);
INSERT INTO "migration" VALUES(17,'add_phone_entries',0);
INSERT INTO "migration" VALUES(18,'add_clinic',0);
CREATE TABLE onset (
            athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
            source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL,
            onset_rule_date INTEGER, onset_person_date INTEGER, decided_by TEXT NOT NULL,
            PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE pairing (pairing_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, kind TEXT NOT NULL,
        scope TEXT NOT NULL, device_id INTEGER, secret_digest TEXT, code_digest TEXT, state TEXT NOT NULL,
        changed_utc INTEGER NOT NULL, phone_name TEXT, number TEXT, ticket_digest TEXT, jar TEXT) STRICT;
CREATE TABLE pairing_try (try_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, tried_utc INTEGER NOT NULL,
        is_code INTEGER NOT NULL) STRICT;
CREATE TABLE person (person_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, issuer TEXT NOT NULL,
        subject TEXT NOT NULL, display_name TEXT, group_names TEXT NOT NULL DEFAULT '[]',
        is_therapist INTEGER NOT NULL DEFAULT 0, is_admin INTEGER NOT NULL DEFAULT 0,
        version INTEGER NOT NULL DEFAULT 1, added_utc INTEGER NOT NULL, seen_utc INTEGER, removed_utc INTEGER,
        CONSTRAINT person_of_issuer UNIQUE (issuer, subject)) STRICT;
CREATE TABLE person_session (session_digest TEXT NOT NULL,
        person_id INTEGER NOT NULL REFERENCES person (person_id) ON DELETE CASCADE, provider_session TEXT,
        made_utc INTEGER NOT NULL, acted_utc INTEGER NOT NULL, ends_utc INTEGER NOT NULL, ended_utc INTEGER,
        PRIMARY KEY (session_digest)) STRICT;
CREATE TABLE phone_entry (athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, entry_id TEXT NOT NULL, device_id INTEGER, kind TEXT NOT NULL,
            date INTEGER NOT NULL, tapped_utc INTEGER NOT NULL, received_utc INTEGER NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (athlete_id, entry_id)) STRICT;
CREATE TABLE plan (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, date INTEGER NOT NULL, span TEXT NOT NULL, distance_m REAL, fast_s REAL, ascent_m REAL,
        descent_m REAL, runs INTEGER, longest_m REAL, shoe_id TEXT, ladder_step INTEGER, note TEXT, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE programme (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, programme TEXT NOT NULL, start_date INTEGER NOT NULL, week_from INTEGER NOT NULL,
        week_to INTEGER NOT NULL, exercise TEXT NOT NULL, kind TEXT, knee TEXT, sets INTEGER, repetitions INTEGER,
        load_kg REAL, hold_s REAL, tempo TEXT, times_per_week REAL, decided_by TEXT NOT NULL, note TEXT, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE runner (
  athlete_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  is_demo INTEGER NOT NULL, is_archived INTEGER NOT NULL DEFAULT 0, label TEXT,
  UNIQUE (name)
)
 STRICT;
INSERT INTO "runner" VALUES(1,'Placeholder',0,0,'P');
CREATE TABLE runner_alias (athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, alias TEXT NOT NULL, PRIMARY KEY (athlete_id), UNIQUE (alias)) STRICT;
CREATE TABLE runner_summary (
            athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
            made_utc INTEGER NOT NULL, fingerprint TEXT NOT NULL, value TEXT NOT NULL,
            PRIMARY KEY (athlete_id)) STRICT;
CREATE TABLE sample_file (athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, path TEXT NOT NULL, object_name TEXT NOT NULL, digest TEXT NOT NULL,
        byte_count INTEGER NOT NULL, PRIMARY KEY (athlete_id, path)) STRICT;
CREATE TABLE setting (
  athlete_id INTEGER NOT NULL,
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (athlete_id, name),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE shoe (
  shoe_id TEXT NOT NULL,
  athlete_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  fetched_utc INTEGER NOT NULL,
  name TEXT NOT NULL,
  brand TEXT,
  model TEXT,
  is_retired INTEGER,
  PRIMARY KEY (athlete_id, source, source_id),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE shoe_fact (
  shoe_id TEXT NOT NULL,
  athlete_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  fetched_utc INTEGER NOT NULL,
  kind TEXT,
  drop_mm REAL,
  is_plated INTEGER,
  PRIMARY KEY (athlete_id, source, source_id),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE sign_in (state_digest TEXT NOT NULL, browser_digest TEXT NOT NULL, nonce TEXT NOT NULL,
        code_verifier TEXT NOT NULL, return_to TEXT NOT NULL, begun_utc INTEGER NOT NULL,
        PRIMARY KEY (state_digest)) STRICT;
CREATE TABLE statement (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, date INTEGER NOT NULL, activity_id TEXT, text TEXT NOT NULL, body_part TEXT NOT NULL, side TEXT,
        kind TEXT NOT NULL, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE strength (
  athlete_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  fetched_utc INTEGER NOT NULL,
  date INTEGER NOT NULL,
  exercise TEXT NOT NULL,
  side TEXT,
  set_number INTEGER NOT NULL,
  repetitions INTEGER,
  load_kg REAL,
  hold_s REAL,
  tempo TEXT,
  note TEXT, kind TEXT, knee TEXT, pain_0_10 REAL,
  PRIMARY KEY (athlete_id, source, source_id),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
INSERT INTO "strength" VALUES(1,'manual','w',1767225600000000,20454,'calf raise',NULL,1,15,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE symptom (
  athlete_id INTEGER NOT NULL,
  source TEXT NOT NULL,
  source_id TEXT NOT NULL,
  fetched_utc INTEGER NOT NULL,
  date INTEGER NOT NULL,
  side TEXT,
  site TEXT,
  morning_stiffness_0_10 REAL,
  morning_stiffness_min REAL,
  morning_pain_0_10 REAL,
  pain_during_0_10 REAL,
  pain_after_0_10 REAL,
  note TEXT, morning_stiffness_band TEXT, pain_start_0_10 REAL, warmed_up INTEGER, is_same_as_before INTEGER,
  PRIMARY KEY (athlete_id, source, source_id),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
INSERT INTO "symptom" VALUES(1,'manual','s0',1767225600000000,20454,'left',NULL,NULL,NULL,2.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "symptom" VALUES(1,'manual','s1',1767225600000000,20455,'left',NULL,NULL,NULL,2.0,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE table_digest (athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE, contract TEXT NOT NULL, period TEXT NOT NULL,
            row_count INTEGER NOT NULL, digest TEXT NOT NULL, is_doubted INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (athlete_id, contract, period)) STRICT;
CREATE TABLE test_result (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, date INTEGER NOT NULL, measure TEXT NOT NULL, side TEXT, value REAL NOT NULL,
        decided_by TEXT NOT NULL, note TEXT, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE TABLE version (
  athlete_id INTEGER NOT NULL,
  contract TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (athlete_id, contract),
  FOREIGN KEY(athlete_id) REFERENCES runner (athlete_id) ON DELETE CASCADE
)
 STRICT;
CREATE TABLE visit (
    athlete_id INTEGER NOT NULL REFERENCES runner (athlete_id) ON DELETE CASCADE,
    source TEXT NOT NULL, source_id TEXT NOT NULL, fetched_utc INTEGER NOT NULL, date INTEGER NOT NULL, topic TEXT NOT NULL, subject TEXT, opinion TEXT, on_date INTEGER, note TEXT, onset_id TEXT, PRIMARY KEY (athlete_id, source, source_id)) STRICT;
CREATE INDEX import_row_of_import ON import_row (import_id);
CREATE UNIQUE INDEX runner_label ON runner (label);
CREATE INDEX device_cookie_of_jar ON device_cookie (jar);
CREATE INDEX person_session_of_person ON person_session (person_id);
CREATE INDEX access_grant_of_person ON access_grant (person_id);
CREATE INDEX access_grant_of_runner ON access_grant (athlete_id);
CREATE INDEX access_log_of_alias ON access_log (alias);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('runner',1);
COMMIT;
