/** The grants of the user `u` as a column of JSON: those over all DAGs first. */
export const GRANTS_COLUMN = `
coalesce((SELECT json_agg(json_strip_nulls(json_build_object('role', g.role, 'dag', g.dag_id, 'tag', g.tag))
                          ORDER BY g.dag_id NULLS FIRST, g.tag NULLS FIRST)
            FROM podline.user_grant g WHERE g.user_id = u.id), '[]') AS grants`;
