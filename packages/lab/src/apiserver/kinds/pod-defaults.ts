import { at, childOf, fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";

/** Sets fields that are absent. */
export function setDefaults(target: Fields, defaults: Readonly<Fields>): void {
  for (const [field, value] of Object.entries(defaults)) target[field] ??= structuredClone(value);
}

/** The defaults of a pod's spec, also where it is a template. */
export function defaultPodSpec(spec: Fields): void {
  setDefaults(spec, {
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    schedulerName: "default-scheduler",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
  });
  if (spec["serviceAccountName"] !== undefined) spec["serviceAccount"] = spec["serviceAccountName"];
  else if (spec["serviceAccount"] !== undefined) {
    spec["serviceAccountName"] = spec["serviceAccount"];
  }
  for (const list of ["initContainers", "containers", "ephemeralContainers"]) {
    for (const container of listOf(spec[list])) {
      if (isFields(container)) defaultContainer(container, spec["hostNetwork"] === true);
    }
  }
  for (const volume of listOf(spec["volumes"])) if (isFields(volume)) defaultVolume(volume);
}

function defaultContainer(container: Fields, hostNetwork: boolean): void {
  setDefaults(container, {
    imagePullPolicy: pullPolicyFor(textOf(container["image"]) ?? ""),
    resources: {},
    terminationMessagePath: "/dev/termination-log",
    terminationMessagePolicy: "File",
  });
  for (const port of listOf(container["ports"])) {
    if (!isFields(port)) continue;
    setDefaults(port, { protocol: "TCP" });
    if (hostNetwork) setDefaults(port, { hostPort: port["containerPort"] });
  }
  for (const variable of listOf(container["env"])) {
    const reference = at(variable, "valueFrom", "fieldRef");
    if (isFields(reference)) setDefaults(reference, { apiVersion: "v1" });
    const amount = at(variable, "valueFrom", "resourceFieldRef");
    if (isFields(amount)) setDefaults(amount, { divisor: "0" });
  }
  for (const name of ["livenessProbe", "readinessProbe", "startupProbe"]) {
    const probe = container[name];
    if (isFields(probe)) defaultProbe(probe);
  }
  defaultLifecycle(container);
}

function defaultLifecycle(container: Fields): void {
  for (const moment of ["postStart", "preStop"]) {
    const http = at(container, "lifecycle", moment, "httpGet");
    if (isFields(http)) setDefaults(http, { path: "/", scheme: "HTTP" });
  }
}

/** Containers of a pod with limits but no requests ask for as much as they may have; a template says nothing of it. */
export function defaultRequests(spec: Fields): void {
  for (const list of ["initContainers", "containers"]) {
    for (const container of listOf(spec[list])) if (isFields(container)) requestLimits(container);
  }
}

function requestLimits(container: Fields): void {
  const limits = at(container, "resources", "limits");
  if (!isFields(limits)) return;
  setDefaults(childOf(childOf(container, "resources"), "requests"), limits);
}

function defaultProbe(probe: Fields): void {
  setDefaults(probe, {
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  const http = probe["httpGet"];
  if (isFields(http)) setDefaults(http, { path: "/", scheme: "HTTP" });
}

function pullPolicyFor(image: string): string {
  if (image.includes("@")) return "IfNotPresent";
  const tag = /:([^/:]+)$/.exec(image)?.[1] ?? "latest";
  return tag === "latest" ? "Always" : "IfNotPresent";
}

const FILE_MODES: Readonly<Record<string, Fields>> = {
  secret: { defaultMode: 420 },
  configMap: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  projected: { defaultMode: 420 },
  hostPath: { type: "" },
  iscsi: { iscsiInterface: "default" },
  rbd: { pool: "rbd", user: "admin", keyring: "/etc/ceph/keyring" },
  scaleIO: { storageMode: "ThinProvisioned", fsType: "xfs" },
  azureDisk: { cachingMode: "ReadWrite", kind: "Shared", fsType: "ext4", readOnly: false },
};

function defaultVolume(volume: Fields): void {
  const sources = Object.keys(volume).filter((field) => field !== "name");
  if (sources.length === 0) volume["emptyDir"] = {};
  for (const source of sources) {
    const defaults = FILE_MODES[source];
    const target = volume[source];
    if (defaults !== undefined && isFields(target)) setDefaults(target, defaults);
  }
  defaultItems(volume);
}

function defaultItems(volume: Fields): void {
  for (const source of listOf(at(volume, "projected", "sources"))) {
    const token = at(source, "serviceAccountToken");
    if (isFields(token)) setDefaults(token, { expirationSeconds: 3600 });
  }
  for (const item of listOf(at(volume, "downwardAPI", "items"))) {
    const reference = at(item, "fieldRef");
    if (isFields(reference)) setDefaults(reference, { apiVersion: "v1" });
  }
  const claim = at(volume, "ephemeral", "volumeClaimTemplate", "spec");
  if (isFields(claim)) setDefaults(claim, { volumeMode: "Filesystem" });
}

/** The pod template of a workload, made when it is missing. */
export function defaultTemplate(owner: Fields): void {
  const template = childOf(owner, "template");
  if (template["metadata"] === undefined) template["metadata"] = {};
  defaultPodSpec(childOf(template, "spec"));
}

/** The quality of service class, from requests and limits. */
export function qosClassOf(spec: Fields): string {
  const containers = [...listOf(spec["containers"]), ...listOf(spec["initContainers"])];
  const resources = containers.map((container) => fieldsOf(fieldsOf(container)["resources"]));
  const isEmpty = (value: unknown): boolean => Object.keys(fieldsOf(value)).length === 0;
  if (resources.every(({ limits, requests }) => isEmpty(limits) && isEmpty(requests))) {
    return "BestEffort";
  }
  const isGuaranteed = resources.every(({ limits, requests }) =>
    ["cpu", "memory"].every((name) => {
      const limit = fieldsOf(limits)[name];
      return limit !== undefined && limit === fieldsOf(requests)[name];
    }),
  );
  return isGuaranteed ? "Guaranteed" : "Burstable";
}
