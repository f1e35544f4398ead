import { Session } from "@drover/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestApp } from "./testing/test-app.ts";
import type { TestApp } from "./testing/test-app.ts";
import { startTestClusters } from "./testing/test-clusters.ts";
import type { TestClusters } from "./testing/test-clusters.ts";

let clusters: TestClusters;
let app: TestApp;

beforeAll(async () => {
  clusters = await startTestClusters();
  app = await startTestApp(clusters.host);
});

afterAll(async () => {
  await app.close();
  await clusters.close();
});

test("answers probes under any host name and says what it waits for", async () => {
  const alive = await app.server.inject({ url: "/api/healthz", headers: { host: "10.0.0.1" } });
  expect(alive.json()).toEqual({ status: "ok" });
  const ready = await app.server.inject({ url: "/api/readyz", headers: { host: "10.0.0.1" } });
  expect(ready.json()).toMatchObject({ ready: true });
});

test("says who is signed in, and what they may do", async () => {
  const admin = await app.signIn("admin", clusters.host.adminToken);

  const session = Session.parse((await admin.request({ url: "/api/session" })).json());
  expect(session.user.name).toBe("admin");
  expect(session.permissions["clusters.write"]).toEqual({ allowed: true });
  expect(session.permissions["audit.read"]).toEqual({ allowed: true });

  const dev = await app.signIn("dev", clusters.host.devToken);
  const { permissions } = Session.parse((await dev.request({ url: "/api/session" })).json());
  expect(permissions["plans.write"].allowed).toBe(false);
  expect(permissions["plans.write"].reason).toContain("dev may not create migplans");
});

test("refuses whoever is not signed in, and names nothing but the way in", async () => {
  const response = await app.server.inject({
    url: "/api/resources/migplans",
    headers: { host: "localhost:3000" },
  });
  expect(response.statusCode).toBe(401);
  expect(response.headers["content-type"]).toContain("application/problem+json");
  expect(response.json()).toMatchObject({
    code: "UNAUTHENTICATED",
    detail: "Sign in to continue.",
  });
});

test("lets these people call these routes, and no others", () => {
  const secrets = "create secrets in the configuration namespace";
  expect(app.routes.map(({ route, access }) => `${route} | ${access}`).toSorted()).toEqual([
    "DELETE /api/clusters/:name | may: delete migclusters",
    "DELETE /api/plans/:name | may: patch migplans and delete migplans",
    "DELETE /api/sessions/:id | signed-in: own sessions",
    "DELETE /api/storages/:name | may: delete migstorages",
    "GET /api/audit | may: be a cluster administrator",
    "GET /api/auth/callback | anyone: sign in",
    "GET /api/auth/login | anyone: sign in",
    "GET /api/clusters/:name/events | may: get migclusters",
    "GET /api/clusters/:name/logs | may: get migclusters",
    "GET /api/clusters/:name/namespaces | may: get migclusters",
    "GET /api/clusters/:name/objects/:plural | may: get migclusters",
    "GET /api/clusters/:name/storage-classes | may: get migclusters",
    "GET /api/healthz | anyone: probes",
    "GET /api/live | signed-in: each resource is reviewed, and again every 30 s",
    "GET /api/migrations/:name/tree | may: get migmigrations and list migmigrations and list migclusters",
    "GET /api/openapi.json | signed-in: the description of this API",
    "GET /api/readyz | anyone: probes",
    "GET /api/resources/:resource | may: list the listed resource",
    "GET /api/resources/:resource/:name | may: get the listed resource",
    "GET /api/session | signed-in: own session",
    "GET /api/sessions | signed-in: own sessions",
    "GET,HEAD /* | anyone: the console's files",
    "PATCH /api/plans/:name | may: patch migplans",
    `POST /api/clusters | may: create migclusters and ${secrets}`,
    `POST /api/clusters/check | may: create migclusters and ${secrets}`,
    "POST /api/migrations/:name/cancel | may: patch migmigrations",
    "POST /api/plans | may: create migplans",
    "POST /api/plans/:name/migrations | may: create migmigrations",
    "POST /api/session/sign-out | signed-in: own session",
    `POST /api/storages | may: create migstorages and ${secrets}`,
    "PUT /api/clusters/:name | may: patch migclusters",
    "PUT /api/storages/:name | may: patch migstorages",
  ]);
});

