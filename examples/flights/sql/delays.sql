-- Delays by airport of departure. A flight is late when it leaves {{ params.lateMinutes }} minutes after its time.
DELETE FROM flights.airport_delay;

INSERT INTO flights.airport_delay (code, flights, late_flights, median_delay)
SELECT origin, count(*), count(*) FILTER (WHERE delay > {{ params.lateMinutes }}),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY delay)
  FROM flights.flight
 GROUP BY origin;

SELECT sum(flights)::int                                            AS flights,
       sum(late_flights)::int                                       AS late,
       round(sum(late_flights)::numeric / sum(flights), 3)::float   AS "lateShare",
       count(*)::int                                                AS airports
  FROM flights.airport_delay;
