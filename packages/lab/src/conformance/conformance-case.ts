import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiClient } from "./api-client.ts";
import type { Answer, Json } from "./api-client.ts";
import { followKubectl, runKubectl } from "./kubectl.ts";
import type { FollowedKubectl, Kubectl, KubectlResult } from "./kubectl.ts";
import type { ServerUnderTest } from "./server-under-test.ts";
import { isAtLeast } from "../kubeserver/server-version.ts";

/** One behaviour of the Kubernetes API, checked from outside. */
export type ConformanceCase = {
  /** A sentence about what the server does. */
  readonly name: string;
  /** What the server under test must offer for the case to apply. */
  readonly needs?: "controllers" | "kubectl" | "compact";
  /** The version of Kubernetes that brought the behaviour, when there are older servers about. */
  readonly since?: string;
  /** The version of kubectl that brought what the case does with it. */
  readonly sinceKubectl?: string;
  readonly run: (context: CaseContext) => Promise<void>;
};

/** What a case works with. Everything it makes lives in its own namespace, or carries its own random name. */
export type CaseContext = {
  readonly server: ServerUnderTest;
  readonly api: ApiClient;
  readonly namespace: string;
  /** A random word for names outside the namespace. */
  readonly word: string;
  /** `/api/v1/namespaces/NAMESPACE/…` or `/apis/GROUP/VERSION/namespaces/NAMESPACE/…`. */
  readonly path: (apiVersion: string, rest: string) => string;
  readonly kubectl: (args: readonly string[], input?: string) => Promise<KubectlResult>;
  /** A kubectl that watches; it has to be stopped. */
  readonly followKubectl: (args: readonly string[]) => FollowedKubectl;
  /** Which kubectl that is; undefined where the case needs none. */
  readonly kubectlVersion: string;
};

/** An outside client, and the directory with the kubeconfig that makes it the server's administrator. */
export type Outside = { readonly kubectl?: Kubectl | undefined; readonly directory: string };

/** Kubernetes waits five seconds before it looks again into a namespace that goes, and remembers tokens for ten. */
const PATIENCE_MS = 20_000;

/** Runs one case in a namespace of its own. */
export async function runCase(
  server: ServerUnderTest,
  one: ConformanceCase,
  { kubectl, directory }: Outside,
): Promise<void> {
  const api = new ApiClient({ url: server.url, caPem: server.caPem, token: server.adminToken });
  const word = `c${randomBytes(4).toString("hex")}`;
  expectStatus(await api.post("/api/v1/namespaces", namespaceNamed(word)), 201);
  try {
    if (server.hasControllers) await settled(server, api, word);
    await one.run({
      server,
      api,
      namespace: word,
      word,
      path: (apiVersion, rest) => pathIn(apiVersion, word, rest),
      ...client({ kubectl, directory }, word),
    });
  } finally {
    // The namespace stays: the server is thrown away, and emptying it would slow down the cases that follow.
    api.close();
  }
}

function client(
  { kubectl, directory }: Outside,
  namespace: string,
): Pick<CaseContext, "kubectl" | "followKubectl" | "kubectlVersion"> {
  const given = (): Kubectl => {
    if (kubectl === undefined) throw new Error("A case that uses kubectl has to say so.");
    return kubectl;
  };
  const common = [...clientArgs(directory), "-n", namespace];
  return {
    kubectl: (args, input) => runKubectl(given(), [...common, ...args], input),
    followKubectl: (args) => followKubectl(given(), [...common, ...args]),
    kubectlVersion: kubectl?.version ?? "",
  };
}

/** Everybody's own discovery cache may tell of another server that had the same port. */
function clientArgs(directory: string): readonly string[] {
  return ["--kubeconfig", join(directory, "kubeconfig"), "--cache-dir", join(directory, "cache")];
}

/** Waits for what controllers put into a new namespace: pods need it, and watches would show it. */
async function settled(server: ServerUnderTest, api: ApiClient, namespace: string): Promise<void> {
  const path = `/api/v1/namespaces/${namespace}`;
  await eventually(async () => {
    const account = expectStatus(await api.get(`${path}/serviceaccounts/default`), 200);
    const hasToken = account.body.list("secrets").length > 0;
    assert.ok(hasToken || isAtLeast(server.version, "1.24"), "the account has no token yet");
    expectStatus(await api.get(`${path}/configmaps/kube-root-ca.crt`), 200);
  });
}

/** Why the case cannot be asked of this server; undefined when it can. */
export function whyNotApplicable(
  server: ServerUnderTest,
  { needs, since, sinceKubectl }: ConformanceCase,
  kubectl: Kubectl | undefined,
): string | undefined {
  if (sinceKubectl && kubectl && !isAtLeast(kubectl.version, sinceKubectl)) {
    return `came with kubectl ${sinceKubectl}`;
  }
  if (since !== undefined && !isAtLeast(server.version, since)) return `came with ${since}`;
  const offered = {
    controllers: server.hasControllers,
    kubectl: kubectl !== undefined,
    compact: server.compact !== undefined,
  };
  return needs === undefined || offered[needs] ? undefined : `needs ${needs}`;
}

function pathIn(apiVersion: string, namespace: string, rest: string): string {
  const root = apiVersion.includes("/") ? "/apis" : "/api";
  return `${root}/${apiVersion}/namespaces/${namespace}/${rest}`;
}

function namespaceNamed(name: string): Json {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

/** Asserts the status of an answer, showing what came instead. */
export function expectStatus(answer: Answer, status: number): Answer {
  assert.equal(answer.status, status, `expected ${status}: ${answer.text.slice(0, 600)}`);
  return answer;
}

/** Asserts a refusal: its code, reason and message. */
export function expectRefusal(
  answer: Answer,
  wanted: { readonly code: number; readonly reason?: string; readonly message?: string | RegExp },
): Answer {
  expectStatus(answer, wanted.code);
  assert.equal(answer.body.at("kind"), "Status");
  assert.equal(answer.body.at("status"), "Failure");
  if (wanted.reason !== undefined)
    assert.equal(answer.body.at("reason"), wanted.reason, answer.text);
  const message = answer.body.text("message");
  if (typeof wanted.message === "string") assert.equal(message, wanted.message);
  else if (wanted.message !== undefined) assert.match(message, wanted.message);
  return answer;
}

/** Asks again until the check holds; fails with the last problem when patience ends. */
export async function eventually(check: () => Promise<void>): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await sleep(25);
  }
}
