/**
 * Seconds and numbers that the end-to-end tests measure on the way. Printed after the last test; with
 * PODLINE_E2E_WRITE=1 they become the table of docs/benchmarks.md, with PODLINE_E2E_JSON=FILE a file.
 */
import fs from 'node:fs/promises';
import { writeDocument } from '../bench/document.ts';
import { figure, type Budget, type Figure } from '../bench/figure.ts';
import { printFigures } from '../bench/print.ts';

const figures: Figure[] = [];

export function measured(name: string, value: number, unit: string, budget?: Budget): void {
  figures.push(figure(name, value, unit, null, '', budget));
}

export async function reportFigures(): Promise<void> {
  if (figures.length === 0) return;
  printFigures(figures, false);
  const { PODLINE_E2E_JSON, PODLINE_E2E_WRITE } = process.env;
  if (PODLINE_E2E_JSON) await fs.writeFile(PODLINE_E2E_JSON, JSON.stringify(figures, null, 2));
  if (PODLINE_E2E_WRITE) await writeDocument(figures, 'PODLINE_E2E_WRITE=1 npm run test:e2e');
}
