-- A contact that an operator records is nobody's but the operators': authority_id null.
set local role assetd_owner;
set local search_path = assetd, public;

alter table community_body_contact drop constraint community_body_contact_pkey;
alter table community_body_contact alter column authority_id drop not null;
alter table community_body_contact add unique nulls not distinct (authority_id, community_body_id);
