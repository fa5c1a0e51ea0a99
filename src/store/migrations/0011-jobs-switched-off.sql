-- A job that a person switched off stays off, whatever is settled about who reads its site.

alter table jobs add column is_switched_off boolean not null default false;

update jobs j
   set is_switched_off = true
  from connections c, connection_sites x
 where c.id = j.connection_id and c.state = 'published' and x.connection_id = c.id and x.site_id = j.site_id
   and j.kind = 'refresh-site' and not j.enabled
   and not exists (select 1 from jobs other where other.site_id = j.site_id and other.kind = j.kind and other.enabled);
