-- The airports with the most departures: each becomes one task of the next step.
SELECT d.code, a.city, d.flights
  FROM flights.airport_delay d JOIN flights.airport a USING (code)
 ORDER BY d.flights DESC, d.code
 LIMIT {{ params.airports }};
