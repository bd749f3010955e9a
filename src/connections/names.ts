/** Where a connection is found by its id: the variable of a worker, and the Secret beside the pods of tasks. Pure. */

export const CONNECTION_PREFIX = 'PODLINE_CONN_';

/** Key of the Secret of a connection. */
export const CONNECTION_KEY = 'value';

/** `warehouse.eu` is looked up as PODLINE_CONN_WAREHOUSE_EU. */
export function connectionVariable(id: string): string {
  return CONNECTION_PREFIX + id.toUpperCase().replace(/[^A-Z0-9]/g, '_');
}

/** Secret that holds it: `warehouse.eu` is podline-connection-warehouse-eu. */
export function connectionSecretName(id: string): string {
  return `podline-connection-${slugOf(id)}`;
}

/** Small letters and digits, with "-" for all that is between them. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
}
