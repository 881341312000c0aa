-- Dossiers: on which forms their papers are written, which papers are there, and which letters of
-- verification wait for an answer. No paper is scanned, and nothing is kept of what one says.

-- A paper keeps its kind; its form's number and title are dated.
create table document_kinds (
  id          integer generated always as identity primary key,
  kind        text not null check (kind <> ''),
  stage       text not null check (stage in ('admission', 'recognition')),
  code        text not null check (code <> ''),            -- 1-KNĐ
  title       text not null check (title <> ''),
  position    smallint not null,
  level       text not null check (level in ('dossier', 'cell', 'sectional', 'grassroots', 'decision')), -- with whose work it comes
  above       text not null default '',                    -- needed only where such an organisation stands above the cell
  instead     text not null default '',                    -- the kind whose place it may take
  lasts_by    text not null default '',                    -- the rule after whose months it must be done again
  valid_from  date not null,
  valid_until date,
  document    text not null,
  issued_on   date,
  clause      text not null default '',
  confidence  text not null check (confidence in ('V', 'V2', 'R')),
  changed_at  timestamptz not null default now(),
  check (valid_until >= valid_from),
  unique (kind, valid_from));

-- What was said of a paper. Only ever added to: the newest version holds, the others are its history.
create table person_documents (
  person_id   bigint not null references people,
  kind        text not null,
  version     integer not null check (version > 0),
  state       text not null check (state in ('', 'present', 'absent', 'not_applicable')),
  reason      text not null default '',
  number      text not null default '',
  dated_on    date,
  issuer      text not null default '',
  kept        text not null default '',                    -- where the paper lies
  recorded_by bigint not null,
  recorded_at timestamptz not null default now(),
  primary key (person_id, kind, version),
  check ((state = 'not_applicable') = (reason <> '')));

-- Letters that ask a place to verify a life history: their days only.
create table verification_letters (
  id           bigint generated always as identity primary key,
  person_id    bigint not null references people,
  sent_to      text not null check (sent_to <> ''),
  sent_on      date not null,
  answered_on  date,
  withdrawn    boolean not null default false,
  version      integer not null default 1,
  recorded_by  bigint not null,
  recorded_at  timestamptz not null default now(),
  changed_by   bigint not null,
  changed_at   timestamptz not null default now(),
  check (answered_on >= sent_on),
  check (not withdrawn or answered_on is null));
create index verification_letters_person on verification_letters (person_id, sent_on, id);

alter table person_documents enable row level security;
alter table verification_letters enable row level security;

-- Who introduced somebody does not see his dossier.
create policy person_documents_seen on person_documents for select to ketnap_app
  using (exists (select from people p where p.id = person_id
           and (p.path && (select viewer_people_scope()) or (select viewer_is_system()))));
create policy person_documents_added on person_documents for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy verification_letters_seen on verification_letters for select to ketnap_app
  using (exists (select from people p where p.id = person_id
           and (p.path && (select viewer_people_scope()) or (select viewer_is_system()))));
create policy verification_letters_added on verification_letters for insert to ketnap_app
  with check (exists (select from people p where p.id = person_id
                and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));
create policy verification_letters_changed on verification_letters for update to ketnap_app
  using (exists (select from people p where p.id = person_id
           and (p.path && (select viewer_write_scope()) or (select viewer_is_system()))));

grant select, insert on document_kinds, person_documents to ketnap_app;
grant select, insert, update on verification_letters to ketnap_app;
