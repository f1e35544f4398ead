import { forbiddenField } from "../field-causes.ts";
import { forbidden } from "../http/status-error.ts";
import type { Cause } from "../http/status-error.ts";
import { childOf, deepEqual, fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { WriteScope } from "../writes/write-scope.ts";
import { defaultPodSpec, defaultRequests, qosClassOf, setDefaults } from "./pod-defaults.ts";
import { podSpecCauses } from "./pod-validation.ts";
import type { Strategy } from "./strategy.ts";

const TOLERATIONS = ["not-ready", "unreachable"].map((what) => ({
  key: `node.kubernetes.io/${what}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

export const podStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    defaultPodSpec(spec);
    defaultRequests(spec);
    setDefaults(spec, { enableServiceLinks: true });
  },
  prepareCreate(object, scope) {
    const spec = childOf(object, "spec");
    admitServiceAccount(object, spec, scope);
    admitPriority(object, spec, scope);
    addTolerations(spec);
    object["status"] = { phase: "Pending", qosClass: qosClassOf(spec) };
  },
  prepareUpdate(object) {
    const spec = fieldsOf(object["spec"]);
    const status = childOf(object, "status");
    setDefaults(status, { qosClass: qosClassOf(spec) });
    const ip = textOf(status["podIP"]) ?? "";
    if (ip !== "") setDefaults(status, { podIPs: [{ ip }] });
  },
  validate(object, stored, scope) {
    if (stored !== undefined) return updateCauses(object, stored, scope);
    return podSpecCauses(fieldsOf(object["spec"]), "spec");
  },
};

/** What the ServiceAccount admission does: every pod runs as one that exists. */
function admitServiceAccount(object: ApiObject, spec: Fields, scope: WriteScope): void {
  const name = textOf(spec["serviceAccountName"]) ?? textOf(spec["serviceAccount"]) ?? "default";
  spec["serviceAccountName"] = name;
  spec["serviceAccount"] = name;
  const account = scope.server.store.find("serviceaccounts", scope.namespace, name);
  if (account === undefined) {
    if (name === "default") return;
    const why = `error looking up service account ${scope.namespace ?? ""}/${name}: serviceaccount "${name}" not found`;
    throw forbidden(scope.resource, object.metadata.name, why);
  }
  const secrets = listOf(account.object["imagePullSecrets"]);
  if (listOf(spec["imagePullSecrets"]).length === 0 && secrets.length > 0) {
    spec["imagePullSecrets"] = structuredClone(secrets);
  }
}

/** What the Priority admission does: a class has to exist, and decides what the pod counts. */
function admitPriority(object: ApiObject, spec: Fields, scope: WriteScope): void {
  const name = textOf(spec["priorityClassName"]) ?? "";
  const priority = SYSTEM_CLASSES[name] ?? priorityOf(name, scope);
  if (priority === undefined) {
    const why = `no PriorityClass with name ${name} was found`;
    throw forbidden(scope.resource, object.metadata.name, why);
  }
  const given = numberOf(spec["priority"]);
  if (given !== undefined && given !== priority) {
    const why = `the integer value of priority (${given}) must not be provided in pod spec; priority admission controller computed ${priority} from the given PriorityClass name`;
    throw forbidden(scope.resource, object.metadata.name, why);
  }
  setDefaults(spec, { priority, preemptionPolicy: "PreemptLowerPriority" });
}

const SYSTEM_CLASSES: Readonly<Record<string, number>> = {
  "": 0,
  "system-cluster-critical": 2_000_000_000,
  "system-node-critical": 2_000_001_000,
};

function priorityOf(name: string, scope: WriteScope): number | undefined {
  const entry = scope.server.store.find("priorityclasses.scheduling.k8s.io", undefined, name);
  return entry === undefined ? undefined : (numberOf(entry.object["value"]) ?? 0);
}

function addTolerations(spec: Fields): void {
  const tolerations = listOf(spec["tolerations"]).map(fieldsOf);
  const missing = TOLERATIONS.filter(
    ({ key }) => !tolerations.some((known) => known["key"] === key || (known["key"] ?? "") === ""),
  );
  if (missing.length > 0) spec["tolerations"] = [...tolerations, ...structuredClone(missing)];
}

const CHANGEABLE = ["activeDeadlineSeconds", "tolerations", "terminationGracePeriodSeconds"];
const FROZEN =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

function updateCauses(object: ApiObject, stored: ApiObject, scope: WriteScope): readonly Cause[] {
  if (scope.subresource !== undefined) return [];
  if (deepEqual(frozenSpec(object), frozenSpec(stored))) return [];
  return [forbiddenField("spec", FROZEN)];
}

function frozenSpec(object: ApiObject): Fields {
  const spec = { ...fieldsOf(object["spec"]) };
  for (const field of CHANGEABLE) delete spec[field];
  for (const list of ["containers", "initContainers"]) {
    spec[list] = listOf(spec[list]).map((container) => ({ ...fieldsOf(container), image: "" }));
  }
  return spec;
}
