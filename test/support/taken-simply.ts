import { sql } from "../../src/store/sql.ts";

/** Of a row `f` of `seat_facts`: it is in groups, and Usher itself may take it out of each that gives the seat. */
export const IS_TAKEN_SIMPLY = sql`
  exists (select 1 from memberships m where m.account_id = f.account_id and m.valid_to is null)
  and not exists (select 1
                    from memberships m
                    join product_access p on p.site_id = m.site_id and p.group_id = m.group_id
                    left join group_versions v on v.site_id = m.site_id and v.group_id = m.group_id and v.valid_to is null
                   where m.site_id = f.site_id and m.account_id = f.account_id and m.valid_to is null
                     and p.valid_to is null and (p.access = 'admin' or v.managed_by = 'external'))`;
