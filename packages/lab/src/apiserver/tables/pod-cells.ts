import { at, fieldsOf, listOf, numberOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { ageOf } from "./column.ts";

/** What kubectl shows as a pod's status: the phase, or what keeps a container from running. */
export function podStatus(object: ApiObject): string {
  const status = fieldsOf(object["status"]);
  const fallback = textOf(status["reason"]) ?? textOf(status["phase"]) ?? "Unknown";
  const init = initStatus(object);
  const reason = init ?? containerReason(status) ?? fallback;
  if (object.metadata.deletionTimestamp === undefined) return reason;
  return status["reason"] === "NodeLost" ? "Unknown" : "Terminating";
}

function initStatus(object: ApiObject): string | undefined {
  const statuses = listOf(at(object, "status", "initContainerStatuses")).map(fieldsOf);
  const total = listOf(at(object, "spec", "initContainers")).length;
  for (const [index, status] of statuses.entries()) {
    const state = fieldsOf(status["state"]);
    const terminated = fieldsOf(state["terminated"]);
    if (state["terminated"] !== undefined && terminated["exitCode"] === 0) continue;
    if (state["terminated"] !== undefined) return `Init:${endedReason(terminated)}`;
    const waiting = textOf(fieldsOf(state["waiting"])["reason"]) ?? "";
    if (waiting !== "" && waiting !== "PodInitializing") return `Init:${waiting}`;
    return `Init:${index}/${total}`;
  }
  return undefined;
}

function containerReason(status: Fields): string | undefined {
  let reason: string | undefined;
  let isRunning = false;
  for (const container of listOf(status["containerStatuses"]).map(fieldsOf).reverse()) {
    const state = fieldsOf(container["state"]);
    const waiting = textOf(fieldsOf(state["waiting"])["reason"]);
    if (waiting !== undefined) reason = waiting;
    else if (state["terminated"] !== undefined) reason = endedReason(fieldsOf(state["terminated"]));
    else if (container["ready"] === true && state["running"] !== undefined) isRunning = true;
  }
  return reason === "Completed" && isRunning ? "Running" : reason;
}

function endedReason(terminated: Fields): string {
  const reason = textOf(terminated["reason"]) ?? "";
  if (reason !== "") return reason;
  const signal = numberOf(terminated["signal"]) ?? 0;
  return signal === 0 ? `ExitCode:${String(terminated["exitCode"])}` : `Signal:${signal}`;
}

export function podReady(object: ApiObject): string {
  const statuses = listOf(at(object, "status", "containerStatuses")).map(fieldsOf);
  const ready = statuses.filter((status) => status["ready"] === true).length;
  return `${ready}/${listOf(at(object, "spec", "containers")).length}`;
}

export function podRestarts(object: ApiObject, now: Date): string {
  const statuses = listOf(at(object, "status", "containerStatuses")).map(fieldsOf);
  const count = statuses.reduce((sum, status) => sum + (numberOf(status["restartCount"]) ?? 0), 0);
  const ended = statuses
    .map((status) => textOf(at(status, "lastState", "terminated", "finishedAt")) ?? "")
    .sort()
    .at(-1);
  if (count === 0 || ended === undefined || ended === "") return String(count);
  return `${count} (${ageOf(ended, now)} ago)`;
}
