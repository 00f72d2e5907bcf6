function add_hub_program() 92c0f2755e8f4ff0e7431cb4d23b8d122ebe23050a9d1cdc3a12e951441d743c
table api_keys
  id text not null
  application_id uuid
  name text not null default ''::text
  secret_hash bytea not null
  scopes text[] not null
  programs text[] not null default '{}'::text[]
  is_demo boolean not null default false
  created_at timestamp with time zone not null default now()
  expires_at timestamp with time zone
  revoked_at timestamp with time zone
  last_used_at timestamp with time zone
  constraint api_keys_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint api_keys_pkey PRIMARY KEY (id)
  CREATE INDEX api_keys_application_idx ON public.api_keys USING btree (application_id, id)
function append_events(input json) e56dd448fcd761e56c21449d152e60da49c24d6f682df8666392541eceab9309
table applications
  id uuid not null
  name text not null
  created_at timestamp with time zone not null default now()
  number integer not null identity
  constraint applications_name_key UNIQUE (name)
  constraint applications_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255)))
  constraint applications_number_key UNIQUE (number)
  constraint applications_pkey PRIMARY KEY (id)
  CREATE TRIGGER applications_hub_program AFTER INSERT ON public.applications FOR EACH ROW EXECUTE FUNCTION add_hub_program()
table assignments
  id bigint not null identity
  learning_object_id bigint not null
  model text not null
  reviewer text not null
  status text not null default 'Pending'::text
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint assignments_learning_object_fkey FOREIGN KEY (learning_object_id) REFERENCES learning_objects(id) ON DELETE CASCADE
  constraint assignments_pkey PRIMARY KEY (id)
  constraint assignments_status_check CHECK ((status = ANY (ARRAY['Pending'::text, 'Completed'::text, 'Rejected'::text])))
  CREATE INDEX assignments_learning_object_idx ON public.assignments USING btree (learning_object_id, id)
  CREATE UNIQUE INDEX assignments_pending_key ON public.assignments USING btree (learning_object_id, model, reviewer) WHERE (status = 'Pending'::text)
table blobs
  key text not null
  sha256 bytea not null
  size bigint not null
  created_at timestamp with time zone not null default now()
  released_at timestamp with time zone
  constraint blobs_pkey PRIMARY KEY (key)
  constraint blobs_sha256_key UNIQUE (sha256)
  CREATE INDEX blobs_released_idx ON public.blobs USING btree (released_at) WHERE (released_at IS NOT NULL)
table caliper_entities
  application_id uuid not null
  entity_key text not null
  type text not null
  sensor text not null
  data json not null
  changed_at timestamp with time zone not null default now()
  constraint caliper_entities_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint caliper_entities_pkey PRIMARY KEY (application_id, entity_key)
table caliper_envelopes
  received_at timestamp with time zone not null
  envelope_id uuid not null
  application_id uuid not null
  send_time timestamp with time zone not null
  sensor text not null
  data bytea not null
  constraint caliper_envelopes_pkey PRIMARY KEY (received_at, envelope_id)
table caliper_event_ids
  application_id uuid not null
  event_id uuid not null
  event_time timestamp with time zone not null
  received_at timestamp with time zone not null
  constraint caliper_event_ids_pkey PRIMARY KEY (application_id, event_id)
table caliper_events
  application_id uuid not null
  event_id uuid not null
  event_time timestamp with time zone not null
  received_at timestamp with time zone not null
  envelope_id uuid not null
  start integer not null
  length integer not null
  sensor_key bigint not null
  actor_key bigint not null
  email_key bigint
  CREATE INDEX caliper_events_actor_idx ON ONLY public.caliper_events USING btree (actor_key, event_time, event_id)
  CREATE INDEX caliper_events_email_idx ON ONLY public.caliper_events USING btree (email_key, event_time, event_id) WHERE (email_key IS NOT NULL)
  CREATE INDEX caliper_events_sensor_idx ON ONLY public.caliper_events USING btree (sensor_key, event_time, event_id)
  CREATE INDEX caliper_events_time_idx ON ONLY public.caliper_events USING btree (application_id, event_time, event_id)
table caliper_totals
  application_id uuid not null
  learner text not null
  course_id text not null
  day date not null
  xp numeric not null default 0
  total_questions numeric not null default 0
  correct_questions numeric not null default 0
  mastered_units numeric not null default 0
  active_seconds numeric not null default 0
  inactive_seconds numeric not null default 0
  waste_seconds numeric not null default 0
  unknown_seconds numeric not null default 0
  anti_pattern_seconds numeric not null default 0
  constraint caliper_totals_pkey PRIMARY KEY (application_id, learner, course_id, day)
  CREATE INDEX caliper_totals_course_idx ON public.caliper_totals USING btree (application_id, course_id, learner, day)
table completion_courses
  application_id uuid not null
  foreign_id text not null
  course_id text not null
  constraint completion_courses_lengths CHECK ((((length(foreign_id) >= 1) AND (length(foreign_id) <= 255)) AND ((length(course_id) >= 1) AND (length(course_id) <= 255))))
  constraint completion_courses_mapping_fkey FOREIGN KEY (application_id) REFERENCES completion_mappings(application_id) ON DELETE CASCADE
  constraint completion_courses_pkey PRIMARY KEY (application_id, foreign_id)
table completion_mappings
  application_id uuid not null
  settings jsonb not null default '{}'::jsonb
  version integer not null default 0
  constraint completion_mappings_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint completion_mappings_pkey PRIMARY KEY (application_id)
table completion_queue
  id bigint not null identity
  application_id uuid not null
  door text not null
  event_id text not null
  email text
  learner text
  course text not null
  completed_at timestamp with time zone not null
  failed_at timestamp with time zone
  constraint completion_queue_pkey PRIMARY KEY (id)
  CREATE INDEX completion_queue_application_idx ON public.completion_queue USING btree (application_id, id) WHERE (failed_at IS NULL)
