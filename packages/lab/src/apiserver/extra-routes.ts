import type { ExtraRoute } from "./api-server-options.ts";

/** The route that serves a path, its own or one below it. */
export function routeOf(routes: readonly ExtraRoute[], path: string): ExtraRoute | undefined {
  return routes.find(
    ({ prefix }) => path === prefix || path.startsWith(`${prefix.replace(/\/$/, "")}/`),
  );
}
