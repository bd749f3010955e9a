/** Times as the API tells them. Those in JSON made by SQL come as text with an offset. Pure. */
export function utc(time: Date | string): string;
export function utc(time: Date | string | null): string | null;
export function utc(time: Date | string | null): string | null {
  return time === null ? null : new Date(time).toISOString();
}
