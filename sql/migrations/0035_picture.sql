-- The public copy of a photograph: without where and by whom it was taken (libassets/picture.h).
set local role assetd_owner;
set local search_path = assetd, public;

-- What of a PNG or JPEG everybody is sent; the same sum as the file's own where there was nothing to leave
-- out. None: the file cannot be read through. A copy may be longer by the few bytes that say which way up it is.
alter table document
	add column clean_byte_count bigint check (clean_byte_count between 1 and 26215424),
	add column clean_sha256 bytea check (octet_length(clean_sha256) = 32),
	add column clean_crc32 bigint check (clean_crc32 between 0 and 4294967295),
	add constraint document_clean check (num_nonnulls(clean_byte_count, clean_sha256, clean_crc32) in (0, 3));

-- Parts of the copy are numbered from 1,000, so that one file has one kind of parts.
alter table document_part drop constraint document_part_number_check,
	add constraint document_part_number_check check (number between 0 and 99 or number between 1000 and 1100);

-- What was made public before there were copies is shown again when its file has been sent anew. Nobody did
-- this, so it is no version and no event of the document, and no moment of a change.
alter table document disable row level security, disable trigger touch;
update document set published = false where published and media_type in ('image/png', 'image/jpeg');
alter table document enable row level security, enable trigger touch;
alter table document
	add constraint document_clean_public check (not published or media_type not in ('image/png', 'image/jpeg')
		or clean_sha256 is not null);
