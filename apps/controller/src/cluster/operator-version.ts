import type { ConditionInput } from "../runtime/condition-stage.ts";

type Versions = { readonly remote: string | undefined; readonly host: string | undefined };

/** Whether the software on a remote cluster fits the host's. */
export function versionProblem({ remote, host }: Versions): ConditionInput | undefined {
  const missing =
    remote === undefined ? "this cluster" : host === undefined ? "the host cluster" : "";
  if (missing !== "") {
    return {
      type: "ClusterOperatorVersionNotFound",
      category: "Warn",
      reason: "VersionNotFound",
      message: `OPERATOR_VERSION is not in the ConfigMap migration-cluster-config of ${missing}, so versions cannot be compared.`,
    };
  }
  if (remote === undefined || host === undefined || isCompatible(remote, host)) return undefined;
  return {
    type: "OperatorVersionMismatch",
    category: "Warn",
    reason: "VersionCheckFailed",
    message: `This cluster runs version ${remote} and the host cluster ${host}. Bring both to the same version.`,
  };
}

export function isCompatible(a: string, b: string): boolean {
  if (a === b) return true;
  const one = versionFrom(a);
  const other = versionFrom(b);
  if (!one || !other) return false;
  return bridges(one, other) || bridges(other, one);
}

type Version = { readonly major: number; readonly minor: number; readonly fix: number };

/** 1.5 from its first fix on works with 1.6 and later. */
function bridges(older: Version, newer: Version): boolean {
  const isBridge = older.major === 1 && older.minor === 5 && older.fix >= 1;
  return isBridge && newer.major === 1 && newer.minor >= 6;
}

function versionFrom(text: string): Version | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)$/.exec(text);
  if (!match) return undefined;
  return { major: Number(match[1]), minor: Number(match[2]), fix: Number(match[3]) };
}