table completions
  id bigint not null identity
  application_id uuid not null
  learner_id bigint
  email text
  uid text
  short_uid text
  course_id text not null
  completed_at timestamp(3) with time zone not null
  received_at timestamp(3) with time zone not null
  door text not null
  source_id text not null
  constraint completions_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint completions_door_check CHECK ((door = ANY (ARRAY['caliper'::text, 'events'::text, 'launch'::text, 'hub'::text])))
  constraint completions_identity_check CHECK (((learner_id IS NOT NULL) OR (email IS NOT NULL) OR (uid IS NOT NULL)))
  constraint completions_learner_fkey FOREIGN KEY (learner_id) REFERENCES learners(id) ON DELETE CASCADE
  constraint completions_pkey PRIMARY KEY (id)
  constraint completions_source_key UNIQUE (application_id, door, source_id)
  CREATE INDEX completions_email_idx ON public.completions USING btree (application_id, email) WHERE ((learner_id IS NULL) AND (email IS NOT NULL))
  CREATE INDEX completions_learner_idx ON public.completions USING btree (learner_id, course_id, completed_at) WHERE (learner_id IS NOT NULL)
  CREATE INDEX completions_short_uid_idx ON public.completions USING btree (application_id, short_uid) WHERE ((learner_id IS NULL) AND (short_uid IS NOT NULL))
  CREATE INDEX completions_uid_idx ON public.completions USING btree (application_id, uid) WHERE ((learner_id IS NULL) AND (uid IS NOT NULL))
table configuration_settings
  id bigint not null identity
  application_id uuid
  learning_standard text not null default ''::text
  course_id uuid
  version_id uuid
  setting_id text not null
  value text not null
  constraint configuration_settings_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint configuration_settings_application_key UNIQUE (application_id, learning_standard, setting_id)
  constraint configuration_settings_course_fkey FOREIGN KEY (course_id) REFERENCES courses(id) ON DELETE CASCADE
  constraint configuration_settings_course_key UNIQUE (course_id, setting_id)
  constraint configuration_settings_owner CHECK ((num_nonnulls(application_id, course_id, version_id) = 1))
  constraint configuration_settings_pkey PRIMARY KEY (id)
  constraint configuration_settings_standard CHECK (((learning_standard = ''::text) OR (application_id IS NOT NULL)))
  constraint configuration_settings_version_fkey FOREIGN KEY (version_id) REFERENCES course_versions(id) ON DELETE CASCADE
  constraint configuration_settings_version_key UNIQUE (version_id, setting_id)
table course_assets
  version_id uuid not null
  path text not null
  from_revision integer not null
  to_revision integer
  blob_key text
  size bigint
  created_at timestamp with time zone not null default now()
  constraint course_assets_blob_fkey FOREIGN KEY (blob_key) REFERENCES blobs(key)
  constraint course_assets_pkey PRIMARY KEY (version_id, path, from_revision)
  constraint course_assets_revision_fkey FOREIGN KEY (version_id, from_revision) REFERENCES course_revisions(version_id, number) ON DELETE CASCADE
  constraint course_assets_revisions_check CHECK ((from_revision < to_revision))
  constraint course_assets_size_check CHECK (((blob_key IS NULL) = (size IS NULL)))
  CREATE INDEX course_assets_blob_idx ON public.course_assets USING btree (blob_key) WHERE (blob_key IS NOT NULL)
  CREATE UNIQUE INDEX course_assets_current_key ON public.course_assets USING btree (version_id, path) WHERE (to_revision IS NULL)
table course_revisions
  version_id uuid not null
  number integer not null
  package_key text
  file_key text
  file_name text
  file_type text
  created_at timestamp with time zone not null default now()
  constraint course_revisions_file_fkey FOREIGN KEY (file_key) REFERENCES blobs(key)
  constraint course_revisions_package_fkey FOREIGN KEY (package_key) REFERENCES packages(blob_key)
  constraint course_revisions_pkey PRIMARY KEY (version_id, number)
  constraint course_revisions_version_fkey FOREIGN KEY (version_id) REFERENCES course_versions(id) ON DELETE CASCADE
  CREATE INDEX course_revisions_file_idx ON public.course_revisions USING btree (file_key)
  CREATE INDEX course_revisions_package_idx ON public.course_revisions USING btree (package_key)
table course_versions
  id uuid not null
  course_id uuid not null
  version integer not null
  title text not null
  learning_standard text not null
  xapi_activity_id text not null
  identifier text not null
  metadata jsonb not null
  languages text[] not null
  structure jsonb not null
  revision integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint course_versions_course_fkey FOREIGN KEY (course_id) REFERENCES courses(id) ON DELETE CASCADE
  constraint course_versions_pkey PRIMARY KEY (id)
  constraint course_versions_version_key UNIQUE (course_id, version)
table courses
  id uuid not null
  application_id uuid not null
  course_id text not null
  title text not null
  tags text[] not null default '{}'::text[]
  latest_version integer not null default 0
  next_version integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  deleted_at timestamp with time zone
  tags_text text not null default ''::text
  constraint courses_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id)
  constraint courses_course_id_length CHECK (((length(course_id) >= 1) AND (length(course_id) <= 255)))
  constraint courses_pkey PRIMARY KEY (id)
  CREATE INDEX courses_course_id_search_idx ON public.courses USING gin (application_id, course_id gin_trgm_ops) WHERE (deleted_at IS NULL)
  CREATE INDEX courses_created_idx ON public.courses USING btree (application_id, created_at, id) WHERE (deleted_at IS NULL)
  CREATE INDEX courses_tags_idx ON public.courses USING gin (application_id, tags) WHERE (deleted_at IS NULL)
  CREATE INDEX courses_tags_search_idx ON public.courses USING gin (application_id, tags_text gin_trgm_ops) WHERE (deleted_at IS NULL)
  CREATE INDEX courses_title_idx ON public.courses USING btree (application_id, title, id) WHERE (deleted_at IS NULL)
  CREATE INDEX courses_title_search_idx ON public.courses USING gin (application_id, title gin_trgm_ops) WHERE (deleted_at IS NULL)
  CREATE INDEX courses_updated_idx ON public.courses USING btree (application_id, updated_at, id) WHERE (deleted_at IS NULL)
  CREATE UNIQUE INDEX courses_course_id_key ON public.courses USING btree (application_id, course_id) WHERE (deleted_at IS NULL)
