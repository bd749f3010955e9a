/** How large a task or a closed group is drawn: as wide as its name. Pure. */
const HEIGHT = 38;
const LETTER = 7.1;
const ROOM = 46;
const MOST_WIDTH = 320;

export function sizeOf({ label }: { label: string }): { width: number; height: number } {
  return { width: Math.min(MOST_WIDTH, ROOM + label.length * LETTER), height: HEIGHT };
}
