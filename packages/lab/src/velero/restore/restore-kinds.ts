import type { Restore, Service } from "@drover/crds";
import { recordAt, recordsAt, type RawObject } from "../raw-object.ts";
import { mappedNamespace } from "./restored-object.ts";

export type KindContext = {
  readonly restore: Restore;
  readonly mapping: Readonly<Record<string, string>>;
};

type Transform = (object: RawObject, context: KindContext) => RawObject;

/** Addresses and ports are given out by each cluster; only a headless service keeps its `None`. */
const restoreService: Transform = (object, { restore }) => {
  const {
    clusterIP,
    clusterIPs: _clusterIPs,
    healthCheckNodePort: _healthCheckNodePort,
    loadBalancerIP: _loadBalancerIP,
    ...spec
  } = recordAt(object, "spec") as Service["spec"];
  const keepsPorts = restore.spec.preserveNodePorts === true;
  const ports = (spec.ports ?? []).map(({ nodePort, ...port }) =>
    keepsPorts && nodePort !== undefined ? { ...port, nodePort } : port,
  );
  return {
    ...object,
    spec: {
      ...spec,
      ...(clusterIP === "None" ? { clusterIP } : {}),
      ...(spec.ports && { ports }),
    },
  };
};

/** References to tokens and registry logins that the old cluster made. */
const restoreServiceAccount: Transform = (object) => {
  const made = new RegExp(`^${object.metadata.name ?? ""}-(token|dockercfg)-[a-z0-9]{5}$`);
  const kept = (field: string): Record<string, unknown>[] =>
    recordsAt(object, field).filter(({ name }) => !made.test(String(name)));
  return { ...object, secrets: kept("secrets"), imagePullSecrets: kept("imagePullSecrets") };
};

const jobLabels = new Set([
  "controller-uid",
  "job-name",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-name",
]);

function withoutJobLabels(labels: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !jobLabels.has(key)));
}

/** A Job's selector and its pods' labels name the old Job by uid. */
const restoreJob: Transform = (object) => {
  const { selector: _selector, template, ...spec } = recordAt(object, "spec");
  const metadata = recordAt(template, "metadata");
  const labels = withoutJobLabels(recordAt(template, "metadata", "labels"));
  const own = withoutJobLabels(object.metadata.labels ?? {}) as Record<string, string>;
  return {
    ...object,
    metadata: { ...object.metadata, labels: own },
    spec: {
      ...spec,
      template: { ...recordAt(template), metadata: { ...metadata, labels } },
    },
  };
};

const accountsGroup = "system:serviceaccounts:";

/** Subjects follow their namespaces. */
const restoreBinding: Transform = (object, { mapping }) => {
  const subjects = recordsAt(object, "subjects").map((subject) => {
    const { kind, name, namespace } = subject;
    if (kind === "ServiceAccount" && typeof namespace === "string") {
      return { ...subject, namespace: mappedNamespace(mapping, namespace) };
    }
    if (kind === "Group" && typeof name === "string" && name.startsWith(accountsGroup)) {
      const old = name.slice(accountsGroup.length);
      return { ...subject, name: accountsGroup + mappedNamespace(mapping, old) };
    }
    return subject;
  });
  return { ...object, subjects };
};

/** A host the old cluster made up would point there; the new one makes its own. */
const restoreRoute: Transform = (object) => {
  const isGenerated = object.metadata.annotations?.["openshift.io/host.generated"] === "true";
  if (!isGenerated) return object;
  const { host: _host, ...spec } = recordAt(object, "spec");
  const { "openshift.io/host.generated": _generated, ...annotations } =
    object.metadata.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations }, spec };
};

/** Users of constraints are service accounts by their full name. */
const restoreConstraints: Transform = (object, { mapping }) => {
  const users = Array.isArray(object["users"]) ? (object["users"] as unknown[]) : [];
  const mapped = users.map((user) => {
    const match = /^system:serviceaccount:([^:]+):(.+)$/.exec(String(user));
    if (match === null) return user;
    return `system:serviceaccount:${mappedNamespace(mapping, match[1] ?? "")}:${match[2]}`;
  });
  return { ...object, users: mapped };
};

const transforms: Readonly<Record<string, Transform>> = {
  services: restoreService,
  serviceaccounts: restoreServiceAccount,
  "jobs.batch": restoreJob,
  "rolebindings.rbac.authorization.k8s.io": restoreBinding,
  "clusterrolebindings.rbac.authorization.k8s.io": restoreBinding,
  "rolebindings.authorization.openshift.io": restoreBinding,
  "routes.route.openshift.io": restoreRoute,
  "securitycontextconstraints.security.openshift.io": restoreConstraints,
};

/** Changes what an object of this kind must not bring from its old cluster. */
export function restoreKind(resource: string, object: RawObject, context: KindContext): RawObject {
  return transforms[resource]?.(object, context) ?? object;
}
