import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { configFrom } from "./config.ts";

let stateDir: string;

const kubeconfig = `
apiVersion: v1
kind: Config
current-context: host
contexts: [{ name: host, context: { cluster: host, user: api } }]
clusters: [{ name: host, cluster: { server: "https://127.0.0.1:6443", certificate-authority-data: ${btoa("the ca")} } }]
users: [{ name: api, user: { token: the-token } }]
`;

beforeAll(async () => {
  stateDir = await mkdtemp(join(tmpdir(), "drover-config-"));
  await mkdir(join(stateDir, "lab", "oauth"), { recursive: true });
  await writeFile(join(stateDir, "lab", "api.kubeconfig"), kubeconfig);
  await writeFile(join(stateDir, "elsewhere.kubeconfig"), kubeconfig);
});

afterAll(() => rm(stateDir, { recursive: true }));

const config = (env: Record<string, string> = {}) =>
  configFrom({ DROVER_STATE_DIR: stateDir, ...env });

test("finds the lab by itself", () => {
  const found = config();
  expect(found.host).toMatchObject({
    url: "https://127.0.0.1:6443",
    caPem: "the ca",
    token: "the-token",
  });
  expect(found.lab).toBe(true);
  expect(found.publicUrl.origin).toBe("http://localhost:3000");
});

test("takes another cluster when one is named, and is no lab then", () => {
  const found = config({ DROVER_API_KUBECONFIG: join(stateDir, "elsewhere.kubeconfig") });
  expect(found.lab).toBe(false);
});

test("refuses plain http anywhere but on loopback", () => {
  expect(() => config({ DROVER_PUBLIC_URL: "http://drover.example.com" })).toThrow("needs https");
  expect(config({ DROVER_PUBLIC_URL: "https://drover.example.com" }).publicUrl.host).toBe(
    "drover.example.com",
  );
  expect(config({ DROVER_PUBLIC_URL: "http://127.0.0.1:3000" }).publicUrl.port).toBe("3000");
});

test("says which setting is wrong", () => {
  expect(() => config({ DROVER_PORT: "many" })).toThrow("DROVER_PORT must be a whole number.");
  expect(() => configFrom({ DROVER_STATE_DIR: join(stateDir, "none") })).toThrow("No host cluster");
});

test("asks for the OAuth client when somebody signs in, not before", async () => {
  const found = config();
  expect(() => found.oauthClient()).toThrow("No OAuth client");
  await writeFile(join(stateDir, "lab", "oauth", "oauth-client-secret"), "lab-secret\n");
  expect(found.oauthClient()).toEqual({ clientId: "drover", clientSecret: "lab-secret" });
});