function delete_enrollment_items() 1635a58da2a389b67130d2bc3e7302b0aa6a837d20bc933876d771f7cb93ced1
table deliveries
  id uuid not null
  position bigint not null identity
  endpoint_id uuid not null
  shard smallint not null
  subject_kind text not null
  subject_id text not null
  url bytea
  payload text
  state text not null default 'pending'::text
  attempts integer not null default 0
  lease_token bigint not null default 0
  created_at timestamp with time zone not null default now()
  first_attempt_at timestamp with time zone
  next_attempt_at timestamp with time zone
  finished_at timestamp with time zone
  application_id uuid not null
  replayed_after integer
  constraint deliveries_endpoint_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id) ON DELETE CASCADE
  constraint deliveries_finished_check CHECK (((state = ANY (ARRAY['pending'::text, 'blocked'::text, 'retrying'::text])) = (finished_at IS NULL)))
  constraint deliveries_pkey PRIMARY KEY (id)
  constraint deliveries_retrying_check CHECK (((state = 'retrying'::text) = (next_attempt_at IS NOT NULL)))
  constraint deliveries_state_check CHECK ((state = ANY (ARRAY['pending'::text, 'blocked'::text, 'retrying'::text, 'delivered'::text, 'dead'::text, 'cancelled'::text])))
  CREATE INDEX deliveries_application_idx ON public.deliveries USING btree (application_id, id)
  CREATE INDEX deliveries_due_idx ON public.deliveries USING btree (shard, endpoint_id, "position") WHERE (state = 'pending'::text)
  CREATE INDEX deliveries_endpoint_idx ON public.deliveries USING btree (endpoint_id, id)
  CREATE INDEX deliveries_order_idx ON public.deliveries USING btree (endpoint_id, subject_kind, subject_id, "position") WHERE ((finished_at IS NULL) AND (replayed_after IS NULL))
  CREATE INDEX deliveries_retrying_idx ON public.deliveries USING btree (endpoint_id, next_attempt_at) WHERE (state = 'retrying'::text)
  CREATE INDEX deliveries_state_idx ON public.deliveries USING btree (application_id, state, id) WHERE (state <> 'delivered'::text)
  CREATE INDEX deliveries_subject_idx ON public.deliveries USING btree (subject_id, id)
table delivery_attempts
  delivery_id uuid not null
  number integer not null
  attempted_at timestamp with time zone not null
  status smallint
  latency_ms integer not null
  answer text
  error text
  request text
  constraint delivery_attempts_delivery_fkey FOREIGN KEY (delivery_id) REFERENCES deliveries(id) ON DELETE CASCADE
  constraint delivery_attempts_outcome_check CHECK (((status IS NULL) = (error IS NOT NULL)))
  constraint delivery_attempts_pkey PRIMARY KEY (delivery_id, number)
table delivery_leases
  shard smallint not null
  token bigint not null default 0
  expires_at timestamp with time zone not null default '-infinity'::timestamp with time zone
  constraint delivery_leases_pkey PRIMARY KEY (shard)
  constraint delivery_leases_shard_check CHECK (((shard >= 0) AND (shard <= 7)))
table endpoints
  id uuid not null
  application_id uuid not null
  dialect text not null
  origin text not null
  signing_secret bytea not null
  slots smallint not null default 10
  shard smallint not null default (get_byte(uuid_send(id), 15) % 8)
  created_at timestamp with time zone not null default now()
  name text not null default ''::text
  url bytea
  username text
  password bytea
  previous_secret bytea
  previous_secret_until timestamp with time zone
  rate integer
  state text not null default 'active'::text
  failures integer not null default 0
  failing_since timestamp with time zone
  last_failure text
  dying boolean not null default false
  probes integer not null default 0
  next_probe_at timestamp with time zone
  held_until timestamp with time zone
  version integer not null default 1
  updated_at timestamp with time zone not null default now()
  constraint endpoints_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint endpoints_dialect_check CHECK ((dialect = ANY (ARRAY['postback'::text, 'loep'::text, 'loep-json'::text, 'events'::text])))
  constraint endpoints_pkey PRIMARY KEY (id)
  constraint endpoints_probe_check CHECK (((state <> ALL (ARRAY['recovering'::text, 'probing'::text])) OR (next_probe_at IS NOT NULL)))
  constraint endpoints_rate_check CHECK (((rate >= 1) AND (rate <= 10000)))
  constraint endpoints_slots_check CHECK (((slots >= 1) AND (slots <= 100)))
  constraint endpoints_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'recovering'::text, 'probing'::text, 'disabled'::text, 'deleted'::text])))
  constraint endpoints_url_check CHECK (((url IS NOT NULL) OR (dialect = 'postback'::text)))
  CREATE INDEX endpoints_application_idx ON public.endpoints USING btree (application_id, id)
  CREATE INDEX endpoints_held_idx ON public.endpoints USING btree (shard, next_probe_at) WHERE (state = ANY (ARRAY['recovering'::text, 'probing'::text]))
  CREATE UNIQUE INDEX endpoints_postback_key ON public.endpoints USING btree (application_id, origin) WHERE (url IS NULL)
table enrollment_history
  id bigint not null identity
  enrollment_id bigint not null
  at timestamp(3) with time zone not null
  type text not null
  detail jsonb not null default '{}'::jsonb
  recorded_at timestamp(3) with time zone not null default now()
  constraint enrollment_history_enrollment_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE CASCADE
  constraint enrollment_history_pkey PRIMARY KEY (enrollment_id, id)
table enrollment_items
  enrollment_id bigint not null
  position smallint not null
  item_id bigint not null
  course_id text
  title text
  requires_approval boolean not null
  due_at timestamp(3) with time zone
  state text not null default 'pending'::text
  completed_at timestamp(3) with time zone
  overdue_told boolean not null default false
  constraint enrollment_items_pkey PRIMARY KEY (enrollment_id, "position")
  constraint enrollment_items_state_check CHECK (((state = ANY (ARRAY['pending'::text, 'complete'::text, 'waived'::text])) AND ((state = 'pending'::text) = (completed_at IS NULL))))
  CREATE INDEX enrollment_items_pending_idx ON public.enrollment_items USING btree (item_id, enrollment_id) WHERE (state = 'pending'::text)
