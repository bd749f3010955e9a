-- Replaces the flights by those of $1, a JSON array. One transaction: readers see all or nothing of it.
DELETE FROM flights.flight;

INSERT INTO flights.flight (departure, origin, destination, distance, delay)
SELECT to_timestamp(date, 'YYYY/MM/DD HH24:MI')::timestamp, origin, destination, distance, delay
  FROM jsonb_to_recordset($1::jsonb)
       AS row (date text, origin text, destination text, distance int, delay int);
