import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import {
  clustersFromKubeconfig,
  connectionFromKubeconfig,
  inClusterConnection,
  parseUploadedKubeconfig,
} from "./kubeconfig.ts";

type Parts = { cluster?: object; user?: object };

function kubeconfig({ cluster = {}, user = { token: "t" } }: Parts = {}): string {
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "two",
    contexts: [
      { name: "one", context: { cluster: "c", user: "u", namespace: "ns" } },
      { name: "two", context: { cluster: "c", user: "u" } },
    ],
    clusters: [{ name: "c", cluster: { server: "https://host:6443", ...cluster } }],
    users: [{ name: "u", user }],
  });
}

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "drover-kubeconfig-"));
  onTestFinished(() => rm(path, { recursive: true }));
  return path;
}

test("reads every context, or the one that is asked for, or the current one", () => {
  const contexts = clustersFromKubeconfig(kubeconfig()).map(({ context }) => context);
  expect(contexts).toEqual(["one", "two"]);
  expect(clustersFromKubeconfig(kubeconfig(), { context: "one" })).toEqual([
    {
      context: "one",
      isCurrent: false,
      namespace: "ns",
      connection: { url: "https://host:6443", token: "t" },
    },
  ]);
  expect(connectionFromKubeconfig(kubeconfig())).toEqual({ url: "https://host:6443", token: "t" });
  expect(() => connectionFromKubeconfig(kubeconfig(), { context: "three" })).toThrow(
    'no context named "three"',
  );
});

test("reads the files a trusted kubeconfig names, beside it", async () => {
  const directory = await folder();
  await writeFile(join(directory, "ca.crt"), "CA");
  await writeFile(join(directory, "token"), "from-file\n");
  const text = kubeconfig({
    cluster: { "certificate-authority": "ca.crt", "insecure-skip-tls-verify": true },
    user: { tokenFile: join(directory, "token") },
  });
  const connection = connectionFromKubeconfig(text, { directory });
  expect(connection).toMatchObject({ caPem: "CA", insecure: true });
  expect(await connection.readToken?.()).toBe("from-file");
});

test("runs the credential plugin of a trusted kubeconfig", async () => {
  const script =
    'console.log(JSON.stringify({apiVersion:"client.authentication.k8s.io/v1",kind:"ExecCredential",status:{token:"from-plugin"}}))';
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1",
    command: process.execPath,
    args: ["-e", script],
  };
  const connection = connectionFromKubeconfig(kubeconfig({ user: { exec } }));
  expect(await connection.readToken?.()).toBe("from-plugin");
});

test.each([
  ["a program", { user: { exec: { command: "touch", args: ["/tmp/x"] } } }, /runs a program/],
  ["an auth provider", { user: { "auth-provider": { name: "gcp" } } }, /auth-provider/],
  ["a token file", { user: { tokenFile: "/etc/passwd" } }, /names a file .*tokenFile/],
  ["a certificate file", { user: { "client-certificate": "/etc/passwd" } }, /names a file/],
  ["a key file", { user: { token: "t", "client-key": "/etc/shadow" } }, /names a file/],
  ["a CA file", { cluster: { "certificate-authority": "/etc/passwd" } }, /names a file/],
  ["plain http", { cluster: { server: "http://169.254.169.254" } }, /not https/],
  ["a proxy", { cluster: { "proxy-url": "http://evil" } }, /proxy-url/],
  ["impersonation", { user: { token: "t", as: "admin" } }, /impersonates/],
  ["a password", { user: { username: "u", password: "p" } }, /no longer accept/],
])("an uploaded kubeconfig with %s is refused by context", (_what, parts, problem) => {
  const { clusters, refused } = parseUploadedKubeconfig(kubeconfig(parts));
  expect(clusters).toEqual([]);
  expect(refused.map(({ context }) => context)).toEqual(["one", "two"]);
  expect(refused[0]?.problem).toMatch(problem);
});

test("an uploaded kubeconfig with everything inside is taken", () => {
  const ca = Buffer.from("CA").toString("base64");
  const text = kubeconfig({ cluster: { "certificate-authority-data": ca } });
  const { clusters, refused } = parseUploadedKubeconfig(text);
  expect(refused).toEqual([]);
  expect(clusters[1]?.connection).toEqual({ url: "https://host:6443", token: "t", caPem: "CA" });
});

test.each([
  ["broken YAML", "users: [{token: top-secret"],
  ["another shape", "users: [{name: u, user: {token: [top-secret]}}]\ncontexts: []\nclusters: []"],
  ["an alias bomb", "a: &a [top-secret]\nb: [*a, *a]"],
  ["too much", "#".repeat(1024 * 1024 + 1)],
])("%s is refused without quoting it", (_what, text) => {
  expect(() => parseUploadedKubeconfig(text)).toThrow(/kubeconfig cannot be read/);
  expect(() => parseUploadedKubeconfig(text)).not.toThrow(/top-secret/);
});

test("a pod finds its own cluster, and nothing does outside of one", async () => {
  const directory = await folder();
  await writeFile(join(directory, "ca.crt"), "CA");
  await writeFile(join(directory, "token"), "pod-token");
  const connection = inClusterConnection({ host: "fd00::1", port: "443", directory });
  expect(connection).toMatchObject({ url: "https://[fd00::1]:443", caPem: "CA" });
  expect(await connection?.readToken?.()).toBe("pod-token");
  expect(inClusterConnection({ host: undefined })).toBeUndefined();
});
