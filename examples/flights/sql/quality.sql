-- What the quality check looks at: one row of counts, each of which should be 0 except the first.
SELECT count(*)                                                          AS flights,
       count(*) FILTER (WHERE o.code IS NULL OR d.code IS NULL)          AS unknown_airports,
       count(*) FILTER (WHERE f.distance <= 0 OR f.distance > 6000)      AS impossible_distances,
       count(*) FILTER (WHERE f.delay NOT BETWEEN -120 AND 1440)         AS impossible_delays,
       count(*) FILTER (WHERE f.origin = f.destination)                  AS round_trips
  FROM flights.flight f
  LEFT JOIN flights.airport o ON o.code = f.origin
  LEFT JOIN flights.airport d ON d.code = f.destination;
