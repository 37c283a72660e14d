-- document_lock: take a document whose file is to be finished, so that the next statement sees every part.
-- in:  id text
-- out: one? version int
select version from document where id = $1 and state = 'UPLOADING' for update
