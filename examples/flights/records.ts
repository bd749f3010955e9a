/** What the steps of the flights example hand to each other, and what counts as broken data. */

export interface Flight {
  /** "2001/01/31 06:55". */
  date: string;
  /** Minutes; negative: early. */
  delay: number;
  /** Miles. */
  distance: number;
  origin: string;
  destination: string;
}

export interface Airport {
  code: string;
  city: string;
  state: string;
}

/** The row of sql/quality.sql. */
export interface Quality {
  flights: number;
  unknown_airports: number;
  impossible_distances: number;
  impossible_delays: number;
  round_trips: number;
}

/** The row of sql/delays.sql. */
export interface Totals {
  flights: number;
  late: number;
  lateShare: number;
  airports: number;
}

/** The row of sql/airport.sql. */
export interface AirportDelays {
  code: string;
  city: string;
  flights: number;
  latePercent: number;
  medianDelay: number;
  worstDestination: string;
}

export interface Hour {
  hour: number;
  flights: number;
  mean: number;
  p90: number;
}

/** What python/hours.py writes. */
export interface Hours {
  hours: Hour[];
  worst: Hour;
}

/** What r/distance.R writes. */
export interface Regression {
  flights: number;
  minutesPer1000Miles: number;
  pValue: number;
  rSquared: number;
}

/** The expectations of the data-quality check: one sentence for each that does not hold. */
export function broken({ flights, ...bad }: Quality): string[] {
  const problems = Object.entries(bad)
    .filter(([, count]) => count > 0)
    .map(([what, count]) => `${count} flights with ${what.replaceAll('_', ' ')}`);
  return flights < 1000 ? [`only ${flights} flights`, ...problems] : problems;
}
