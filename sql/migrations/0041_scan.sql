-- Whether a document's file has been looked at for viruses, and what came of it; and of a WebP, too, the public gets a copy.
set local role assetd_owner;
set local search_path = assetd, public;

-- NOT_SCANNED: nobody looks, or has not yet, at a file that came when nobody did. PENDING: it came while somebody
-- does, and is kept from everybody until the answer is there. CLEAN and INFECTED: the answer, by scan_signature's name.
-- scan_attempts and scan_due_at are the scanner's: how often it tried in vain, and when it tries next.
alter table document
	add column scan code not null default 'NOT_SCANNED' check (scan in ('NOT_SCANNED', 'PENDING', 'CLEAN', 'INFECTED')),
	add column scanned_at timestamptz,
	add column scan_signature text check (length(scan_signature) between 1 and 200),
	add column scan_attempts int not null default 0 check (scan_attempts >= 0),
	add column scan_due_at timestamptz not null default '-infinity',
	add constraint document_scan_answer check ((scan in ('CLEAN', 'INFECTED')) = (scanned_at is not null)),
	add constraint document_scan_signature check ((scan = 'INFECTED') = (scan_signature is not null)),
	add constraint document_scan_public check (not published or scan in ('NOT_SCANNED', 'CLEAN'));

-- What is still to be looked at; those that wait for it before those that came earlier.
create index document_scan_due on document (scan, scan_due_at) where state = 'STORED' and scan in ('NOT_SCANNED', 'PENDING');

-- As of JPEG and PNG (migrations/0035), and what was public before is shown again when its file has been sent anew.
alter table document disable row level security, disable trigger touch;
update document set published = false where published and media_type = 'image/webp';
alter table document enable row level security, enable trigger touch;
alter table document
	drop constraint document_clean_public,
	add constraint document_clean_public check (not published or media_type not in ('image/png', 'image/jpeg', 'image/webp')
		or clean_sha256 is not null);
