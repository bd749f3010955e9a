-- One airport ($1): how late its flights are, and where the worst of them go on average.
SELECT d.code, a.city, d.flights,
       round(100.0 * d.late_flights / d.flights, 1)::float  AS "latePercent",
       d.median_delay::float                                AS "medianDelay",
       worst.destination                                    AS "worstDestination"
  FROM flights.airport_delay d
  JOIN flights.airport a USING (code)
  CROSS JOIN LATERAL (
    SELECT destination FROM flights.flight
     WHERE origin = d.code GROUP BY destination
     ORDER BY avg(delay) DESC, destination LIMIT 1) AS worst
 WHERE d.code = $1;
