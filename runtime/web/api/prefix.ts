/** Where the API is; a new major version gets a new one beside it. */
export const API_PREFIX = '/api/v1';
