import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ProblemError } from "./client.ts";
import { sessionQuery } from "./session.ts";

const RETRIES = 2;

/** The tab's query client. Any answer that nobody is signed in makes the session be read again. */
export function createQueryClient(): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ProblemError && error.code === "UNAUTHENTICATED")
      void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
  };
  const client = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      queries: {
        // A refusal stays a refusal; only what may pass is tried again.
        retry: (count, error) =>
          count < RETRIES && !(error instanceof ProblemError && error.status < 500),
        refetchOnWindowFocus: false,
      },
    },
  });
  return client;
}
