import { forbiddenField, notSupported } from "../field-causes.ts";
import { invalid } from "../http/status-error.ts";
import type { Cause } from "../http/status-error.ts";

const MATCH = "resourceVersionMatch";
const NOT_OLDER = "NotOlderThan";
const INITIAL = "sendInitialEvents";

/** Refuses what the options of a list may not say, with every cause, as `ValidateListOptions` of Kubernetes does. */
export function checkListOptions(query: URLSearchParams): void {
  const causes = [...listMatchCauses(query)];
  if (query.has(INITIAL)) causes.push(forbiddenField(INITIAL, `${INITIAL} is forbidden for list`));
  refuse(causes);
}

/**
 * The same for a watch. A list that is streamed by a watch came into general use with Kubernetes 1.32; before, clients
 * are refused, and list first. One that got no such word would wait for ever for the mark where the list ends.
 */
export function checkWatchOptions(query: URLSearchParams): void {
  const match = textOf(query, MATCH);
  const causes: Cause[] = [];
  if (query.has(INITIAL)) {
    if (match !== NOT_OLDER) {
      causes.push(forbiddenField(MATCH, `${INITIAL} requires setting ${MATCH} to ${NOT_OLDER}`));
    }
    const gate = `${INITIAL} is forbidden for watch unless the WatchList feature gate is enabled`;
    causes.push(forbiddenField(INITIAL, gate));
  } else if (match !== "") {
    const unless = `${MATCH} is forbidden for watch unless ${INITIAL} is provided`;
    causes.push(forbiddenField(MATCH, unless));
  }
  if (match !== "" && match !== NOT_OLDER) {
    causes.push(notSupported(MATCH, match, [NOT_OLDER]));
  }
  refuse(causes);
}

function listMatchCauses(query: URLSearchParams): Cause[] {
  const match = textOf(query, MATCH);
  const version = textOf(query, "resourceVersion");
  const token = textOf(query, "continue");
  if (match === "") return [];
  const causes: Cause[] = [];
  const forbid = (why: string): unknown => causes.push(forbiddenField(MATCH, `${MATCH} ${why}`));
  if (version === "") forbid("is forbidden unless resourceVersion is provided");
  if (token !== "") forbid("is forbidden when continue is provided");
  if (match !== "Exact" && match !== NOT_OLDER) {
    causes.push(notSupported(MATCH, match, ["Exact", NOT_OLDER, ""]));
  }
  if (match === "Exact" && version === "0") forbid('"exact" is forbidden for resourceVersion "0"');
  return causes;
}

/** What is not said is empty. */
function textOf(query: URLSearchParams, name: string): string {
  return query.get(name) ?? "";
}

function refuse(causes: readonly Cause[]): void {
  if (causes.length === 0) return;
  throw invalid({ group: "meta.k8s.io", plural: "listoptions", kind: "ListOptions" }, "", [
    ...causes,
  ]);
}
