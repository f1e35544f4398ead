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
}, 60_000);

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

test("registers no route without an access rule", async () => {
  const lines = app.routes.map(({ route, access }) => `${route}  ${access}`).toSorted();
  expect(lines).toMatchSnapshot();
  expect(lines.length).toBeGreaterThan(20);
  expect(() => app.server.get("/open", () => "")).toThrow();
});
