import assert from "node:assert/strict";
import type { Json } from "../api-client.ts";
import { expectRefusal } from "../conformance-case.ts";
import type { ConformanceCase } from "../conformance-case.ts";
import { pod } from "../manifests.ts";

/** What the pod is like, its spec, the field that is blamed, and how its complaint ends. */
type Wrong = readonly [what: string, spec: Json, field: string, words: string];

function container(more: Json): Json {
  return { containers: [{ name: "m", image: "x:1", ...more }] };
}

function volume(source: Json): Json {
  return { volumes: [{ name: "v", ...source }] };
}

function mount(more: Json, ...others: readonly Json[]): Json {
  const mounts = [{ name: "v", mountPath: "/x", ...more }, ...others];
  return { ...volume({ emptyDir: {} }), ...container({ volumeMounts: mounts }) };
}

function variable(more: Json): Json {
  return container({ env: [{ name: "X", ...more }] });
}

const HANDLER = { tcpSocket: { port: 80 } };
const C = "spec.containers[0]";
const V = "spec.volumes[0]";

const WRONG: readonly Wrong[] = [
  [
    "an image with blanks around",
    container({ image: " x " }),
    `${C}.image`,
    "must not have leading or trailing whitespace",
  ],
  [
    "two ports of a name",
    container({
      ports: [
        { containerPort: 1, name: "x" },
        { containerPort: 2, name: "x" },
      ],
    }),
    `${C}.ports[1].name`,
    'Duplicate value: "x"',
  ],
  [
    "a port with a long name",
    container({ ports: [{ containerPort: 1, name: "x123456789012345" }] }),
    `${C}.ports[0].name`,
    "must be no more than 15 characters",
  ],
  [
    "a protocol nobody speaks",
    container({ ports: [{ containerPort: 1, protocol: "ICMP" }] }),
    `${C}.ports[0].protocol`,
    'supported values: "SCTP", "TCP", "UDP"',
  ],
  [
    "a port of the host out of range",
    container({ ports: [{ containerPort: 1, hostPort: 99_999 }] }),
    `${C}.ports[0].hostPort`,
    "must be between 1 and 65535, inclusive",
  ],
  [
    "a variable of a field that pods lack",
    variable({ valueFrom: { fieldRef: { fieldPath: "metadata.nope" } } }),
    `${C}.env[0].valueFrom.fieldRef.fieldPath`,
    "field label not supported: metadata.nope",
  ],
  [
    "a variable of no key",
    variable({ valueFrom: { configMapKeyRef: { name: "c" } } }),
    `${C}.env[0].valueFrom.configMapKeyRef.key`,
    "Required value",
  ],
  [
    "a variable from nowhere",
    variable({ valueFrom: {} }),
    `${C}.env[0].valueFrom`,
    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
  ],
  [
    "a probe of nothing",
    container({ livenessProbe: {} }),
    `${C}.livenessProbe`,
    "must specify a handler type",
  ],
  [
    "a probe of two things",
    container({ livenessProbe: { ...HANDLER, exec: { command: ["x"] } } }),
    `${C}.livenessProbe.tcpSocket`,
    "may not specify more than 1 handler type",
  ],
  [
    "a probe that has to succeed twice to live",
    container({ livenessProbe: { ...HANDLER, successThreshold: 2 } }),
    `${C}.livenessProbe.successThreshold`,
    "Invalid value: 2: must be 1",
  ],
  [
    "a probe by an empty command",
    container({ readinessProbe: { exec: {} } }),
    `${C}.readinessProbe.exec.command`,
    "Required value",
  ],
  [
    "a probe before now",
    container({ readinessProbe: { ...HANDLER, periodSeconds: -1 } }),
    `${C}.readinessProbe.periodSeconds`,
    "must be greater than or equal to 0",
  ],
  [
    "a hook of nothing",
    container({ lifecycle: { preStop: {} } }),
    `${C}.lifecycle.preStop`,
    "must specify a handler type",
  ],
  [
    "less than no processor",
    container({ resources: { limits: { cpu: "-1" } } }),
    `${C}.resources.limits[cpu]`,
    "must be greater than or equal to 0",
  ],
  [
    "an unknown resource",
    container({ resources: { limits: { bananas: "1" } } }),
    `${C}.resources.limits[bananas]`,
    "must be a standard resource for containers",
  ],
  [
    "a resource that cannot be shared, without a limit",
    container({ resources: { requests: { "x.example/y": "1" } } }),
    `${C}.resources.limits`,
    "Limit must be set for non overcommitable resources",
  ],
  [
    "a container that is privileged and is not",
    container({ securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    `${C}.securityContext`,
    "cannot set `allowPrivilegeEscalation` to false and `privileged` to true",
  ],
  [
    "a volume of two kinds",
    volume({ emptyDir: {}, hostPath: { path: "/" } }),
    `${V}.hostPath`,
    "may not specify more than 1 volume type",
  ],
  [
    "a directory of the host that is none",
    volume({ hostPath: { path: "" } }),
    `${V}.hostPath.path`,
    "Required value",
  ],
  [
    "a directory of the host by detours",
    volume({ hostPath: { path: "/a/../b" } }),
    `${V}.hostPath.path`,
    "must not contain '..'",
  ],
  [
    "a strange thing of the host",
    volume({ hostPath: { path: "/", type: "Nope" } }),
    `${V}.hostPath.type`,
    '"FileOrCreate", "Socket"',
  ],
  [
    "a claim without a name",
    volume({ persistentVolumeClaim: { claimName: "" } }),
    `${V}.persistentVolumeClaim.claimName`,
    "Required value",
  ],
  ["a secret without a name", volume({ secret: {} }), `${V}.secret.secretName`, "Required value"],
  [
    "files above their volume",
    volume({ configMap: { name: "c", items: [{ key: "k", path: "../x" }] } }),
    `${V}.configMap.items[0].path`,
    "must not contain '..'",
  ],
  [
    "files of a strange mode",
    volume({ configMap: { name: "c", defaultMode: 1000 } }),
    `${V}.configMap.defaultMode`,
    "must be a number between 0 and 0777 (octal), both inclusive",
  ],
  [
    "a relative path of a file server",
    volume({ nfs: { server: "s", path: "x" } }),
    `${V}.nfs.path`,
    "must be an absolute path",
  ],
  [
    "less than an empty directory",
    volume({ emptyDir: { sizeLimit: "-1" } }),
    `${V}.emptyDir.sizeLimit`,
    "SizeLimit field must be a valid resource quantity",
  ],
  [
    "two volumes at a place",
    mount({}, { name: "v", mountPath: "/x" }),
    `${C}.volumeMounts[1].mountPath`,
    'Invalid value: "/x": must be unique',
  ],
  [
    "a part of a volume, twice said",
    mount({ subPath: "a", subPathExpr: "b" }),
    `${C}.volumeMounts[0].subPathExpr`,
    "subPathExpr and subPath are mutually exclusive",
  ],
  [
    "a toleration of a value that need only exist",
    { tolerations: [{ key: "a", operator: "Exists", value: "x" }] },
    "spec.tolerations[0].operator",
    "value must be empty when `operator` is 'Exists'",
  ],
  [
    "a toleration for a time of what never drives out",
    { tolerations: [{ key: "a", operator: "Exists", effect: "NoSchedule", tolerationSeconds: 1 }] },
    "spec.tolerations[0].effect",
    "effect must be 'NoExecute' when `tolerationSeconds` is set",
  ],
  [
    "no node it would be on",
    {
      affinity: {
        nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [] } },
      },
    },
    "spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms",
    "must have at least one node selector term",
  ],
  [
    "an uneven spread of nothing",
    {
      topologySpreadConstraints: [
        { maxSkew: 0, topologyKey: "x", whenUnsatisfiable: "DoNotSchedule" },
      ],
    },
    "spec.topologySpreadConstraints[0].maxSkew",
    "must be greater than zero",
  ],
  [
    "a user below all",
    { securityContext: { runAsUser: -1 } },
    "spec.securityContext.runAsUser",
    "must be between 0 and 2147483647, inclusive",
  ],
  [
    "its processes among its own and the host's",
    { shareProcessNamespace: true, hostPID: true },
    "spec.securityContext.shareProcessNamespace",
    "ShareProcessNamespace and HostPID cannot both be enabled",
  ],
];

/** Pods that no server takes. */
export const podRefusalCases: readonly ConformanceCase[] = [
  ...WRONG.map(([what, spec, field, words]): ConformanceCase => ({
    name: `refuses a pod with ${what}`,
    async run({ api, path }) {
      const { body } = expectRefusal(await api.post(path("v1", "pods"), pod("p", spec)), {
        code: 422,
        reason: "Invalid",
      });
      const causes = body.list("details", "causes") as { field: string; message: string }[];
      const blamed = causes.filter((cause) => cause.field === field);
      assert.ok(
        blamed.some(({ message }) => message.endsWith(words)),
        JSON.stringify(causes),
      );
    },
  })),
  {
    name: "refuses a pod that says itself how much it counts",
    async run({ api, path }) {
      expectRefusal(await api.post(path("v1", "pods"), pod("p", { priority: 5 })), {
        code: 403,
        message:
          'pods "p" is forbidden: the integer value of priority (5) must not be provided in pod spec; priority admission controller computed 0 from the given PriorityClass name',
      });
    },
  },
];
