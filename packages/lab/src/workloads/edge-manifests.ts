import type { Manifest } from "../seed/manifests.ts";
import { head } from "../seed/manifests.ts";
import { sampleDefinition } from "../seed/sample-definition.ts";

const namespace = "edge";
const group = "edge.lab.drover.dev";
/** Longer than a namespace may be whose transfer gets a route host of its own. */
const longNamespace = "edge-of-a-name-that-leaves-no-room-for-the-host-of-its-route";
const longClaim = "a-claim-whose-name-is-longer-than-a-label-value-may-be-and-so-fits-into-none";

/** What plans complain about: names too long, node selectors, a claim nobody binds, a kind only this cluster has. */
export function edgeManifests(): Manifest[] {
  return [
    head("v1", "Namespace", ["", namespace]),
    head("v1", "Namespace", ["", longNamespace]),
    sampleDefinition({ group, kind: "Gadget" }, ["purpose"]),
    { ...head(`${group}/v1`, "Gadget", [namespace, "only-here"]), spec: { purpose: "none" } },
    claim([namespace, "never-bound"], { storageClassName: "fast" }),
    claim([namespace, "shared"]),
    claim([longNamespace, longClaim]),
    deployment("shared", {}, "shared"),
    deployment("picky", { "topology.kubernetes.io/zone": "lab-a" }),
  ];
}

/** What stands in the way on the destination: a claim of the same name that a running pod mounts. */
export function edgeObstacles(): Manifest[] {
  return [
    head("v1", "Namespace", ["", namespace]),
    claim([namespace, "shared"]),
    deployment("occupant", {}, "shared"),
  ];
}

function claim(at: [string, string], spec: Record<string, unknown> = {}): Manifest {
  const resources = { requests: { storage: "64Mi" } };
  return {
    ...head("v1", "PersistentVolumeClaim", at),
    spec: { accessModes: ["ReadWriteOnce"], storageClassName: "standard", resources, ...spec },
  };
}

function deployment(
  name: string,
  nodeSelector: Record<string, string>,
  claimName?: string,
): Manifest {
  const labels = { app: name };
  const container = { name: "pause", image: "registry.k8s.io/pause:3" };
  const mounted = {
    containers: [{ ...container, volumeMounts: [{ name: "data", mountPath: "/data" }] }],
    volumes: [{ name: "data", persistentVolumeClaim: { claimName } }],
  };
  return {
    ...head("apps/v1", "Deployment", [namespace, name]),
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          nodeSelector,
          terminationGracePeriodSeconds: 5,
          ...(claimName === undefined ? { containers: [container] } : mounted),
        },
      },
    },
  };
}
