-- Distances and delays of one month, for the regression in R.
SELECT distance, delay FROM flights.flight WHERE departure < '2001-02-01' ORDER BY departure, origin, destination LIMIT 600;
