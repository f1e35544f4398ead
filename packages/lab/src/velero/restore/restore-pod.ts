import { Annotation, Label, type Container, type Restore, type Volume } from "@drover/crds";
import { isRecord, recordAt, type RawObject } from "../raw-object.ts";
import { waitContainer } from "../volumes/pod-volume-restores.ts";

const helperImage = "velero/velero-restore-helper:v1.14.1";

type PodSpec = Record<string, unknown> & {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly Volume[];
};

export type PodRestore = {
  readonly restore: Restore;
  /** Volumes that get their data before the pod's own containers start. */
  readonly volumes: readonly string[];
};

/** Token volumes are mounted anew by the destination. */
function isTokenVolume({ name, secret }: Volume): boolean {
  return (
    name.startsWith("kube-api-access-") || /-token-[a-z0-9]{5}$/.test(secret?.secretName ?? "")
  );
}

function withoutMounts(container: Container, dropped: ReadonlySet<string>): Container {
  const { volumeMounts } = container;
  if (volumeMounts === undefined) return container;
  return { ...container, volumeMounts: volumeMounts.filter(({ name }) => !dropped.has(name)) };
}

/** What one node and one run of the pod added. */
function withoutPlacement(spec: PodSpec): PodSpec {
  const dropped = new Set((spec.volumes ?? []).filter(isTokenVolume).map(({ name }) => name));
  const {
    nodeName: _nodeName,
    priority: _priority,
    ephemeralContainers: _ephemeral,
    ...rest
  } = spec;
  return {
    ...rest,
    containers: rest.containers.map((container) => withoutMounts(container, dropped)),
    ...(rest.initContainers && {
      initContainers: rest.initContainers.map((container) => withoutMounts(container, dropped)),
    }),
    ...(rest.volumes && { volumes: rest.volumes.filter(({ name }) => !dropped.has(name)) }),
  };
}

/** A stage pod only holds volumes: it sleeps in the image the restore names. */
function asStagePod(spec: PodSpec, image: string): PodSpec {
  const { initContainers: _initContainers, ...rest } = spec;
  const containers = rest.containers.map(({ name, volumeMounts, resources, securityContext }) => ({
    name,
    image,
    command: ["sleep"],
    args: ["infinity"],
    ...(volumeMounts && { volumeMounts }),
    ...(resources && { resources }),
    ...(securityContext && { securityContext }),
  }));
  return { ...rest, containers, terminationGracePeriodSeconds: 0 };
}

function waitingContainer({ restore, volumes }: PodRestore): Container {
  const field = (name: string, fieldPath: string) => ({
    name,
    valueFrom: { fieldRef: { fieldPath } },
  });
  return {
    name: waitContainer,
    image: helperImage,
    args: [restore.metadata.uid ?? ""],
    env: [field("POD_NAMESPACE", "metadata.namespace"), field("POD_NAME", "metadata.name")],
    volumeMounts: volumes.map((name) => ({ name, mountPath: `/restores/${name}` })),
    resources: {
      requests: { cpu: "100m", memory: "128Mi" },
      limits: { cpu: "100m", memory: "128Mi" },
    },
  };
}

/** A pod as the destination gets it. With volumes to restore it begins with a container that waits for them. */
export function restorePod(pod: RawObject, options: PodRestore): RawObject {
  const { restore, volumes } = options;
  const image = restore.metadata.annotations?.[Annotation.stagePodImage];
  const isStagePod = pod.metadata.labels?.[Label.stagePod] !== undefined;
  const placed = withoutPlacement(recordAt(pod, "spec") as PodSpec);
  const spec = isStagePod && image !== undefined ? asStagePod(placed, image) : placed;
  if (volumes.length === 0) return { ...pod, spec };
  // A pod that was restored before carries the wait for that restore.
  const others = (spec.initContainers ?? []).filter(
    (container) => isRecord(container) && container.name !== waitContainer,
  );
  return { ...pod, spec: { ...spec, initContainers: [waitingContainer(options), ...others] } };
}
