import { jsonAnswer, textAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import type { ServerContext } from "../server-context.ts";

const VERSION = {
  major: "1",
  minor: "31",
  gitVersion: "v1.31.0+lab",
  gitCommit: "0000000000000000000000000000000000000000",
  gitTreeState: "clean",
  buildDate: "2024-08-13T07:28:49Z",
  goVersion: "go1.22.5",
  compiler: "gc",
  platform: "linux/amd64",
};

const HEALTH = ["/healthz", "/livez", "/readyz"];

/** Answers the paths outside the resources that every server has; undefined for others. */
export function plainPathAnswer(
  server: ServerContext,
  path: string,
  _accept: string,
): Answer | undefined {
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
  if (trimmed === "/version") return jsonAnswer(VERSION);
  if (HEALTH.some((health) => trimmed === health || trimmed.startsWith(`${health}/`))) {
    return textAnswer("ok");
  }
  if (trimmed === "/") return jsonAnswer({ paths: rootPaths(server) });
  return undefined;
}

function rootPaths(server: ServerContext): string[] {
  const groups = server.registry
    .groups()
    .flatMap(({ group, versions }) => [
      `/apis/${group}`,
      ...versions.map((version) => `/apis/${group}/${version}`),
    ]);
  return [
    "/api",
    "/api/v1",
    "/apis",
    ...groups,
    ...HEALTH,
    "/openapi/v2",
    "/openapi/v3",
    "/version",
  ];
}
