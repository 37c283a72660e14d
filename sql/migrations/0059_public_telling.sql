-- What everybody was told of the forecast (DECISIONS 74). A restart, or another daemon, goes on from
-- it: what two of them told, each by itself, could be taken apart.
set local role assetd_owner;
set local search_path = assetd, public;

-- What is told now. Each telling builds on the version that it has read, and is refused when there is another.
create table projection_public (
	is_only  boolean primary key default true check (is_only),
	version  bigint not null check (version > 0),
	told_at  timestamptz not null default clock_at(),
	body     bytea not null check (octet_length(body) > 0)   -- daemon/projector_public.h
);
alter table projection_public enable row level security, force row level security;

-- What was ever told: a mark of 8 bytes for each amount and each sum of them, by figures as the adjusted (0) or the adjustment (1).
create table projection_public_mark (
	family   int not null check (family in (0, 1)),
	version  bigint not null,
	marks    bytea not null check (octet_length(marks) % 8 = 0),
	primary key (family, version)
);
alter table projection_public_mark enable row level security, force row level security;
