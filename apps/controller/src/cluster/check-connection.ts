import { KubeError } from "@drover/kube";
import type { Cluster } from "@drover/kube";
import type { MigCluster } from "@drover/crds";
import type { ConditionInput } from "../runtime/condition-stage.ts";
import { messageOf } from "../runtime/pass.ts";

/** Asks the cluster who it is, with its token. */
export async function connectionProblem(
  cluster: Cluster,
  described: { readonly migCluster: MigCluster; readonly token: string; readonly now: Date },
): Promise<ConditionInput | undefined> {
  try {
    await cluster.version();
    return undefined;
  } catch (error) {
    // Whoever may not even ask for the version is known to the cluster; what is missing are rights.
    if (error instanceof KubeError && error.isForbidden) return undefined;
    return connectFailed(connectMessage(error, described));
  }
}

const NEEDED_GROUPS = ["migration.openshift.io", "velero.io"] as const;

/** Asks the cluster what the token may do: everything on our resources and on Velero's. */
export async function privilegeProblem(cluster: Cluster): Promise<ConditionInput | undefined> {
  const refused: string[] = [];
  for (const group of NEEDED_GROUPS) {
    if (!(await cluster.can({ verb: "*", group, resource: "*" }))) refused.push(`*.${group}`);
  }
  if (refused.length === 0) return undefined;
  return {
    type: "SaTokenNotPrivileged",
    category: "Critical",
    reason: "Unauthorized",
    message:
      `The service account of the token may not do everything on ${refused.join(" and ")} in ${cluster.url}. ` +
      "Bind it to the role cluster-admin, or use the token of the service account migration-controller.",
  };
}

function connectFailed(message: string): ConditionInput {
  return { type: "TestConnectFailed", category: "Critical", reason: "ConnectFailed", message };
}

function connectMessage(
  error: unknown,
  { migCluster, token, now }: { migCluster: MigCluster; token: string; now: Date },
): string {
  if (!(error instanceof KubeError)) return `The connection failed: ${messageOf(error)}`;
  if (error.isCertificateNotTrusted) return certificateMessage(error, migCluster);
  if (error.isUnauthorized) return tokenMessage(migCluster.spec.url ?? "", token, now);
  if (error.isTransient) return `${error.message} Check spec.url, and that the cluster is up.`;
  return error.message;
}

function certificateMessage(error: KubeError, { spec }: MigCluster): string {
  const hint = spec.caBundle
    ? "spec.caBundle is not the CA that signed it."
    : "It seems to be self-signed (x509): add its CA as spec.caBundle, or set spec.insecure.";
  return `${error.message} ${hint}`;
}

function tokenMessage(url: string, token: string, now: Date): string {
  const expiry = expiryOf(token);
  const fresh = "Put a new token of the service account migration-controller into the Secret.";
  if (expiry !== undefined && expiry <= now) {
    return `The token expired at ${expiry.toISOString()}, and ${url} refuses it. ${fresh}`;
  }
  const why = "It was revoked, belongs to another cluster, or was not copied whole.";
  return `${url} refuses the token (401). ${why} ${fresh}`;
}

/** When a token runs out, as it says itself; undefined when it does not say. */
function expiryOf(token: string): Date | undefined {
  try {
    const claims: unknown = JSON.parse(
      Buffer.from(token.split(".")[1] ?? "", "base64url").toString(),
    );
    const seconds =
      typeof claims === "object" && claims && "exp" in claims ? claims.exp : undefined;
    return typeof seconds === "number" ? new Date(seconds * 1000) : undefined;
  } catch {
    return undefined;
  }
}
