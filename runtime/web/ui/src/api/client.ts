/** What the pages know of the API's answers. One for all: main.tsx hands it to React, routes begin to ask with it. */
import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './call.ts';

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      // live.ts says what is old.
      staleTime: Infinity,
      refetchOnWindowFocus: false,
      retry: (failures, error) =>
        failures < 2 && !(error instanceof ApiError && error.status < 500),
    },
  },
});