table enrollment_sources
  enrollment_id bigint not null
  group_id bigint
  created_at timestamp(3) with time zone not null default now()
  constraint enrollment_sources_enrollment_fkey FOREIGN KEY (enrollment_id) REFERENCES enrollments(id) ON DELETE CASCADE
  CREATE INDEX enrollment_sources_group_idx ON public.enrollment_sources USING btree (group_id) WHERE (group_id IS NOT NULL)
  CREATE UNIQUE INDEX enrollment_sources_key ON public.enrollment_sources USING btree (enrollment_id, COALESCE(group_id, (0)::bigint))
table enrollments
  id bigint not null identity
  application_id uuid not null
  program_id bigint not null
  learner_id bigint not null
  previous_id bigint
  settings jsonb not null
  counts_from timestamp(3) with time zone
  state text not null
  created_at timestamp(3) with time zone not null
  updated_at timestamp(3) with time zone not null
  end_at timestamp(3) with time zone
  expires_at timestamp(3) with time zone
  completed_at timestamp(3) with time zone
  overdue_at timestamp(3) with time zone
  expired_at timestamp(3) with time zone
  superseded_at timestamp(3) with time zone
  deleted_at timestamp(3) with time zone
  presence text not null default 
CASE
    WHEN (deleted_at IS NOT NULL) THEN 'deleted'::text
    WHEN (superseded_at IS NOT NULL) THEN 'superseded'::text
    ELSE 'live'::text
END
  reminders_left smallint[] not null default '{}'::smallint[]
  current_item_index smallint not null
  total_items smallint not null
  pending_approvals smallint not null
  progress smallint not null
  course_due_at timestamp(3) with time zone
  renew_at timestamp(3) with time zone
  next_wake_at timestamp(3) with time zone
  next_wake_for text
  sort_name text not null
  search_text text not null
  constraint enrollments_learner_fkey FOREIGN KEY (learner_id) REFERENCES learners(id) ON DELETE CASCADE
  constraint enrollments_pkey PRIMARY KEY (id)
  constraint enrollments_program_fkey FOREIGN KEY (program_id) REFERENCES programs(id) ON DELETE CASCADE
  constraint enrollments_state_check CHECK (((state = ANY (ARRAY['active'::text, 'complete'::text])) AND ((state = 'complete'::text) = (completed_at IS NOT NULL))))
  constraint enrollments_wake_check CHECK (((next_wake_at IS NULL) = (next_wake_for IS NULL)))
  CREATE INDEX enrollments_course_due_idx ON public.enrollments USING btree (program_id, presence, COALESCE(course_due_at, 'infinity'::timestamp with time zone), id) INCLUDE (course_due_at, search_text, created_at, updated_at, deleted_at, superseded_at)
  CREATE INDEX enrollments_created_idx ON public.enrollments USING btree (program_id, presence, created_at, id) INCLUDE (search_text, updated_at, deleted_at, superseded_at)
  CREATE INDEX enrollments_deleted_idx ON public.enrollments USING btree (program_id, presence, COALESCE(deleted_at, superseded_at), id) INCLUDE (search_text, created_at, updated_at, deleted_at, superseded_at) WHERE (presence <> 'live'::text)
  CREATE INDEX enrollments_due_idx ON public.enrollments USING btree (program_id, presence, COALESCE(end_at, 'infinity'::timestamp with time zone), id) INCLUDE (end_at, search_text, created_at, updated_at, deleted_at, superseded_at)
  CREATE INDEX enrollments_learner_idx ON public.enrollments USING btree (learner_id, program_id, id)
  CREATE INDEX enrollments_name_idx ON public.enrollments USING btree (program_id, presence, sort_name, id) INCLUDE (search_text, created_at, updated_at, deleted_at, superseded_at)
  CREATE INDEX enrollments_progress_idx ON public.enrollments USING btree (program_id, presence, progress, id) INCLUDE (search_text, created_at, updated_at, deleted_at, superseded_at)
  CREATE INDEX enrollments_renew_idx ON public.enrollments USING btree (program_id, presence, COALESCE(renew_at, 'infinity'::timestamp with time zone), id) INCLUDE (renew_at, search_text, created_at, updated_at, deleted_at, superseded_at)
  CREATE INDEX enrollments_search_idx ON public.enrollments USING gin (program_id, search_text gin_trgm_ops) WITH (gin_pending_list_limit='1024')
  CREATE INDEX enrollments_updated_idx ON public.enrollments USING btree (program_id, presence, updated_at, id) INCLUDE (search_text, created_at, deleted_at, superseded_at)
  CREATE INDEX enrollments_wake_idx ON public.enrollments USING btree (next_wake_at) WHERE (next_wake_at IS NOT NULL)
  CREATE UNIQUE INDEX enrollments_live_key ON public.enrollments USING btree (program_id, learner_id) WHERE ((deleted_at IS NULL) AND (superseded_at IS NULL))
  CREATE TRIGGER enrollments_items AFTER DELETE ON public.enrollments REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION delete_enrollment_items()
table evaluations
  id bigint not null identity
  learning_object_id bigint not null
  model text not null
  reviewer text not null
  items smallint[] not null
  texts text[] not null
  comments text
  has_words boolean not null default ((comments IS NOT NULL) OR (array_length(array_remove(texts, NULL::text), 1) IS NOT NULL))
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint evaluations_learning_object_fkey FOREIGN KEY (learning_object_id) REFERENCES learning_objects(id) ON DELETE CASCADE
  constraint evaluations_pkey PRIMARY KEY (id)
  CREATE INDEX evaluations_learning_object_idx ON public.evaluations USING btree (learning_object_id, id)
  CREATE INDEX evaluations_words_idx ON public.evaluations USING btree (learning_object_id, model, id) WHERE has_words
  CREATE UNIQUE INDEX evaluations_reviewer_key ON public.evaluations USING btree (learning_object_id, model, reviewer) WHERE (model <> 'WBLT-S'::text)
