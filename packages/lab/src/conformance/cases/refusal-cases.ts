import type { Json } from "../api-client.ts";
import { expectRefusal } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { configMap, deployment, pod } from "../manifests.ts";

type Refusal = {
  readonly what: string;
  readonly at: readonly [apiVersion: string, plural: string];
  readonly body: Json;
  readonly message: RegExp;
  readonly code?: number;
  readonly reason?: string;
};

const C = { name: "m", image: "a:1" };
const IP = "must be a valid IP address";

function workload(spec: Json): Json {
  return deployment("d", spec);
}

const METADATA: readonly Refusal[] = [
  {
    what: "annotations of more than 256 KiB",
    at: ["v1", "configmaps"],
    body: configMap("a", { metadata: { annotations: { x: "z".repeat(262_145) } } }),
    message:
      /metadata\.annotations: Too long: (must have at most|may not be more than) 262144 bytes/,
  },
  {
    what: "a finalizer without a domain",
    at: ["v1", "configmaps"],
    body: configMap("a", { metadata: { finalizers: ["plain"] } }),
    message:
      /metadata\.finalizers\[0\]: Invalid value: "plain": name is neither a standard finalizer name nor is it fully qualified/,
  },
  {
    what: "an owner without a name",
    at: ["v1", "configmaps"],
    body: configMap("a", {
      metadata: { ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "", uid: "1" }] },
    }),
    message: /metadata\.ownerReferences\.name: Invalid value: "": name must not be empty/,
  },
  {
    what: "a base for names that none can begin with",
    at: ["v1", "configmaps"],
    body: { metadata: { generateName: "gen_" } },
    message: /metadata\.generateName: Invalid value: "gen_": a lowercase RFC 1123 subdomain/,
  },
  {
    what: "a version for what is to be created",
    at: ["v1", "configmaps"],
    body: configMap("a", { metadata: { resourceVersion: "5" } }),
    code: 500,
    reason: "",
    message: /^resourceVersion should not be set on objects to be created$/,
  },
  {
    what: "another kind than the path's",
    at: ["v1", "configmaps"],
    body: { ...configMap("a"), kind: "Nope" },
    code: 400,
    reason: "BadRequest",
    message:
      /^Nope in version "v1" cannot be handled as a ConfigMap: no kind "Nope" is registered for version "v1"/,
  },
  {
    what: "a key that is text and bytes at once",
    at: ["v1", "configmaps"],
    body: configMap("a", { data: { k: "1" }, binaryData: { k: "YQ==" } }),
    message: /data\[k\]: Invalid value: "k": duplicate of key present in binaryData/,
  },
];

const PODS: readonly Refusal[] = (
  [
    [
      "a variable without a name",
      { containers: [{ ...C, env: [{ name: "" }] }] },
      /containers\[0\]\.env\[0\]\.name: Required value/,
    ],
    ["a node that cannot be", { nodeName: "A B" }, /spec\.nodeName: Invalid value: "A B"/],
    [
      "a DNS policy it does not know",
      { dnsPolicy: "x" },
      /spec\.dnsPolicy: Unsupported value: "x"/,
    ],
    [
      "a deadline of no seconds",
      { activeDeadlineSeconds: 0 },
      /spec\.activeDeadlineSeconds: Invalid value: 0: must be between 1 and 2147483647, inclusive/,
    ],
    [
      "a selector of nodes by no label",
      { nodeSelector: { "a b": "c" } },
      /spec\.nodeSelector: Invalid value: "a b": name part must consist of/,
    ],
    [
      "a host name that is none",
      { hostname: "A_" },
      /spec\.hostname: Invalid value: "A_": a lowercase RFC 1123 label/,
    ],
    [
      "a toleration with an operator it does not know",
      { tolerations: [{ key: "k", operator: "X" }] },
      /spec\.tolerations\[0\]\.operator: Unsupported value: "X": supported values: "Equal", "Exists"/,
    ],
  ] as const
).map(([what, spec, message]) => ({ what, at: ["v1", "pods"], body: pod("p", spec), message }));

const WORKLOADS: readonly Refusal[] = [
  {
    what: "a rolling update where everything is to be replaced at once",
    at: ["apps/v1", "deployments"],
    body: workload({ strategy: { type: "Recreate", rollingUpdate: { maxSurge: 1 } } }),
    message:
      /spec\.strategy\.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'/,
  },
  {
    what: "a rollout that may neither add nor take away",
    at: ["apps/v1", "deployments"],
    body: workload({ strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 0 } } }),
    message:
      /spec\.strategy\.rollingUpdate\.maxUnavailable: Invalid value: .*: may not be 0 when `maxSurge` is 0/,
  },
  {
    what: "a deployment of pods that do not restart",
    at: ["apps/v1", "deployments"],
    body: workload({
      template: {
        metadata: { labels: { app: "d" } },
        spec: { restartPolicy: "Never", containers: [C] },
      },
    }),
    message:
      /spec\.template\.spec\.restartPolicy: Unsupported value: "Never": supported values: "Always"/,
  },
  {
    what: "a selector that does not match, in Go's words",
    at: ["apps/v1", "deployments"],
    body: workload({ selector: { matchLabels: { app: "z" } } }),
    message:
      /spec\.template\.metadata\.labels: Invalid value: map\[string\]string\{"app":"d"\}: `selector` does not match template `labels`/,
  },
];

