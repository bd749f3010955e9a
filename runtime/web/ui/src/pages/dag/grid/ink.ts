/** Colours of the theme for a canvas, which knows no CSS variables. */
import type { View } from './drawGrid.ts';

export function inkOf(element: Element): View['ink'] {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read('--mantine-color-text'),
    dimmed: read('--mantine-color-dimmed'),
    line: read('--podline-line'),
    body: read('--mantine-color-body'),
    quiet: read('--podline-quiet'),
    accent: read('--mantine-primary-color-filled'),
  };
}
