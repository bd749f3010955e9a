/** The last step of the flights example: all results in one typed record, and as text for people. */
import type { AirportDelays, Hours, Regression, Totals } from './records.ts';

export interface Parts {
  totals: Totals;
  airports: AirportDelays[];
  hours: Hours | null;
  distance: Regression | null;
  verdict: string;
}

export interface Report extends Parts {
  /** A table of the airports, the worst first. */
  text: string;
}

export function makeReport(parts: Parts): Report {
  const airports = [...parts.airports].sort((a, b) => b.latePercent - a.latePercent);
  return { ...parts, airports, text: [table(airports), '', ...sentences(parts)].join('\n') };
}

function table(airports: AirportDelays[]): string {
  const rows = airports.map(
    ({ code, city, flights, latePercent, medianDelay, worstDestination }) => [
      code,
      city,
      String(flights),
      `${latePercent.toFixed(1)} %`,
      `${medianDelay} min`,
      worstDestination,
    ],
  );
  const all = [['', 'airport', 'flights', 'late', 'median delay', 'worst to'], ...rows];
  const widths = (all[0] ?? []).map((_, column) =>
    Math.max(...all.map((row) => row[column]?.length ?? 0)),
  );
  return all
    .map((row) =>
      row
        .map((cell, column) =>
          // Numbers stand to the right.
          column >= 2 && column <= 4
            ? cell.padStart(widths[column] ?? 0)
            : cell.padEnd(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function sentences({ totals, hours, distance, verdict }: Parts): string[] {
  const percent = (100 * totals.lateShare).toFixed(1);
  return [
    `${totals.late} of ${totals.flights} flights from ${totals.airports} airports left late (${percent} %): ${verdict}.`,
    hours
      ? `The worst hour to leave is ${hours.worst.hour}:00, with ${hours.worst.mean} minutes on average.`
      : 'Delays by hour: not computed (the Python step was skipped).',
    distance
      ? `1,000 miles more change the delay by ${distance.minutesPer1000Miles.toFixed(1)} minutes (${significance(distance)}).`
      : 'Delay by distance: not computed (the R step was skipped).',
  ];
}

function significance({ pValue }: Regression): string {
  return pValue < 0.01 ? 'p < 0.01' : `p = ${pValue.toFixed(2)}`;
}
