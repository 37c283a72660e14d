-- Parameters of the model are kept version by version, an authority's own rows too, and a run says which
-- version it was made with. Version 0 is nobody's: the defaults of the model, without a row.
set local role assetd_owner;
set local search_path = assetd, public;

alter table model_parameter add constraint model_parameter_note check (length(note) between 1 and 2000);

-- A setting was overwritten so far: what stands is its authority's only version.
alter table partner_setting
	drop constraint partner_setting_pkey,
	add constraint partner_setting_pkey primary key (authority_id, version),
	drop column updated_at,
	add column actor text collate "C" default actor_id(),
	add column note text check (length(note) between 1 and 2000);
drop trigger touch on partner_setting;

create trigger append_only before update or delete on model_parameter for each row execute function row_refuse();
create trigger append_only before update or delete on partner_setting for each row execute function row_refuse();
create trigger append_only_at_all before truncate on model_parameter execute function row_refuse();
create trigger append_only_at_all before truncate on partner_setting execute function row_refuse();

-- Of a run that was frozen before: not known.
alter table projection_run add column parameters_version int check (parameters_version >= 0);
