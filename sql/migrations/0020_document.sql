-- Documents, photographs and plans of an asset or of a request: what is said of each, and its file
-- in parts of 256 KiB.
set local role assetd_owner;
set local search_path = assetd, public;

create domain doc_id as text collate "C" check (value ~ '^doc_[0-9a-z]{26}$');

-- UPLOADING until the file is whole; byte_count and sha256 are then what the sender announced, and
-- from STORED on what was found, which never changes: another file is another document. REMOVED
-- keeps the row and no part. retention_*: the rule of the class as it was when it was chosen; see
-- libassets/retention.def. parent_published: of the asset or the request.
create table document (
	id                doc_id primary key,
	version           int not null default 1 check (version > 0),
	created_at        timestamptz not null default clock_at(),
	updated_at        timestamptz not null default clock_at(),
	touched_at        timestamptz not null default clock_at(),
	actor             text collate "C" default actor_id(),
	authority_id      aut_id not null references authority,
	asset_id          ast_id,
	request_id        atr_id,
	parent_published  boolean not null,
	state             code not null default 'UPLOADING' check (state in ('UPLOADING', 'STORED', 'REMOVED')),
	kind              code not null,
	title             text not null check (length(title) between 1 and 200),
	alt               text check (length(alt) between 1 and 500),
	file_name         text not null check (length(file_name) between 1 and 255),
	received_on       date not null,
	published         boolean not null default false,
	redaction         code not null default 'UNCHECKED'
		check (redaction in ('UNCHECKED', 'NOT_NEEDED', 'NEEDED', 'REDACTED')),
	redaction_by      text collate "C",
	redaction_at      timestamptz,
	redacts_id        doc_id,
	retention         code not null,
	retention_from    code not null check (retention_from in ('RECEIVED', 'CLOSED', 'DISPOSED', 'NEVER')),
	retention_months  int check (retention_months > 0),
	media_type        text check (media_type <> ''),
	byte_count        bigint check (byte_count between 1 and 26214400),
	sha256            bytea check (octet_length(sha256) = 32),
	crc32             bigint check (crc32 between 0 and 4294967295),
	constraint document_parent check (num_nonnulls(asset_id, request_id) = 1),
	constraint document_whole check (state = 'UPLOADING' or num_nonnulls(media_type, byte_count, sha256, crc32) = 4
		or state = 'REMOVED'),
	-- Statute 10 and 22: nothing is public before somebody has said that it holds no personal data,
	-- or has taken them out, which is another file; papers of a no-contract appeal never are.
	constraint document_redaction check (not published or redaction in ('NOT_NEEDED', 'REDACTED')),
	constraint document_redacted_copy check (redaction <> 'REDACTED' or redacts_id is not null),
	constraint document_never_public check (not published or kind <> 'NO_CONTRACT_APPEAL'),
	constraint document_published_whole check (not published or state = 'STORED'),
	check ((retention_from = 'NEVER') = (retention_months is null)),
	check ((redaction = 'UNCHECKED') = (redaction_at is null)),
	check (redacts_id <> id),
	unique (authority_id, id),
	foreign key (authority_id, asset_id, parent_published) references asset (authority_id, id, published)
		on update cascade,
	foreign key (authority_id, request_id, parent_published) references request (authority_id, id, published)
		on update cascade,
	foreign key (authority_id, redacts_id) references document (authority_id, id) on update cascade
) with (fillfactor = 80);
create index document_asset on document (asset_id, id);
create index document_request on document (request_id, id);
create index document_tenant on document (authority_id, id);
create index document_asset_tenant on document (authority_id, asset_id, parent_published);
create index document_request_tenant on document (authority_id, request_id, parent_published);
create index document_redacts on document (authority_id, redacts_id) where redacts_id is not null;
create index document_unfinished on document (touched_at) where state = 'UPLOADING';
create trigger touch before update on document for each row execute function row_touch();

-- Numbered from 0, each 262,144 bytes but for the last. sha256 is of the part, written with it, so
-- that a part that has been damaged since is noticed before a byte of it leaves.
create table document_part (
	document_id   doc_id not null,
	authority_id  aut_id not null,
	number        int not null check (number between 0 and 99),
	bytes         bytea not null check (octet_length(bytes) between 1 and 262144),
	sha256        bytea not null check (octet_length(sha256) = 32),
	primary key (document_id, number),
	foreign key (authority_id, document_id) references document (authority_id, id)
		on update cascade on delete cascade
);
create index document_part_tenant on document_part (authority_id, document_id);
-- Files are compressed already: PostgreSQL need not try.
alter table document_part alter column bytes set storage external;

alter table document enable row level security, force row level security;
alter table document_part enable row level security, force row level security;
