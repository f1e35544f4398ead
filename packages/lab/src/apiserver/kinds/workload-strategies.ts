import { goMap, invalidValue, notSupported, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { childOf, deepEqual, fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { defaultTemplate, setDefaults } from "./pod-defaults.ts";
import { podSpecCauses } from "./pod-validation.ts";
import { rolloutCauses, workloadCauses } from "./rollout-causes.ts";
import type { Strategy } from "./strategy.ts";

export const deploymentStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, {
      replicas: 1,
      revisionHistoryLimit: 10,
      progressDeadlineSeconds: 600,
      strategy: { type: "RollingUpdate" },
    });
    defaultRollingUpdate(childOf(spec, "strategy"), { maxUnavailable: "25%", maxSurge: "25%" });
    defaultTemplate(spec);
  },
  validate: (object, stored) => [
    ...templateCauses(object),
    ...rolloutCauses(object),
    ...frozenSelector(object, stored),
  ],
};

export const replicaSetStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, { replicas: 1 });
    defaultTemplate(spec);
  },
  validate: (object, stored) => [...templateCauses(object), ...frozenSelector(object, stored)],
};

export const replicationControllerStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, { replicas: 1 });
    if (spec["template"] === undefined) return;
    defaultTemplate(spec);
    const labels = fieldsOf(fieldsOf(fieldsOf(spec["template"])["metadata"])["labels"]);
    spec["selector"] ??= { ...labels };
    object.metadata.labels ??= { ...(labels as Record<string, string>) };
  },
};

export const statefulSetStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, {
      replicas: 1,
      revisionHistoryLimit: 10,
      podManagementPolicy: "OrderedReady",
      updateStrategy: { type: "RollingUpdate" },
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
    });
    defaultRollingUpdate(childOf(spec, "updateStrategy"), { partition: 0 });
    defaultTemplate(spec);
    for (const claim of listOf(spec["volumeClaimTemplates"])) {
      if (!isFields(claim)) continue;
      setDefaults(claim, { apiVersion: "v1", kind: "PersistentVolumeClaim" });
      setDefaults(childOf(claim, "spec"), { volumeMode: "Filesystem" });
      setDefaults(claim, { status: { phase: "Pending" } });
    }
  },
  validate: (object, stored) => [...templateCauses(object), ...frozenSet(object, stored)],
};

export const daemonSetStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    setDefaults(spec, { revisionHistoryLimit: 10, updateStrategy: { type: "RollingUpdate" } });
    defaultRollingUpdate(childOf(spec, "updateStrategy"), { maxUnavailable: 1, maxSurge: 0 });
    defaultTemplate(spec);
    const annotations = (object.metadata.annotations ??= {});
    annotations[TEMPLATE_GENERATION] ??= "1";
  },
  prepareUpdate(object, stored) {
    const template = fieldsOf(object["spec"])["template"];
    const before = stored.metadata.annotations?.[TEMPLATE_GENERATION] ?? "1";
    const annotations = (object.metadata.annotations ??= {});
    const isSame = deepEqual(template, fieldsOf(stored["spec"])["template"]);
    annotations[TEMPLATE_GENERATION] = isSame ? before : String(Number(before) + 1);
  },
  validate: (object, stored) => [...templateCauses(object), ...frozenSelector(object, stored)],
};

/** Kept by Kubernetes for the tools of old, and copied around by everything that copies objects. */
const TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

function defaultRollingUpdate(strategy: Fields, defaults: Fields): void {
  setDefaults(strategy, { type: "RollingUpdate" });
  if (strategy["type"] !== "RollingUpdate") return;
  setDefaults(childOf(strategy, "rollingUpdate"), defaults);
}

/** The selector is there, matches the template, and the template is a valid pod. */
function templateCauses(object: ApiObject): Cause[] {
  const spec = fieldsOf(object["spec"]);
  const causes: Cause[] = [];
  const selector = spec["selector"];
  const template = fieldsOf(spec["template"]);
  const labels = fieldsOf(fieldsOf(template["metadata"])["labels"]);
  if (selector === undefined) causes.push(required("spec.selector"));
  if (selector === undefined || !matchesLabels(fieldsOf(selector), labels)) {
    const message = `Invalid value: ${goMap(labels)}: \`selector\` does not match template \`labels\``;
    const field = "spec.template.metadata.labels";
    causes.push({ reason: "FieldValueInvalid", message, field });
  }
  causes.push(...workloadCauses(object));
  const replicas = numberOf(spec["replicas"]) ?? 0;
  if (replicas < 0) {
    causes.push(invalidValue("spec.replicas", replicas, "must be greater than or equal to 0"));
  }
  causes.push(...podSpecCauses(withClaimVolumes(spec), "spec.template.spec"));
  const policy = fieldsOf(template["spec"])["restartPolicy"];
  if (policy === "Never" || policy === "OnFailure") {
    causes.push(notSupported("spec.template.spec.restartPolicy", policy, ["Always"]));
  }
  return causes;
}

/** The pod a template makes: each claim template becomes a volume of the same name. */
function withClaimVolumes(spec: Fields): Fields {
  const podSpec = fieldsOf(fieldsOf(spec["template"])["spec"]);
  const volumes = listOf(podSpec["volumes"]);
  const known = new Set(volumes.map((volume) => fieldsOf(volume)["name"]));
  const claims = listOf(spec["volumeClaimTemplates"])
    .map((claim) => ({ name: fieldsOf(fieldsOf(claim)["metadata"])["name"] }))
    .filter(({ name }) => !known.has(name));
  return claims.length === 0 ? podSpec : { ...podSpec, volumes: [...volumes, ...claims] };
}

function matchesLabels(selector: Fields, labels: Fields): boolean {
  const matchLabels = Object.entries(fieldsOf(selector["matchLabels"]));
  return (
    matchLabels.every(([key, value]) => labels[key] === value) &&
    listOf(selector["matchExpressions"]).every((expression) =>
      matchesExpression(fieldsOf(expression), labels),
    )
  );
}

function matchesExpression(expression: Fields, labels: Fields): boolean {
  const value = labels[textOf(expression["key"]) ?? ""];
  const values = listOf(expression["values"]);
  switch (expression["operator"]) {
    case "In":
      return values.includes(value);
    case "NotIn":
      return !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

function frozenSelector(object: ApiObject, stored: ApiObject | undefined): Cause[] {
  if (stored === undefined) return [];
  const now = fieldsOf(object["spec"])["selector"];
  if (deepEqual(now, fieldsOf(stored["spec"])["selector"])) return [];
  return [invalidValue("spec.selector", now, "field is immutable")];
}

const SET_CHANGEABLE = [
  "replicas",
  "ordinals",
  "template",
  "updateStrategy",
  "persistentVolumeClaimRetentionPolicy",
  "minReadySeconds",
  "revisionHistoryLimit",
];

function frozenSet(object: ApiObject, stored: ApiObject | undefined): Cause[] {
  if (stored === undefined) return [];
  const frozen = (value: ApiObject): Fields => {
    const spec = { ...fieldsOf(value["spec"]) };
    for (const field of SET_CHANGEABLE) delete spec[field];
    return spec;
  };
  if (deepEqual(frozen(object), frozen(stored))) return [];
  const message =
    "Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
  return [{ reason: "FieldValueForbidden", field: "spec", message }];
}
