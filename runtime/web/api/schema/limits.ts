/** Limits that the API tells and the pages keep: without the schemas, which pages do not load. */

/** Of one question for columns of the grid. With so many, ten thousand tasks stay within what a grid has at most. */
export const MOST_NAMED_RUNS = 25;
