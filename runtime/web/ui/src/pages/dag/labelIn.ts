/** What a task or a group is called where the group around it is shown: its id without that group's. Pure. */

/** `group` undefined: nothing is around it. */
export function labelIn(group: string | undefined, id: string): string {
  return group !== undefined && id.startsWith(`${group}.`) ? id.slice(group.length + 1) : id;
}
