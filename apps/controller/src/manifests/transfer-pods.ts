import { Label, Pod, apiVersionOf } from "@drover/crds";
import type { PodSpec } from "@drover/crds";
import type { ClusterSettings } from "../settings/cluster-settings.ts";
import type { PodResources } from "../settings/controller-settings.ts";
import { containerResources, containerSecurity } from "./pod-identity.ts";
import type { PodIdentity } from "./pod-identity.ts";
import { TRANSFER_PORT, md5, transferLabels, transferNames } from "./transfer-run.ts";
import type { TransferRun, VolumeCopy } from "./transfer-run.ts";

/** What pods of one side have in common. */
export type TransferSide = {
  readonly cluster: ClusterSettings;
  readonly identity: PodIdentity;
  readonly resources: PodResources;
  readonly supplementalGroups: readonly number[];
};

/** Where clients reach the server of a namespace. */
export type TransferAddress = { readonly host: string; readonly port: number };

export type ClientOptions = {
  readonly copy: VolumeCopy;
  readonly attempt: number;
  readonly address: TransferAddress;
  readonly rsyncOptions: readonly string[];
  /** `none` while the application still writes: the comparison would find what changed meanwhile. */
  readonly proof: "none" | "metadata" | "checksum";
  /** `host:port` of an HTTP proxy on the way. */
  readonly proxy: string | undefined;
  /** The node of a running pod that mounts the claim: a volume may be attached to one node only. */
  readonly nodeName: string | undefined;
};

type Volume = NonNullable<PodSpec["volumes"]>[number];
type Mount = { readonly volume: Volume; readonly mountPath: string; readonly readOnly: boolean };

/** Receives all volumes of one target namespace. */
export function transferServerPod(
  run: TransferRun,
  copies: readonly VolumeCopy[],
  side: TransferSide,
): Pod {
  const claims = copies.map(({ target }) => target.name);
  const mounts = claims.map((claimName, index) => ({
    volume: { name: `claim-${index}`, persistentVolumeClaim: { claimName } },
    mountPath: `/data/${claimName}`,
    readOnly: run.compareOnly,
  }));
  const pod = transferPod(run, side, {
    mounts,
    secretName: transferNames.serverSecret(run),
    restartPolicy: "Always",
    container: {
      args: ["server"],
      env: [
        { name: "MODULES", value: claims.join(" ") },
        { name: "TRANSFER_PORT", value: `${TRANSFER_PORT}` },
      ],
      ports: [{ name: "transfer", containerPort: TRANSFER_PORT, protocol: "TCP" }],
      readinessProbe: { tcpSocket: { port: TRANSFER_PORT }, periodSeconds: 1, failureThreshold: 1 },
    },
  });
  const metadata = {
    name: transferNames.server(run),
    namespace: copies[0]?.target.namespace ?? "",
    labels: { ...transferLabels(run), [SERVER_LABEL]: "true" },
  };
  return { ...pod, metadata };
}

/** Tells the server pod of a run from its clients; the endpoint selects it. */
export const SERVER_LABEL = "migration.openshift.io/transfer-server";

/** Sends one volume, mounted read-only. */
export function transferClientPod(
  run: TransferRun,
  options: ClientOptions,
  side: TransferSide,
): Pod {
  const { copy, attempt, address, nodeName } = options;
  const claim = { claimName: copy.claim.name, readOnly: true };
  const pod = transferPod(run, side, {
    mounts: [
      {
        volume: { name: "claim", persistentVolumeClaim: claim },
        mountPath: `/data/${copy.target.name}`,
        readOnly: true,
      },
    ],
    secretName: transferNames.clientSecret(run, copy),
    restartPolicy: "Never",
    container: {
      args: [run.compareOnly ? "verify" : "client", ...options.rsyncOptions],
      env: [
        { name: "TRANSFER_HOST", value: address.host },
        { name: "TRANSFER_PORT", value: `${address.port}` },
        { name: "MODULE", value: copy.target.name },
        ...(options.proof === "none" ? [] : [{ name: "PROOF", value: options.proof }]),
        ...(run.compareOnly ? [{ name: "IGNORE_ROOT_TIME", value: "yes" }] : []),
        ...proxyEnv(options.proxy),
      ],
    },
  });
  const metadata = {
    name: transferNames.client(run, copy, attempt),
    namespace: copy.claim.namespace,
    labels: {
      ...transferLabels(run),
      [Label.createdForPvc]: md5(copy.claim.name),
      [Label.rsyncAttempt]: `${attempt}`,
    },
  };
  return {
    ...pod,
    metadata,
    spec: { ...pod.spec, ...(nodeName === undefined ? {} : { nodeName }) },
  };
}

type Blueprint = {
  readonly mounts: readonly Mount[];
  readonly secretName: string;
  readonly restartPolicy: "Always" | "Never";
  readonly container: Omit<PodSpec["containers"][number], "name">;
};

function transferPod(
  run: TransferRun,
  side: TransferSide,
  { mounts, secretName, restartPolicy, container }: Blueprint,
): Pod & { spec: PodSpec } {
  const { supplementalGroups } = side;
  return {
    apiVersion: apiVersionOf(Pod),
    kind: Pod.kind,
    metadata: {},
    spec: {
      restartPolicy,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 5,
      ...(supplementalGroups.length === 0
        ? {}
        : { securityContext: { supplementalGroups: [...supplementalGroups] } }),
      containers: [
        {
          name: "rsync",
          image: side.cluster.transferImage,
          resources: containerResources(side.resources),
          securityContext: containerSecurity(side.identity, side.cluster),
          volumeMounts: [
            ...mounts.map(({ volume, mountPath, readOnly }) => ({
              name: volume.name,
              mountPath,
              readOnly,
            })),
            { name: "credentials", mountPath: "/etc/transfer", readOnly: true },
            { name: "scratch", mountPath: "/tmp" },
          ],
          ...container,
        },
      ],
      volumes: [
        ...mounts.map(({ volume }) => volume),
        { name: "credentials", secret: { secretName } },
        { name: "scratch", emptyDir: {} },
      ],
    },
  };
}

function proxyEnv(proxy: string | undefined): { name: string; value: string }[] {
  return proxy === undefined ? [] : [{ name: "STUNNEL_TCP_PROXY", value: proxy }];
}