table event_feed
  position bigint not null
  event_id text not null
  program_id text not null
  revision integer not null
  previous bigint
  deleted boolean not null
  event_type text not null
  member_id text not null
  starts_at timestamp with time zone not null
  ends_at timestamp with time zone not null
  data json
  reference_id text
  constraint event_feed_pkey PRIMARY KEY ("position")
  CREATE INDEX event_feed_member_idx ON ONLY public.event_feed USING btree (program_id, member_id, "position")
  CREATE INDEX event_feed_program_idx ON ONLY public.event_feed USING btree (program_id, "position")
  CREATE INDEX event_feed_reference_idx ON ONLY public.event_feed USING btree (program_id, reference_id, "position") WHERE (reference_id IS NOT NULL)
  CREATE INDEX event_feed_type_idx ON ONLY public.event_feed USING btree (program_id, event_type, "position")
table event_feed_pruned
  id boolean not null default true
  through bigint not null
  constraint event_feed_pruned_one_row CHECK (id)
  constraint event_feed_pruned_pkey PRIMARY KEY (id)
table event_programs
  id text not null
  application_id uuid not null
  reserved boolean not null default false
  created_at timestamp with time zone not null default now()
  constraint event_programs_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint event_programs_id_length CHECK (((length(id) >= 1) AND (length(id) <= 25)))
  constraint event_programs_pkey PRIMARY KEY (id)
  CREATE INDEX event_programs_application_idx ON public.event_programs USING btree (application_id, id)
table event_subscriptions
  endpoint_id uuid not null
  application_id uuid not null
  programs text[]
  types text[]
  filter jsonb not null default '{}'::jsonb
  position bigint not null
  constraint event_subscriptions_endpoint_fkey FOREIGN KEY (endpoint_id) REFERENCES endpoints(id) ON DELETE CASCADE
  constraint event_subscriptions_pkey PRIMARY KEY (endpoint_id)
  CREATE INDEX event_subscriptions_position_idx ON public.event_subscriptions USING btree ("position")
table event_types
  type text not null
  description text not null default ''::text
  schema json
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint event_types_pkey PRIMARY KEY (type)
  constraint event_types_type_length CHECK (((length(type) >= 1) AND (length(type) <= 50)))
table events
  id text not null
  program_id text not null
  revision integer not null
  position bigint not null
  deleted boolean not null
  hash bytea not null
  constraint events_id_length CHECK (((length(id) >= 1) AND (length(id) <= 200)))
  constraint events_pkey PRIMARY KEY (id)
function feed_positions(programs text[], kind text, value text, after bigint, most integer) 053008204eaca60ece1f9e3fa0b0a0e1eb10c5b217862d7b0ea1e9ea03b08cb0
table hub_events
  id bigint not null identity
  application_id uuid not null
  event_id uuid not null default gen_random_uuid()
  event_type text not null
  member_id text not null
  happened_at timestamp with time zone not null
  data json not null
  constraint hub_events_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint hub_events_pkey PRIMARY KEY (id)
function hub_program(application uuid) f0cda69fa673e6ba5a5ddaee2c0a2853d4353e12b28a3dcd30272211c7cd991b
table import_jobs
  id uuid not null
  application_id uuid not null
  course_id text not null
  may_create_new_version boolean not null
  source text not null
  source_url bytea
  blob_key text
  content_type text
  file_name text
  media_metadata jsonb
  tags text[]
  postback_url bytea
  status text not null default 'RUNNING'::text
  message text not null
  package_key text
  found json
  result json
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  finished_at timestamp with time zone
  constraint import_jobs_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id)
  constraint import_jobs_blob_fkey FOREIGN KEY (blob_key) REFERENCES blobs(key)
  constraint import_jobs_finished_check CHECK (((status = 'RUNNING'::text) = (finished_at IS NULL)))
  constraint import_jobs_message_check CHECK ((message <> ''::text))
  constraint import_jobs_package_fkey FOREIGN KEY (package_key) REFERENCES packages(blob_key)
  constraint import_jobs_pkey PRIMARY KEY (id)
  constraint import_jobs_source_check CHECK ((source = ANY (ARRAY['upload'::text, 'fetch'::text, 'media-reference'::text])))
  constraint import_jobs_status_check CHECK ((status = ANY (ARRAY['RUNNING'::text, 'COMPLETE'::text, 'ERROR'::text])))
  CREATE INDEX import_jobs_blob_idx ON public.import_jobs USING btree (blob_key) WHERE (blob_key IS NOT NULL)
  CREATE INDEX import_jobs_finished_idx ON public.import_jobs USING btree (finished_at) WHERE (finished_at IS NOT NULL)
  CREATE INDEX import_jobs_package_idx ON public.import_jobs USING btree (package_key) WHERE (package_key IS NOT NULL)
  CREATE INDEX import_jobs_running_idx ON public.import_jobs USING btree (updated_at) WHERE (status = 'RUNNING'::text)
  CREATE UNIQUE INDEX import_jobs_new_course_key ON public.import_jobs USING btree (application_id, course_id) WHERE ((status = 'RUNNING'::text) AND (NOT may_create_new_version))
table launches
  id uuid not null
  registration_id uuid not null
  options jsonb not null
  state text not null default 'unopened'::text
  link_expires_at timestamp(3) with time zone not null
  opened_at timestamp(3) with time zone
  last_seen_at timestamp(3) with time zone
  finished_at timestamp(3) with time zone
  finished_by text
  opening integer not null default 0
  commit_opening integer not null default 0
  commit_number integer not null default 0
  created_at timestamp(3) with time zone not null default now()
  constraint launches_finished_by CHECK ((finished_by = ANY (ARRAY['exit'::text, 'timeout'::text])))
  constraint launches_pkey PRIMARY KEY (id)
  constraint launches_registration_fkey FOREIGN KEY (registration_id) REFERENCES registrations(id) ON DELETE CASCADE
  constraint launches_state CHECK ((state = ANY (ARRAY['unopened'::text, 'open'::text, 'finished'::text])))
  CREATE INDEX launches_registration_idx ON public.launches USING btree (registration_id, id)
  CREATE INDEX launches_unopened_idx ON public.launches USING btree (link_expires_at) WHERE (state = 'unopened'::text)
table learner_group_members
  group_id bigint not null
  learner_id bigint not null
  created_at timestamp(3) with time zone not null default now()
  constraint learner_group_members_group_fkey FOREIGN KEY (group_id) REFERENCES learner_groups(id) ON DELETE CASCADE
  constraint learner_group_members_learner_fkey FOREIGN KEY (learner_id) REFERENCES learners(id) ON DELETE CASCADE
  constraint learner_group_members_pkey PRIMARY KEY (group_id, learner_id)
  CREATE INDEX learner_group_members_learner_idx ON public.learner_group_members USING btree (learner_id)
