-- The tables of the example. Safe to run again.
CREATE SCHEMA IF NOT EXISTS flights;

CREATE TABLE IF NOT EXISTS flights.flight (
  departure    timestamp NOT NULL,
  origin       text NOT NULL,
  destination  text NOT NULL,
  distance     int NOT NULL,      -- miles
  delay        int NOT NULL       -- minutes; negative: early
);

CREATE TABLE IF NOT EXISTS flights.airport (
  code   text PRIMARY KEY,
  city   text NOT NULL,
  state  text NOT NULL
);

CREATE TABLE IF NOT EXISTS flights.airport_delay (
  code          text PRIMARY KEY,
  flights       int NOT NULL,
  late_flights  int NOT NULL,
  median_delay  numeric NOT NULL
);
