import type { X509Certificate } from "node:crypto";
import type { CheckCluster, CheckStep, ConnectionCheck } from "@drover/contract";
import { MigCluster, migrationGroup, veleroGroup } from "@drover/crds";
import { KubeError, connect } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { Actor } from "../access/actor.ts";
import { AppError } from "../app-error.ts";
import { readToken } from "./cluster-access.ts";
import { pinnedTo, resolveClusterAddress } from "./cluster-address.ts";
import type { ClusterAddress } from "./cluster-address.ts";
import type { ClusterDeps } from "./cluster-deps.ts";
import { inspectCertificate, openSocket } from "./server-certificate.ts";

type StepId = CheckStep["id"];

const titles: Record<StepId, string> = {
  resolve: "Find the server",
  connect: "Reach the server",
  tls: "Verify its certificate",
  "sign-in": "Sign in with the token",
  permissions: "Check the token's rights",
  version: "Ask for the version",
};

/** A step did not pass, with what to do about it. */
class StepFailure extends Error {
  readonly certificate: X509Certificate | undefined;

  constructor(message: string, certificate?: X509Certificate) {
    super(message);
    this.certificate = certificate;
  }
}

function shown(certificate: X509Certificate): NonNullable<ConnectionCheck["certificate"]> {
  return {
    subject: certificate.subject.replaceAll("\n", ", "),
    issuer: certificate.issuer.replaceAll("\n", ", "),
    validTo: certificate.validToDate.toISOString(),
    fingerprint: certificate.fingerprint256,
    pem: certificate.toString(),
  };
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

async function reach(address: ClusterAddress) {
  return openSocket(address).catch((error: unknown) => {
    throw new StepFailure(
      `${address.hostname}:${address.port} cannot be reached: ${sentence(error)}. Check the port, and firewalls between this machine and the cluster.`,
    );
  });
}

async function verify(address: ClusterAddress, form: CheckCluster): Promise<string> {
  const socket = await reach(address);
  const { distrust, certificate } = await inspectCertificate(socket, address, form.caBundle).catch(
    (error: unknown) => {
      throw new StepFailure(
        `The server does not complete TLS: ${sentence(error)}. Is this an API server?`,
      );
    },
  );
  if (distrust === undefined) return "The certificate is trusted.";
  if (form.insecure) return `Not verified, as you chose (${distrust}).`;
  throw new StepFailure(
    `The certificate is not trusted: ${distrust}. Compare its fingerprint with the cluster's, then add it as CA bundle.`,
    certificate,
  );
}

async function tokenFor(deps: ClusterDeps, actor: Actor, form: CheckCluster): Promise<string> {
  if (form.token !== undefined) return form.token.trim();
  if (form.name === undefined) throw new StepFailure("Enter the service account token.");
  const ref = { namespace: deps.config.namespace, name: form.name };
  return readToken(actor, await actor.cluster.get(MigCluster, ref));
}

/** The token has to be accepted before it can be asked about; a review answers both. */
async function signIn(cluster: Cluster): Promise<readonly string[]> {
  const groups = [migrationGroup.group, veleroGroup.group];
  try {
    const verdicts = await Promise.all(
      groups.map((group) => cluster.can({ verb: "*", group, resource: "*" })),
    );
    return groups.filter((_, index) => verdicts[index] !== true);
  } catch (error) {
    if (error instanceof KubeError && error.isUnauthorized)
      throw new StepFailure(
        "The cluster does not accept the token. It may have expired, or belong to another cluster.",
      );
    throw error;
  }
}

function requireRights(refused: readonly string[]): string {
  if (refused.length === 0) return "The token may do what migrations need.";
  throw new StepFailure(
    `The token may not do everything in ${refused.join(" and ")}. Bind its service account to cluster-admin.`,
  );
}

type Progress = {
  readonly steps: CheckStep[];
  /** Runs a step and notes that it passed, with what was found. */
  readonly pass: <T>(id: StepId, run: () => Promise<T>, say: (value: T) => string) => Promise<T>;
};

function noteSteps(): Progress {
  const steps: CheckStep[] = [];
  return {
    steps,
    pass: async (id, run, say) => {
      const value = await run();
      steps.push({ id, title: titles[id], state: "passed", detail: say(value) });
      return value;
    },
  };
}

/** The step that was under way failed; those after it were not tried. */
function noteFailure({ steps }: Progress, error: unknown): void {
  const [failed, ...skipped] = (Object.keys(titles) as StepId[]).slice(steps.length);
  if (failed !== undefined)
    steps.push({ id: failed, title: titles[failed], state: "failed", detail: sentence(error) });
  for (const id of skipped) steps.push({ id, title: titles[id], state: "skipped" });
}

async function checkAddress(
  { config }: ClusterDeps,
  form: CheckCluster,
  { pass }: Progress,
): Promise<ClusterAddress> {
  const rules = { allowLoopback: config.lab };
  const address = await pass(
    "resolve",
    () => resolveClusterAddress(form.url, rules),
    (found) => `${found.hostname} is ${found.address}.`,
  );
  await pass(
    "connect",
    () => reach(address),
    (socket) => {
      socket.destroy();
      return `Port ${address.port} answers.`;
    },
  );
  await pass(
    "tls",
    () => verify(address, form),
    (text) => text,
  );
  return address;
}

async function checkToken(cluster: Cluster, { pass }: Progress): Promise<void> {
  const refused = await pass(
    "sign-in",
    () => signIn(cluster),
    () => "The token is accepted.",
  );
  await pass(
    "permissions",
    async () => requireRights(refused),
    (text) => text,
  );
  await pass(
    "version",
    () => cluster.version(),
    ({ gitVersion }) => `Kubernetes ${gitVersion}.`,
  );
}

/** Tries a connection the way the controller will use it, one step after the other. */
export async function checkConnection(
  deps: ClusterDeps,
  actor: Actor,
  form: CheckCluster,
): Promise<ConnectionCheck> {
  const progress = noteSteps();
  let certificate: X509Certificate | undefined;
  let cluster: Cluster | undefined;
  try {
    const address = await checkAddress(deps, form, progress);
    cluster = connect({
      ...pinnedTo(address),
      token: await tokenFor(deps, actor, form),
      insecure: form.insecure,
      timeoutMs: 10_000,
      ...(form.caBundle === undefined ? {} : { caPem: form.caBundle }),
    });
    await checkToken(cluster, progress);
  } catch (error) {
    const isExpected = [StepFailure, AppError, KubeError].some((type) => error instanceof type);
    if (!isExpected) throw error;
    if (error instanceof StepFailure) certificate = error.certificate;
    noteFailure(progress, error);
  } finally {
    await cluster?.close();
  }
  return {
    ok: progress.steps.every(({ state }) => state === "passed"),
    steps: progress.steps,
    ...(certificate === undefined ? {} : { certificate: shown(certificate) }),
  };
}
