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
  accept: string,
): Answer | undefined {
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
  if (trimmed === "/version") return jsonAnswer(VERSION);
  if (HEALTH.some((health) => trimmed === health || trimmed.startsWith(`${health}/`))) {
    return textAnswer("ok");
  }
  if (trimmed.startsWith("/openapi/")) return openApiAnswer(server, trimmed, accept);
  if (trimmed === "/openid/v1/jwks") return jsonAnswer(server.tokenKeys.keySet());
  if (trimmed === "/") return jsonAnswer({ paths: rootPaths(server) });
  return undefined;
}

const V2_PROTOBUF = "application/com.github.proto-openapi.spec.v2.v1.0+protobuf";
const JSON_TYPE = "application/json";

function openApiAnswer(server: ServerContext, path: string, accept: string): Answer | undefined {
  const { openApi } = server;
  if (path === "/openapi/v2") {
    return accept.includes("protobuf")
      ? { kind: "binary", code: 200, type: V2_PROTOBUF, bytes: openApi.v2Protobuf() }
      : { kind: "binary", code: 200, type: JSON_TYPE, bytes: openApi.v2Json() };
  }
  if (path === "/openapi/v3") return jsonAnswer(openApi.v3Index());
  const apiVersion = /^\/openapi\/v3\/apis?\/(.+)$/.exec(path)?.[1];
  if (apiVersion === undefined || server.registry.inVersion(apiVersion).length === 0) {
    return undefined;
  }
  return { kind: "binary", code: 200, type: JSON_TYPE, bytes: openApi.v3Json(apiVersion) };
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
