import { z } from "zod";
import { KubeCondition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { openString } from "../open-string.ts";
import { Quantity } from "../quantity.ts";
import { AnyObject, IntOrString, StringMap } from "../scalars.ts";

export const ResourceRequirements = z.looseObject({
  limits: z.record(z.string(), Quantity).optional(),
  requests: z.record(z.string(), Quantity).optional(),
});
export type ResourceRequirements = z.infer<typeof ResourceRequirements>;

const KeyRef = z.looseObject({
  name: z.string().optional(),
  key: z.string(),
  optional: z.boolean().optional(),
});

export const EnvVar = z.looseObject({
  name: z.string(),
  value: z.string().optional(),
  valueFrom: z
    .looseObject({
      secretKeyRef: KeyRef.optional(),
      configMapKeyRef: KeyRef.optional(),
      fieldRef: z.looseObject({ fieldPath: z.string() }).optional(),
    })
    .optional(),
});
export type EnvVar = z.infer<typeof EnvVar>;

export const VolumeMount = z.looseObject({
  name: z.string(),
  mountPath: z.string(),
  subPath: z.string().optional(),
  readOnly: z.boolean().optional(),
});
export type VolumeMount = z.infer<typeof VolumeMount>;

/** How the kubelet asks a container about its health. */
export const Probe = z.looseObject({
  exec: z.looseObject({ command: z.array(z.string()).optional() }).optional(),
  httpGet: z.looseObject({ path: z.string().optional(), port: IntOrString }).optional(),
  tcpSocket: z.looseObject({ port: IntOrString }).optional(),
  initialDelaySeconds: z.int().optional(),
  periodSeconds: z.int().optional(),
  timeoutSeconds: z.int().optional(),
  failureThreshold: z.int().optional(),
  successThreshold: z.int().optional(),
});
export type Probe = z.infer<typeof Probe>;

export const SecurityContext = z.looseObject({
  privileged: z.boolean().optional(),
  runAsUser: z.int().optional(),
  runAsGroup: z.int().optional(),
  runAsNonRoot: z.boolean().optional(),
  readOnlyRootFilesystem: z.boolean().optional(),
  allowPrivilegeEscalation: z.boolean().optional(),
  capabilities: z
    .looseObject({ add: z.array(z.string()).optional(), drop: z.array(z.string()).optional() })
    .optional(),
  seLinuxOptions: StringMap.optional(),
  seccompProfile: z.looseObject({ type: z.string() }).optional(),
});
export type SecurityContext = z.infer<typeof SecurityContext>;

export const Container = z.looseObject({
  name: z.string(),
  image: z.string().optional(),
  imagePullPolicy: openString("Always", "IfNotPresent", "Never").optional(),
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  workingDir: z.string().optional(),
  env: z.array(EnvVar).optional(),
  envFrom: z
    .array(
      z.looseObject({
        prefix: z.string().optional(),
        configMapRef: z
          .looseObject({ name: z.string(), optional: z.boolean().optional() })
          .optional(),
        secretRef: z.looseObject({ name: z.string(), optional: z.boolean().optional() }).optional(),
      }),
    )
    .optional(),
  ports: z
    .array(
      z.looseObject({
        name: z.string().optional(),
        containerPort: z.int(),
        protocol: z.string().optional(),
      }),
    )
    .optional(),
  volumeMounts: z.array(VolumeMount).optional(),
  volumeDevices: z.array(z.looseObject({ name: z.string(), devicePath: z.string() })).optional(),
  resources: ResourceRequirements.optional(),
  livenessProbe: Probe.optional(),
  readinessProbe: Probe.optional(),
  startupProbe: Probe.optional(),
  securityContext: SecurityContext.optional(),
});
export type Container = z.infer<typeof Container>;

const KeyToPath = z.looseObject({ key: z.string(), path: z.string(), mode: z.int().optional() });

export const Volume = z.looseObject({
  name: z.string(),
  persistentVolumeClaim: z
    .looseObject({ claimName: z.string(), readOnly: z.boolean().optional() })
    .optional(),
  emptyDir: AnyObject.optional(),
  configMap: z
    .looseObject({
      name: z.string().optional(),
      items: z.array(KeyToPath).optional(),
      defaultMode: z.int().optional(),
      optional: z.boolean().optional(),
    })
    .optional(),
  secret: z
    .looseObject({
      secretName: z.string().optional(),
      items: z.array(KeyToPath).optional(),
      defaultMode: z.int().optional(),
      optional: z.boolean().optional(),
    })
    .optional(),
  hostPath: z.looseObject({ path: z.string(), type: z.string().optional() }).optional(),
  nfs: z
    .looseObject({ server: z.string(), path: z.string(), readOnly: z.boolean().optional() })
    .optional(),
  projected: AnyObject.optional(),
  downwardAPI: AnyObject.optional(),
});
export type Volume = z.infer<typeof Volume>;

export const PodSpec = z.looseObject({
  containers: z.array(Container),
  initContainers: z.array(Container).optional(),
  volumes: z.array(Volume).optional(),
  restartPolicy: openString("Always", "OnFailure", "Never").optional(),
  nodeName: z.string().optional(),
  nodeSelector: StringMap.optional(),
  serviceAccountName: z.string().optional(),
  serviceAccount: z.string().optional(),
  activeDeadlineSeconds: z.int().optional(),
  terminationGracePeriodSeconds: z.int().optional(),
  hostname: z.string().optional(),
  subdomain: z.string().optional(),
  hostNetwork: z.boolean().optional(),
  automountServiceAccountToken: z.boolean().optional(),
  imagePullSecrets: z.array(z.looseObject({ name: z.string().optional() })).optional(),
  tolerations: z.array(AnyObject).optional(),
  affinity: AnyObject.optional(),
  securityContext: z
    .looseObject({
      runAsUser: z.int().optional(),
      runAsGroup: z.int().optional(),
      runAsNonRoot: z.boolean().optional(),
      fsGroup: z.int().optional(),
      supplementalGroups: z.array(z.int()).optional(),
      seLinuxOptions: StringMap.optional(),
      seccompProfile: z.looseObject({ type: z.string() }).optional(),
    })
    .optional(),
});
export type PodSpec = z.infer<typeof PodSpec>;

/** The metadata of a template; servers write a null creationTimestamp there. */
export const TemplateMeta = z.looseObject({
  name: z.string().optional(),
  labels: StringMap.optional(),
  annotations: StringMap.optional(),
});

export const PodTemplate = z.looseObject({ metadata: TemplateMeta.optional(), spec: PodSpec });
export type PodTemplate = z.infer<typeof PodTemplate>;

export const ContainerState = z.looseObject({
  waiting: z
    .looseObject({ reason: z.string().optional(), message: z.string().optional() })
    .optional(),
  running: z.looseObject({ startedAt: z.string().optional() }).optional(),
  terminated: z
    .looseObject({
      exitCode: z.int(),
      signal: z.int().optional(),
      reason: z.string().optional(),
      message: z.string().optional(),
      startedAt: z.string().optional(),
      finishedAt: z.string().optional(),
      containerID: z.string().optional(),
    })
    .optional(),
});
export type ContainerState = z.infer<typeof ContainerState>;

export const ContainerStatus = z.looseObject({
  name: z.string(),
  ready: z.boolean(),
  restartCount: z.int(),
  image: z.string().optional(),
  imageID: z.string().optional(),
  containerID: z.string().optional(),
  started: z.boolean().optional(),
  state: ContainerState.optional(),
  lastState: ContainerState.optional(),
});
export type ContainerStatus = z.infer<typeof ContainerStatus>;

export const Pod = defineKind({
  group: "",
  version: "v1",
  kind: "Pod",
  plural: "pods",
  shortNames: ["po"],
  statusSubresource: true,
  fields: {
    spec: PodSpec,
    status: z
      .looseObject({
        phase: openString("Pending", "Running", "Succeeded", "Failed", "Unknown").optional(),
        reason: z.string().optional(),
        message: z.string().optional(),
        hostIP: z.string().optional(),
        podIP: z.string().optional(),
        podIPs: z.array(z.looseObject({ ip: z.string().optional() })).optional(),
        startTime: z.string().optional(),
        qosClass: z.string().optional(),
        conditions: z.array(KubeCondition).optional(),
        initContainerStatuses: z.array(ContainerStatus).optional(),
        containerStatuses: z.array(ContainerStatus).optional(),
      })
      .optional(),
  },
});
export type Pod = z.infer<typeof Pod.schema>;