const NETWORK: readonly Refusal[] = [
  {
    what: "a service at no address",
    at: ["v1", "services"],
    body: { metadata: { name: "s" }, spec: { clusterIP: "x", ports: [{ port: 1 }] } },
    message: new RegExp(`spec\\.clusterIPs\\[0\\]: Invalid value: "x": ${IP}`),
  },
  {
    what: "a service at an address of another network",
    at: ["v1", "services"],
    body: { metadata: { name: "s" }, spec: { clusterIP: "1.2.3.4", ports: [{ port: 1 }] } },
    message:
      /spec\.clusterIPs: Invalid value: \[\]string\{"1\.2\.3\.4"\}: failed to allocate.*not in the valid range\. The range of valid IPs is/,
  },
  {
    what: "endpoints at no address",
    at: ["v1", "endpoints"],
    body: {
      metadata: { name: "e" },
      subsets: [{ addresses: [{ ip: "x" }], ports: [{ port: 1 }] }],
    },
    message: new RegExp(`subsets\\[0\\]\\.addresses\\[0\\]\\.ip: Invalid value: "x": ${IP}`),
  },
  {
    what: "an ingress that leads nowhere",
    at: ["networking.k8s.io/v1", "ingresses"],
    body: { metadata: { name: "i" }, spec: {} },
    message: /spec: Invalid value: .*: either `defaultBackend` or `rules` must be specified/,
  },
];

const OTHERS: readonly Refusal[] = [
  {
    what: "a claim for nothing",
    at: ["v1", "persistentvolumeclaims"],
    body: {
      metadata: { name: "c" },
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "0" } } },
    },
    message: /spec\.resources\[storage\]: Invalid value: "0": must be greater than zero/,
  },
  {
    what: "credentials without a name and a password",
    at: ["v1", "secrets"],
    body: { metadata: { name: "s" }, type: "kubernetes.io/basic-auth" },
    message: /\[username\]: Required value.*\[password\]: Required value/,
  },
  {
    what: "an event about another namespace",
    at: ["v1", "events"],
    body: {
      metadata: { name: "e" },
      involvedObject: { kind: "Pod", name: "p", namespace: "elsewhere" },
    },
    message:
      /involvedObject\.namespace: Invalid value: "elsewhere": does not match event\.namespace/,
  },
  {
    what: "a lease of no seconds",
    at: ["coordination.k8s.io/v1", "leases"],
    body: { metadata: { name: "l" }, spec: { leaseDurationSeconds: 0 } },
    message: /spec\.leaseDurationSeconds: Invalid value: 0: must be greater than 0/,
  },
  {
    what: "paths in the rules of a namespace",
    at: ["rbac.authorization.k8s.io/v1", "roles"],
    body: { metadata: { name: "r" }, rules: [{ verbs: ["get"], nonResourceURLs: ["/x"] }] },
    message:
      /rules\[0\]\.nonResourceURLs: Invalid value: \[\]string\{"\/x"\}: namespaced rules cannot apply to non-resource URLs/,
  },
  {
    what: "a binding to a subject of no known kind",
    at: ["rbac.authorization.k8s.io/v1", "rolebindings"],
    body: {
      metadata: { name: "r" },
      subjects: [{ kind: "X", name: "y" }],
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "r" },
    },
    message: /subjects\[0\]\.kind: Unsupported value: "X": supported values: /,
  },
  {
    what: "a job that selects its pods by hand and does not say how",
    at: ["batch/v1", "jobs"],
    body: {
      metadata: { name: "j" },
      spec: {
        manualSelector: true,
        template: { spec: { restartPolicy: "Never", containers: [C] } },
      },
    },
    message: /spec\.selector: Required value/,
  },
];

/** What is not created, and in which words. */
export const refusalCases: readonly ConformanceCase[] = [
  ...[...METADATA, ...PODS, ...WORKLOADS, ...NETWORK, ...OTHERS].map(
    ({ what, at: [apiVersion, plural], body, message, code = 422, reason = "Invalid" }) => ({
      name: `refuses ${what}`,
      run: async ({ api, path }: Parameters<ConformanceCase["run"]>[0]) => {
        const answer = await api.post(path(apiVersion, plural), body);
        expectRefusal(answer, { code, ...(reason === "" ? {} : { reason }), message });
      },
    }),
  ),
  {
    name: "refuses a pod of a priority nobody defined",
    async run({ api, path }) {
      const answer = await api.post(path("v1", "pods"), pod("p", { priorityClassName: "ghost" }));
      expectRefusal(answer, {
        code: 403,
        reason: "Forbidden",
        message: /no PriorityClass with name ghost was found/,
      });
    },
  },
  {
    name: "refuses an unknown way to reclaim a volume",
    async run({ api, word }) {
      const answer = await api.post("/api/v1/persistentvolumes", {
        metadata: { name: word },
        spec: {
          accessModes: ["ReadWriteOnce"],
          capacity: { storage: "1Gi" },
          hostPath: { path: "/x" },
          persistentVolumeReclaimPolicy: "X",
        },
      });
      expectRefusal(answer, {
        code: 422,
        reason: "Invalid",
        message:
          /persistentVolumeReclaimPolicy: Unsupported value: "X": supported values: "Delete", "Recycle", "Retain"/,
      });
    },
  },
  {
    name: "refuses to review no token",
    async run({ api }) {
      const answer = await api.post("/apis/authentication.k8s.io/v1/tokenreviews", { spec: {} });
      expectRefusal(answer, {
        code: 400,
        reason: "BadRequest",
        message: "token is required for TokenReview in authentication",
      });
    },
  },
];