table learner_groups
  id bigint not null identity
  application_id uuid not null
  name text not null
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint learner_groups_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint learner_groups_name_length CHECK (((length(name) >= 1) AND (length(name) <= 255)))
  constraint learner_groups_pkey PRIMARY KEY (id)
  CREATE INDEX learner_groups_application_idx ON public.learner_groups USING btree (application_id, id)
table learners
  id bigint not null identity
  application_id uuid not null
  uid text not null
  email text
  first_name text not null default ''::text
  last_name text not null default ''::text
  avatar_url text
  sort_name text not null
  search_text text not null
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  constraint learners_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint learners_lengths CHECK ((((length(uid) >= 1) AND (length(uid) <= 255)) AND ((length(email) >= 1) AND (length(email) <= 255)) AND (length(first_name) <= 255) AND (length(last_name) <= 255) AND (length(avatar_url) <= 2000)))
  constraint learners_pkey PRIMARY KEY (id)
  CREATE INDEX learners_application_idx ON public.learners USING btree (application_id, id)
  CREATE UNIQUE INDEX learners_email_key ON public.learners USING btree (application_id, lower(email)) WHERE (email IS NOT NULL)
  CREATE UNIQUE INDEX learners_uid_key ON public.learners USING btree (application_id, lower(uid))
table learning_objects
  id bigint not null identity
  application_id uuid not null
  repository text not null
  id_repository text
  course_id text
  url text not null
  name text not null
  description text
  lotype text not null default 'unspecified'::text
  technology text not null default 'unspecified'::text
  language_id smallint
  has_text boolean
  has_images boolean
  has_videos boolean
  has_audios boolean
  has_quizzes boolean
  has_webs boolean
  has_flash_objects boolean
  has_applets boolean
  has_documents boolean
  has_flashcards boolean
  has_virtual_tours boolean
  has_enriched_videos boolean
  scope text not null default 'Private'::text
  metadata_url text
  tags text[] not null default '{}'::text[]
  created_at timestamp with time zone not null default now()
  updated_at timestamp with time zone not null default now()
  constraint learning_objects_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint learning_objects_pkey PRIMARY KEY (id)
  constraint learning_objects_scope_check CHECK ((scope = ANY (ARRAY['Private'::text, 'Protected'::text, 'Public'::text])))
  CREATE INDEX learning_objects_application_idx ON public.learning_objects USING btree (application_id, id)
  CREATE INDEX learning_objects_course_idx ON public.learning_objects USING btree (application_id, course_id, id) WHERE (course_id IS NOT NULL)
  CREATE INDEX learning_objects_id_repository_idx ON public.learning_objects USING btree (application_id, id_repository, id)
  CREATE INDEX learning_objects_in_repository_idx ON public.learning_objects USING btree (application_id, repository, id)
  CREATE UNIQUE INDEX learning_objects_repository_key ON public.learning_objects USING btree (application_id, repository, id_repository) WHERE (id_repository IS NOT NULL)
table model_totals
  learning_object_id bigint not null
  model text not null
  pending integer not null default 0
  completed integer not null default 0
  rejected integer not null default 0
  evaluations integer not null default 0
  completed_evaluations integer not null default 0
  item_sums integer[] not null
  item_counts integer[] not null
  constraint model_totals_check CHECK ((LEAST(pending, completed, rejected, evaluations, completed_evaluations) >= 0))
  constraint model_totals_learning_object_fkey FOREIGN KEY (learning_object_id) REFERENCES learning_objects(id) ON DELETE CASCADE
  constraint model_totals_pkey PRIMARY KEY (learning_object_id, model)
table outbox
  id bigint not null identity
  action text not null
  task_queue text not null
  workflow_type text not null
  workflow_id text not null
  args jsonb not null default '[]'::jsonb
  signal text
  reuse text not null default 'allow'::text
  search_attributes jsonb not null default '{}'::jsonb
  summary text
  created_at timestamp with time zone not null default now()
  available_at timestamp with time zone not null default now()
  claim_token uuid
  attempts integer not null default 0
  last_error text
  failed_at timestamp with time zone
  constraint outbox_action_check CHECK ((action = ANY (ARRAY['start'::text, 'signal'::text])))
  constraint outbox_pkey PRIMARY KEY (id)
  constraint outbox_reuse_check CHECK ((reuse = ANY (ARRAY['reject'::text, 'allow'::text])))
  constraint outbox_signal_check CHECK (((action = 'start'::text) OR (signal IS NOT NULL)))
  CREATE INDEX outbox_due_idx ON public.outbox USING btree (task_queue, available_at, id) WHERE (failed_at IS NULL)
  CREATE INDEX outbox_failed_idx ON public.outbox USING btree (failed_at) WHERE (failed_at IS NOT NULL)
  CREATE INDEX outbox_workflow_idx ON public.outbox USING btree (workflow_id)
table package_entries
  package_key text not null
  path text not null
  data_offset bigint not null
  compressed_size bigint not null
  size bigint not null
  deflated boolean not null
  crc32 bigint not null
  media_key text
  constraint package_entries_media_fkey FOREIGN KEY (media_key) REFERENCES blobs(key)
  constraint package_entries_package_fkey FOREIGN KEY (package_key) REFERENCES packages(blob_key) ON DELETE CASCADE
  constraint package_entries_pkey PRIMARY KEY (package_key, path)
  CREATE INDEX package_entries_media_idx ON public.package_entries USING btree (media_key) WHERE (media_key IS NOT NULL)
table packages
  blob_key text not null
  entry_count integer not null
  unpacked_size bigint not null
  checked_at timestamp with time zone not null default now()
  constraint packages_blob_fkey FOREIGN KEY (blob_key) REFERENCES blobs(key)
  constraint packages_pkey PRIMARY KEY (blob_key)