test("keeps its description from strangers", async () => {
  const headers = { host: "localhost:3000" };
  expect((await app.server.inject({ url: "/api/openapi.json", headers })).statusCode).toBe(401);
  const admin = await app.signIn("admin", clusters.host.adminToken);
  const { paths } = (await admin.request({ url: "/api/openapi.json" })).json();
  expect(paths["/api/plans/{name}"].patch.requestBody).toBeDefined();
});

test("answers nothing for another host name", async () => {
  const response = await app.server.inject({
    url: "/api/session",
    headers: { host: "rebound.example.com" },
  });
  expect(response.json()).toMatchObject({ status: 403, code: "FORBIDDEN" });
});

test("refuses what other sites make a browser send", async () => {
  const admin = await app.signIn("admin", clusters.host.adminToken);
  const refused = async (headers: Record<string, string>): Promise<string> => {
    const url = "/api/session/sign-out";
    return (await admin.request({ method: "POST", url, headers })).json().detail;
  };
  expect(await refused({ origin: "https://evil.example.com" })).toContain("other sites");
  expect(await refused({ "sec-fetch-site": "cross-site" })).toContain("other sites");
  expect(await refused({ "x-csrf-token": "guessed" })).toContain("x-csrf-token");
  expect(await app.services.sessions.find(admin.cookie)).toBeDefined();
  const live = { url: "/api/live?resources=migplans", headers: { origin: "https://evil.example" } };
  expect((await admin.request(live)).statusCode).toBe(403);
});

test("reads JSON and nothing else", async () => {
  const admin = await app.signIn("admin", clusters.host.adminToken);
  const post = (payload: string, type: string) =>
    admin.request({
      method: "POST",
      url: "/api/plans",
      payload,
      headers: { "content-type": type },
    });
  expect((await post("name=x", "application/x-www-form-urlencoded")).json().code).toBe(
    "UNSUPPORTED_MEDIA_TYPE",
  );
  expect((await post("{}", "text/plain")).json().code).toBe("UNSUPPORTED_MEDIA_TYPE");
  expect((await post("{", "application/json")).json().code).toBe("INVALID");
  expect((await post(JSON.stringify("x".repeat(1_100_000)), "application/json")).json().code).toBe(
    "TOO_LARGE",
  );
  const unknown = await post(JSON.stringify({ surprise: true }), "application/json");
  expect(unknown.json().errors.map(({ field }: { field: string }) => field)).toContain("name");
  expect(unknown.body).toContain("surprise");
});

test("says what is not there in the same form", async () => {
  const response = await app.server.inject({
    url: "/api/nothing",
    headers: { host: "localhost:3000" },
  });
  expect(response.statusCode).toBe(404);
  expect(response.json()).toMatchObject({ code: "NOT_FOUND" });
  const garbled = await app.server.inject({ url: "/api/%", headers: { host: "localhost:3000" } });
  expect(garbled.json()).toMatchObject({ status: 400, code: "INVALID" });
});

test("tells a browser to trust nothing but itself", async () => {
  const { headers } = await app.server.inject({ url: "/api/healthz" });
  expect(headers["content-security-policy"]).toContain("default-src 'none'");
  expect(headers["x-content-type-options"]).toBe("nosniff");
  expect(headers["x-frame-options"]).toBe("DENY");
});

test("says to build the console when there is none", async () => {
  const response = await app.server.inject({ url: "/", headers: { host: "localhost:3000" } });
  expect(response.statusCode).toBe(503);
  expect(response.body).toContain("The console has not been built");
});

test("lets nobody try to sign in without end", async () => {
  const attempt = () =>
    app.server.inject({ url: "/api/auth/login", headers: { host: "localhost:3000" } });
  for (let count = 0; count < 60; count += 1) await attempt();
  const refused = await attempt();
  expect(refused.json()).toMatchObject({ status: 429, code: "RATE_LIMITED" });
});
