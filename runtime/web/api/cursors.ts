/** One more row than asked for tells that another page follows. Pure; used by every list. */
import { writeCursor } from './schema/page.ts';

export function pageOfRows<Row, Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  place: (row: Row) => object,
): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(item),
    next: rows.length > limit && last !== undefined ? writeCursor(place(last)) : null,
  };
}