table program_grants
  program_id text not null
  application_id uuid not null
  created_at timestamp with time zone not null default now()
  constraint program_grants_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint program_grants_pkey PRIMARY KEY (application_id, program_id)
  constraint program_grants_program_fkey FOREIGN KEY (program_id) REFERENCES event_programs(id) ON DELETE CASCADE
  CREATE INDEX program_grants_program_idx ON public.program_grants USING btree (program_id, application_id)
table program_groups
  program_id bigint not null
  group_id bigint not null
  created_at timestamp(3) with time zone not null default now()
  constraint program_groups_group_fkey FOREIGN KEY (group_id) REFERENCES learner_groups(id) ON DELETE CASCADE
  constraint program_groups_pkey PRIMARY KEY (program_id, group_id)
  constraint program_groups_program_fkey FOREIGN KEY (program_id) REFERENCES programs(id) ON DELETE CASCADE
  CREATE INDEX program_groups_group_idx ON public.program_groups USING btree (group_id)
table program_items
  id bigint not null identity
  program_id bigint not null
  position smallint not null
  course_id text
  title text
  requires_approval boolean not null default false
  days_until_due integer
  waived_at timestamp(3) with time zone
  removed_at timestamp(3) with time zone
  settled_at timestamp(3) with time zone
  constraint program_items_kind CHECK ((((course_id IS NULL) = requires_approval) AND ((course_id IS NOT NULL) OR (title IS NOT NULL))))
  constraint program_items_lengths CHECK ((((length(course_id) >= 1) AND (length(course_id) <= 255)) AND ((length(title) >= 1) AND (length(title) <= 255))))
  constraint program_items_pkey PRIMARY KEY (id)
  constraint program_items_program_fkey FOREIGN KEY (program_id) REFERENCES programs(id) ON DELETE CASCADE
  CREATE INDEX program_items_course_idx ON public.program_items USING btree (course_id) WHERE (course_id IS NOT NULL)
  CREATE INDEX program_items_program_idx ON public.program_items USING btree (program_id)
  CREATE INDEX program_items_unsettled_idx ON public.program_items USING btree (waived_at) WHERE ((waived_at IS NOT NULL) AND (settled_at IS NULL))
  CREATE UNIQUE INDEX program_items_position_key ON public.program_items USING btree (program_id, "position") WHERE (removed_at IS NULL)
table programs
  id bigint not null identity
  application_id uuid not null
  title text not null
  description text
  settings jsonb not null
  version integer not null default 1
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  deleted_at timestamp(3) with time zone
  emptied_at timestamp(3) with time zone
  constraint programs_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint programs_lengths CHECK ((((length(title) >= 1) AND (length(title) <= 255)) AND (length(description) <= 10000)))
  constraint programs_pkey PRIMARY KEY (id)
  CREATE INDEX programs_application_idx ON public.programs USING btree (application_id, id)
  CREATE INDEX programs_unemptied_idx ON public.programs USING btree (deleted_at) WHERE ((deleted_at IS NOT NULL) AND (emptied_at IS NULL))
table received_learning_objects
  id bigint not null identity
  application_id uuid not null
  target_id text not null
  key_id text not null
  course_id text
  learning_object_id bigint
  id_loep bigint
  lo json not null
  scores json not null
  received_at timestamp with time zone not null default now()
  changed_at timestamp with time zone not null default now()
  constraint received_learning_objects_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint received_learning_objects_key_fkey FOREIGN KEY (key_id) REFERENCES api_keys(id) ON DELETE CASCADE
  constraint received_learning_objects_learning_object_fkey FOREIGN KEY (learning_object_id) REFERENCES learning_objects(id) ON DELETE SET NULL
  constraint received_learning_objects_pkey PRIMARY KEY (id)
  constraint received_learning_objects_target_key UNIQUE (application_id, target_id, key_id)
  CREATE INDEX received_learning_objects_application_idx ON public.received_learning_objects USING btree (application_id, id)
  CREATE INDEX received_learning_objects_course_idx ON public.received_learning_objects USING btree (application_id, course_id, id) WHERE (course_id IS NOT NULL)
  CREATE INDEX received_learning_objects_key_idx ON public.received_learning_objects USING btree (key_id)
  CREATE INDEX received_learning_objects_learning_object_idx ON public.received_learning_objects USING btree (learning_object_id) WHERE (learning_object_id IS NOT NULL)
table received_scores
  id bigint not null identity
  received_learning_object_id bigint not null
  scores json not null
  received_at timestamp with time zone not null default now()
  constraint received_scores_pkey PRIMARY KEY (id)
  constraint received_scores_received_fkey FOREIGN KEY (received_learning_object_id) REFERENCES received_learning_objects(id) ON DELETE CASCADE
  CREATE INDEX received_scores_received_idx ON public.received_scores USING btree (received_learning_object_id, id)
table registration_activities
  registration_id uuid not null
  activity_id text not null
  cmi jsonb not null default '{}'::jsonb
  completion text not null default 'unknown'::text
  success text not null default 'unknown'::text
  score double precision
  progress double precision
  seconds double precision not null default 0
  attempts integer not null default 0
  session_open boolean not null default false
  updated_at timestamp(3) with time zone not null default now()
  interactions integer not null default 0
  waived_at timestamp(3) with time zone
  waived_for text
  constraint registration_activities_pkey PRIMARY KEY (registration_id, activity_id)
  constraint registration_activities_registration_fkey FOREIGN KEY (registration_id) REFERENCES registrations(id) ON DELETE CASCADE
  constraint registration_activities_waiver CHECK (((waived_at IS NULL) = (waived_for IS NULL)))
