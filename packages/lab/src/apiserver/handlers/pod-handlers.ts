import { jsonAnswer } from "../http/answer.ts";
import type { Answer } from "../http/answer.ts";
import { badRequest, conflict, StatusError } from "../http/status-error.ts";
import { at, childOf, fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import type { ExpectedKind } from "../protobuf/protobuf-body.ts";
import { parseLabelSelector } from "../selectors.ts";
import type { ResourceRequest, ServerContext } from "../server-context.ts";
import { parseBody } from "../writes/decode.ts";
import { deleteObject } from "../writes/delete-object.ts";
import { timestamp } from "../writes/metadata.ts";
import { updateObject } from "../writes/update-object.ts";
import { selectorText } from "../kinds/selector-text.ts";
import { findEntry } from "./read-handlers.ts";
import { dryRunOf, writeScope } from "./write-options.ts";

const SUCCESS = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };

/** Puts a pod on a node, once. */
export function bindingHandler(server: ServerContext, request: ResourceRequest): Answer {
  const body = bodyOf(request, { apiVersion: "v1", kind: "Binding" });
  const node = textOf(at(body, "target", "name")) ?? "";
  if (node === "") throw badRequest("target.name: Required value");
  const name = request.info.name ?? "";
  const scope = { ...writeScope(server, request), subresource: "binding" };
  updateObject(scope, name, (stored) => {
    const known = textOf(at(stored, "spec", "nodeName"));
    if (known !== undefined) {
      const subject = { ...request.resource, plural: "pods/binding" };
      throw conflict(
        subject,
        name,
        `pod ${name} is already assigned to node ${JSON.stringify(known)}`,
      );
    }
    return bound(stored, node, timestamp(server.now()));
  });
  return jsonAnswer(SUCCESS, 201);
}

function bound(stored: ApiObject, node: string, now: string): ApiObject {
  const object = structuredClone(stored);
  childOf(object, "spec")["nodeName"] = node;
  const status = childOf(object, "status");
  const others = listOf(status["conditions"]).filter(
    (condition) => fieldsOf(condition)["type"] !== "PodScheduled",
  );
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: now,
  };
  status["conditions"] = [...others, scheduled];
  return object;
}

/** Deletes a pod unless a disruption budget forbids it. */
export function evictionHandler(server: ServerContext, request: ResourceRequest): Answer {
  const body = bodyOf(request, { apiVersion: "policy/v1", kind: "Eviction" });
  const pod = findEntry(server, request).object;
  const finished = ["Succeeded", "Failed"].includes(textOf(at(pod, "status", "phase")) ?? "");
  if (!finished && pod.metadata.deletionTimestamp === undefined) refuseDisruption(server, pod);
  const options = fieldsOf(body["deleteOptions"]);
  const scope = writeScope(server, request);
  const dryRun = scope.dryRun || dryRunOf(listOf(options["dryRun"]).map(String));
  deleteObject({ ...scope, subresource: undefined, dryRun }, pod.metadata.name, {
    gracePeriodSeconds: numberOf(options["gracePeriodSeconds"]),
    propagation: undefined,
    uid: textOf(at(options, "preconditions", "uid")),
    resourceVersion: textOf(at(options, "preconditions", "resourceVersion")),
  });
  return jsonAnswer(SUCCESS, 201);
}

function refuseDisruption(server: ServerContext, pod: ApiObject): void {
  const budgets = server.store.list("poddisruptionbudgets.policy", pod.metadata.namespace);
  for (const { object } of budgets) {
    const matches = parseLabelSelector(selectorText(at(object, "spec", "selector")));
    if (!matches(pod.metadata.labels)) continue;
    if ((numberOf(at(object, "status", "disruptionsAllowed")) ?? 0) > 0) continue;
    throw disruption(object);
  }
}

function disruption(budget: ApiObject): StatusError {
  const { name } = budget.metadata;
  const healthy = numberOf(at(budget, "status", "currentHealthy")) ?? 0;
  const desired = numberOf(at(budget, "status", "desiredHealthy")) ?? 0;
  const message = `The disruption budget ${name} needs ${desired} healthy pods and has ${healthy} currently`;
  return new StatusError(429, "TooManyRequests", {
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: { causes: [{ reason: "DisruptionBudget", message }] },
  });
}

function bodyOf(request: ResourceRequest, expected: ExpectedKind): Fields {
  const parsed = parseBody(request.body, request.incoming.headers["content-type"], expected);
  if (!isFields(parsed)) throw badRequest("the body must be an object");
  return parsed;
}
