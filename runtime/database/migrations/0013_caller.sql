-- The span of whoever asked for a run by the API (W3C Trace Context): the trace of the run links to it.
ALTER TABLE podline.run ADD COLUMN caller text;
