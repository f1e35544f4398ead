import type { Permission, PermissionVerdict, Session } from "@drover/contract";
import { queryOptions } from "@tanstack/react-query";
import { createContext, useContext } from "react";
import { api, ProblemError, setCsrfToken } from "./client.ts";

/** Who is signed in; `null` when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      const session = await api.get<Session>("/session");
      setCsrfToken(session.csrfToken);
      return session;
    } catch (error) {
      if (error instanceof ProblemError && error.code === "UNAUTHENTICATED") return null;
      throw error;
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** The session of whoever looks at the page; stays what it was after signing out, so that the page stays too. */
export const SessionContext = createContext<Session | undefined>(undefined);

/** The signed-in person's session. Only inside the session gate. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error("This part of the console needs a signed-in person.");
  return session;
}

/** Whether the person may do it, with the sentence a disabled button shows. */
export function usePermission(permission: Permission): PermissionVerdict {
  return useSession().permissions[permission];
}

/** Where signing in begins, and comes back to this page. */
export function signInPath(): string {
  const { pathname, search } = globalThis.location;
  return `/api/auth/login?returnTo=${encodeURIComponent(pathname + search)}`;
}
