-- Adds the airports of $1, a JSON array, and corrects those that are there already.
INSERT INTO flights.airport (code, city, state)
SELECT code, city, state FROM jsonb_to_recordset($1::jsonb) AS row (code text, city text, state text)
    ON CONFLICT (code) DO UPDATE SET city = excluded.city, state = excluded.state;
