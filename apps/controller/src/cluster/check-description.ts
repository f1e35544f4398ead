import { isRefSet } from "@drover/crds";
import type { MigCluster, Secret } from "@drover/crds";
import type { ConditionInput } from "../runtime/condition-stage.ts";
import { caPemFrom, tokenOf } from "./registration.ts";

/** What is wrong with the address of a remote cluster as it is written. */
export function urlProblem({ spec }: MigCluster): ConditionInput | undefined {
  const problem = (reason: string, message: string): ConditionInput => ({
    type: "InvalidURL",
    category: "Critical",
    reason,
    message,
  });
  if (!spec.url) {
    const wanted =
      "Give the address of the cluster's API server, such as https://api.example.com:6443.";
    return problem("NotSet", `spec.url is not set. ${wanted}`);
  }
  if (!URL.canParse(spec.url)) {
    const wanted = "It has to look like https://api.example.com:6443.";
    return problem("Malformed", `spec.url is not a URL. ${wanted}`);
  }
  const { protocol } = new URL(spec.url);
  if (protocol === "https:") return undefined;
  const why = "the service account token would travel readable for anyone on the way";
  return problem(
    "InvalidScheme",
    `spec.url begins with ${protocol}//; it has to be https://, as ${why}.`,
  );
}

/** What is wrong with the Secret that should hold the token. */
export function secretProblem(
  { spec }: MigCluster,
  secret: Secret | undefined,
): ConditionInput | undefined {
  const ref = spec.serviceAccountSecretRef;
  if (!isRefSet(ref)) {
    return {
      type: "InvalidSaSecretRef",
      category: "Critical",
      reason: "NotSet",
      message:
        "spec.serviceAccountSecretRef needs the namespace and the name of the Secret that holds the token.",
    };
  }
  const place = `Secret ${ref.name} in namespace ${ref.namespace}`;
  if (!secret) {
    return {
      type: "InvalidSaSecretRef",
      category: "Critical",
      reason: "NotFound",
      message: `${place} does not exist. Create it with the service account token under key saToken.`,
    };
  }
  const token = tokenOf(secret);
  if (token) return undefined;
  const how = "Put the token of the service account migration-controller there.";
  return {
    type: "InvalidSaToken",
    category: "Critical",
    reason: token === undefined ? "NotFound" : "NotSet",
    message: `${place} ${token === undefined ? "has no key saToken" : "has an empty saToken"}. ${how}`,
  };
}

/** What is wrong with the CA bundle as it is written. */
export function caBundleProblem({ spec }: MigCluster): ConditionInput | undefined {
  const pem = spec.insecure ? undefined : caPemFrom(spec.caBundle);
  if (pem === undefined || pem.includes("-----BEGIN CERTIFICATE-----")) return undefined;
  return {
    type: "TestConnectFailed",
    category: "Critical",
    reason: "ConnectFailed",
    message:
      "spec.caBundle holds no certificate. It has to be PEM text (-----BEGIN CERTIFICATE-----) in base64.",
  };
}
