"use client";

import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import type { LiveChanges, LiveEnd, LiveHello } from "@drover/contract";
import { createContext, useContext, useEffect, useState, type ReactNode } from "react";
import type { z } from "zod";
import { applyChanges } from "./live-cache.ts";
import { shownResources } from "./resources.ts";
import { sessionQuery } from "./session.ts";

/** How the stream stands. `since` is when that began; `lastHeard` when anything last arrived. */
export type LiveState = {
  readonly status: "connecting" | "live" | "reconnecting";
  readonly lastHeard: number | undefined;
};

const Live = createContext<LiveState>({ status: "connecting", lastHeard: undefined });

export function useLive(): LiveState {
  return useContext(Live);
}

// The browser's own retry gives up on an error status; we come back in growing, jittered steps.
const RETRY_MS = [500, 1000, 2000, 5000, 10_000] as const;

const parse = <T,>(event: Event): T => JSON.parse((event as MessageEvent<string>).data) as T;

/** Has every list read again, after changes may have been missed. */
function rereadLists(queryClient: QueryClient): Promise<void[]> {
  return Promise.all(
    shownResources.map((resource) => queryClient.invalidateQueries({ queryKey: [resource] })),
  );
}

/** Keeps one stream open for the whole tab and writes what it brings into the query cache. */
export function LiveProvider({ children }: { readonly children: ReactNode }) {
  const queryClient = useQueryClient();
  const [state, setState] = useState<LiveState>({ status: "connecting", lastHeard: undefined });

  useEffect(() => {
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let attempts = 0;
    const heard = () => {
      attempts = 0;
      setState({ status: "live", lastHeard: Date.now() });
    };
    const open = () => {
      source = new EventSource(`/api/live?resources=${shownResources.join(",")}`);
      source.addEventListener("hello", (event) => {
        if (parse<z.infer<typeof LiveHello>>(event).reset) void rereadLists(queryClient);
        heard();
      });
      source.addEventListener("changes", (event) => {
        const id = event.lastEventId;
        applyChanges(queryClient, { id, changes: parse<z.infer<typeof LiveChanges>>(event) });
        heard();
      });
      source.addEventListener("heartbeat", heard);
      source.addEventListener("end", (event) => {
        if (parse<z.infer<typeof LiveEnd>>(event).reason === "signed-out")
          void queryClient.invalidateQueries({ queryKey: sessionQuery.queryKey });
      });
      source.addEventListener("error", () => {
        setState((current) => ({ ...current, status: "reconnecting" }));
        if (source?.readyState !== EventSource.CLOSED) return;
        const delay = RETRY_MS[Math.min(attempts, RETRY_MS.length - 1)] ?? 10_000;
        attempts += 1;
        retry = setTimeout(open, delay * (0.5 + Math.random()));
      });
    };
    open();
    return () => {
      clearTimeout(retry);
      source?.close();
    };
  }, [queryClient]);

  return <Live value={state}>{children}</Live>;
}