table registrations
  id uuid not null
  application_id uuid not null
  course_id uuid not null
  version_id uuid not null
  revision integer not null
  kind text not null
  learner jsonb not null
  current_activity text
  sequencing text
  completion text not null default 'unknown'::text
  success text not null default 'unknown'::text
  score double precision
  progress double precision
  seconds double precision not null default 0
  created_at timestamp(3) with time zone not null default now()
  updated_at timestamp(3) with time zone not null default now()
  learner_id bigint
  completed_at timestamp(3) with time zone
  constraint registrations_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint registrations_completion CHECK ((completion = ANY (ARRAY['unknown'::text, 'incomplete'::text, 'completed'::text])))
  constraint registrations_course_fkey FOREIGN KEY (course_id) REFERENCES courses(id) ON DELETE CASCADE
  constraint registrations_kind CHECK ((kind = ANY (ARRAY['preview'::text, 'enrolled'::text])))
  constraint registrations_learner_check CHECK (((kind = 'enrolled'::text) = (learner_id IS NOT NULL)))
  constraint registrations_learner_fkey FOREIGN KEY (learner_id) REFERENCES learners(id) ON DELETE CASCADE
  constraint registrations_pkey PRIMARY KEY (id)
  constraint registrations_score CHECK (((score >= ('-1'::integer)::double precision) AND (score <= (1)::double precision)))
  constraint registrations_success CHECK ((success = ANY (ARRAY['unknown'::text, 'passed'::text, 'failed'::text])))
  constraint registrations_version_fkey FOREIGN KEY (version_id) REFERENCES course_versions(id) ON DELETE CASCADE
  CREATE INDEX registrations_application_idx ON public.registrations USING btree (application_id, id)
  CREATE INDEX registrations_course_idx ON public.registrations USING btree (course_id, id)
  CREATE INDEX registrations_enrolled_idx ON public.registrations USING btree (course_id, id) INCLUDE (version_id) WHERE (kind = 'enrolled'::text)
  CREATE INDEX registrations_learner_idx ON public.registrations USING btree (learner_id, course_id, id) WHERE (learner_id IS NOT NULL)
  CREATE INDEX registrations_told_learner_idx ON public.registrations USING btree (course_id, ((learner ->> 'id'::text)), id)
  CREATE INDEX registrations_version_idx ON public.registrations USING btree (version_id)
function relay_hub_events(most integer) 77b2359eadf7752725997f7c4ed59f95fe086aa7c4dea2d0ea28aa93252325ea
table statement_activities
  key uuid not null
  application_id uuid not null
  activity_id text not null
  definition json not null
  constraint statement_activities_pkey PRIMARY KEY (key)
table statement_attachments
  application_id uuid not null
  sha2 text not null
  blob_key text not null
  size bigint not null
  constraint statement_attachments_blob_fkey FOREIGN KEY (blob_key) REFERENCES blobs(key)
  constraint statement_attachments_pkey PRIMARY KEY (application_id, sha2)
  CREATE INDEX statement_attachments_blob_idx ON public.statement_attachments USING btree (blob_key)
table statement_documents
  scope uuid not null
  registration text not null
  document uuid not null
  application_id uuid not null
  resource text not null
  document_id text not null
  about json not null
  content_type text not null
  content bytea not null
  etag text not null
  updated_at timestamp with time zone not null default clock_timestamp()
  constraint statement_documents_application_fkey FOREIGN KEY (application_id) REFERENCES applications(id) ON DELETE CASCADE
  constraint statement_documents_pkey PRIMARY KEY (scope, registration, document)
  CREATE INDEX statement_documents_application_idx ON public.statement_documents USING btree (application_id)
table statement_ids
  application_id uuid not null
  statement_id uuid not null
  position bigint not null
  meaning bytea not null
  constraint statement_ids_pkey PRIMARY KEY (application_id, statement_id)
table statement_positions
  application_id uuid not null
  last bigint not null
  constraint statement_positions_pkey PRIMARY KEY (application_id)
table statement_relations
  key uuid not null
  position bigint not null
  match bigint not null
  constraint statement_relations_pkey PRIMARY KEY (key, "position", match)
table statement_targets
  application_id uuid not null
  statement_id uuid not null
  position bigint not null
  target_id uuid not null
  is_voiding boolean not null
  constraint statement_targets_pkey PRIMARY KEY (application_id, statement_id)
  CREATE INDEX statement_targets_target_idx ON public.statement_targets USING btree (application_id, target_id, "position")
table statements
  application_id uuid not null
  position bigint not null
  match bigint not null
  agent uuid
  verb uuid not null
  activity uuid
  registration uuid
  link uuid
  voided boolean not null default false
  data json
  CREATE INDEX statements_activity_idx ON ONLY public.statements USING btree (activity, "position") WHERE (activity IS NOT NULL)
  CREATE INDEX statements_agent_idx ON ONLY public.statements USING btree (agent, "position") WHERE (agent IS NOT NULL)
  CREATE INDEX statements_link_idx ON ONLY public.statements USING btree (link, "position") WHERE (link IS NOT NULL)
  CREATE INDEX statements_registration_idx ON ONLY public.statements USING btree (registration, "position") WHERE (registration IS NOT NULL)
  CREATE INDEX statements_verb_idx ON ONLY public.statements USING btree (verb, "position")
  CREATE UNIQUE INDEX statements_position_key ON ONLY public.statements USING btree (application_id, "position", match)
function store_statements(applications uuid[], ids uuid[], meanings text[], agents text[], verbs uuid[], activities text[], registrations text[], links text[], timed text[], contents text[], relation_items integer[], relation_keys uuid[], may_be_targets boolean) 5ca1e8d20f82213e8d87de9ba1dafc7902f41d272ca2815440aebdbf008914ab
table unit_sessions
  id uuid not null
  launch_id uuid not null
  registration_id uuid not null
  activity_id text not null
  state text not null default 'open'::text
  fetched_at timestamp(3) with time zone
  notes jsonb not null default '{}'::jsonb
  opened_at timestamp(3) with time zone not null default now()
  heard_at timestamp(3) with time zone
  ended_at timestamp(3) with time zone
  constraint unit_sessions_launch_fkey FOREIGN KEY (launch_id) REFERENCES launches(id) ON DELETE CASCADE
  constraint unit_sessions_pkey PRIMARY KEY (id)
  constraint unit_sessions_registration_fkey FOREIGN KEY (registration_id) REFERENCES registrations(id) ON DELETE CASCADE
  constraint unit_sessions_state CHECK ((state = ANY (ARRAY['open'::text, 'ended'::text, 'abandoned'::text])))
  CREATE INDEX unit_sessions_launch_idx ON public.unit_sessions USING btree (launch_id, id)
  CREATE INDEX unit_sessions_open_idx ON public.unit_sessions USING btree (registration_id) WHERE (state = 'open'::text)
  CREATE INDEX unit_sessions_registration_idx ON public.unit_sessions USING btree (registration_id, id)
