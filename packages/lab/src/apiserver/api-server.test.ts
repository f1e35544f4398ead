import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeAll, expect, test } from "vitest";
import { ApiClient } from "../conformance/api-client.ts";
import { createAuthority, issueCertificate } from "../tls/certificate-authority.ts";
import type { ApiServer, ApiServerOptions } from "./api-server-options.ts";
import { startApiServer } from "./api-server.ts";
import { failNthWrite } from "./faults.ts";

let tls: ApiServerOptions["tls"];
const closing: (() => Promise<void> | void)[] = [];

beforeAll(async () => {
  const { certPem: caPem, keyPem } = await createAuthority("test");
  tls = {
    caPem,
    ...(await issueCertificate(
      { certPem: caPem, keyPem },
      { commonName: "server", hosts: ["127.0.0.1"] },
    )),
  };
});

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function start(
  options: Partial<ApiServerOptions> = {},
): Promise<{ server: ApiServer; api: ApiClient }> {
  const staticTokens = { admin: { username: "admin", groups: ["system:masters"] } };
  const server = await startApiServer({ name: "test", tls, staticTokens, ...options });
  const api = new ApiClient({ url: server.url, caPem: server.caPem, token: "admin" });
  closing.push(() => server.close());
  closing.push(() => api.close());
  return { server, api };
}

const maps = "/api/v1/namespaces/default/configmaps";
const map = (name: string): object => ({ metadata: { name } });

test("keeps objects and the key of its tokens over a restart", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "api-server-"));
  closing.push(() => rmSync(dataDir, { recursive: true }));
  const first = await start({ dataDir });
  await first.api.post("/api/v1/namespaces/default/serviceaccounts", map("robot"));
  const issued = await first.api.post("/api/v1/namespaces/default/serviceaccounts/robot/token", {});
  await first.api.post(maps, map("a"));
  await first.server.close();
  const { api } = await start({ dataDir });
  expect((await api.get(`${maps}/a`)).status).toBe(200);
  const token = issued.body.text("status", "token");
  expect((await api.get(maps, { token })).status).toBe(403);
});

test("serves extra routes with the user who asks", async () => {
  const { api } = await start({
    extraRoutes: [
      {
        prefix: "/apis/user.openshift.io/v1/users/~",
        access: "authenticated",
        handle: ({ response, user }) => void response.end(JSON.stringify({ me: user.username })),
      },
    ],
  });
  const path = "/apis/user.openshift.io/v1/users/~";
  expect((await api.get(path)).body.at("me")).toBe("admin");
  expect((await api.get(path, { token: null })).status).toBe(403);
});

test("recognises tokens issued elsewhere", async () => {
  const { api } = await start({
    authenticateToken: async (token) =>
      token === "oauth" ? { username: "dev", groups: [] } : undefined,
  });
  expect((await api.get(maps, { token: "oauth" })).status).toBe(403);
  expect((await api.get(maps, { token: "else" })).status).toBe(401);
});

test("fails the write it is told to fail, and only that", async () => {
  const faults = failNthWrite(2, { kind: "refuse", code: 500 });
  const { api } = await start({ faults });
  expect((await api.post(maps, map("a"))).status).toBe(201);
  expect((await api.post(maps, map("b"))).status).toBe(500);
  expect((await api.get(`${maps}/b`)).status).toBe(404);
  expect((await api.post(maps, map("c"))).status).toBe(201);
});

test("does the work of a write whose answer it loses", async () => {
  const faults = failNthWrite(1, { kind: "lose-answer" });
  const { api } = await start({ faults });
  await expect(api.post(maps, map("a"))).rejects.toThrow(/hang up|reset/);
  expect((await api.get(`${maps}/a`)).status).toBe(200);
});
