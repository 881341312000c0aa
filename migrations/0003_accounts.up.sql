-- Who signs in, with which duties, from which devices.
create table accounts (
  id            bigint generated always as identity primary key,
  username      text not null unique check (username = lower(username) and username <> ''),
  name          text not null check (name <> ''),
  password_hash text not null,
  language      text not null default 'vi' check (language in ('vi', 'en')),
  disabled_at   timestamptz,
  must_change   boolean not null default false,         -- password set by somebody else
  version       integer not null default 1,
  created_at    timestamptz not null default now());

create table grants (
  id         bigint generated always as identity primary key,
  account_id bigint not null references accounts,
  role       text not null check (role in ('administrator', 'staff', 'leader', 'organiser',
               'grassroots', 'secretary', 'introducer', 'checker')),
  org_id     integer not null references organisations,
  valid_from date not null,
  valid_until date,                                     -- first day on which it no longer holds
  check (valid_until is null or valid_until >= valid_from));
create index grants_account on grants (account_id);
create index grants_org on grants (org_id);

create table sessions (
  id          bigint generated always as identity primary key,
  token_hash  bytea not null unique,                    -- sha-256 of the cookie's token
  account_id  bigint references accounts,
  data        bytea not null default '',
  user_agent  text not null default '',
  address     text not null default '',
  created_at  timestamptz not null default now(),
  seen_at     timestamptz not null default now(),
  expires_at  timestamptz not null);
create index sessions_account on sessions (account_id);
create index sessions_expiry on sessions (expires_at);

-- Failed sign-ins by account name and by address, for the lockout.
create table sign_in_failures (
  id       bigint generated always as identity primary key,
  subject  text not null,                               -- account:<name> or address:<ip>
  at       timestamptz not null default now());
create index sign_in_failures_subject on sign_in_failures (subject, at);

grant select, insert, update, delete on accounts, grants, sessions, sign_in_failures to ketnap_app;

-- The organisations at which the viewer may read people: what row-level security asks, once a statement.
create function viewer_people_scope() returns integer[]
  language sql stable parallel safe security definer set search_path = public
  as $$ select coalesce(array_agg(distinct org_id), '{}') from grants g join accounts a on a.id = g.account_id
         where g.account_id = viewer_account() and a.disabled_at is null
           and role in ('staff', 'leader', 'organiser', 'grassroots', 'secretary', 'checker')
           and valid_from <= (now() at time zone 'Asia/Ho_Chi_Minh')::date
           and (valid_until is null or valid_until > (now() at time zone 'Asia/Ho_Chi_Minh')::date) $$;
