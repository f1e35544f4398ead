import { at, fieldsOf, listOf } from "../apiserver/json.ts";
import type { Fields } from "../apiserver/json.ts";
import { largest, total } from "./resource-amounts.ts";
import type { Amounts } from "./resource-amounts.ts";

/** What the containers of a pod ask for, or may use, together: an init container runs alone. */
export function podAmounts(spec: unknown, of: "requests" | "limits"): Amounts {
  const each = (list: string): Amounts[] =>
    listOf(at(spec, list)).map((container) => amountsOf(at(container, "resources", of)));
  const running = total(...each("containers"));
  return total(largest(running, ...each("initContainers")), amountsOf(at(spec, "overhead")));
}

function amountsOf(value: unknown): Amounts {
  const entries = Object.entries(fieldsOf(value)).map(([name, amount]) => [name, String(amount)]);
  return Object.fromEntries(entries) as Amounts;
}

const PLAIN = new Set(["cpu", "memory", "ephemeral-storage"]);

/** What a pod counts for in a quota. One that has ended counts only as an object. */
export function podUsage(pod: Fields): Amounts {
  const phase = at(pod, "status", "phase");
  if (phase === "Succeeded" || phase === "Failed") return { "count/pods": "1" };
  const usage: Record<string, string> = { "count/pods": "1", pods: "1" };
  for (const [name, amount] of Object.entries(podAmounts(pod["spec"], "requests"))) {
    usage[`requests.${name}`] = amount;
    if (PLAIN.has(name)) usage[name] = amount;
  }
  for (const [name, amount] of Object.entries(podAmounts(pod["spec"], "limits"))) {
    if (PLAIN.has(name)) usage[`limits.${name}`] = amount;
  }
  return usage;
}

const COMPUTE = /^(?:(requests|limits)\.)?(cpu|memory|ephemeral-storage)$/;

/** Which of the resources a quota limits some container of the pod says nothing of. */
export function unsaidBy(pod: Fields, limited: readonly string[]): readonly string[] {
  const containers = ["containers", "initContainers"].flatMap((list) =>
    listOf(at(pod, "spec", list)),
  );
  return limited
    .filter((name) => {
      const [, of = "requests", resource = ""] = COMPUTE.exec(name) ?? [];
      // Only of these it has to be said, and of disks nothing has to.
      if (resource === "" || resource === "ephemeral-storage") return false;
      return containers.some((container) => {
        return at(container, "resources", of, resource) === undefined;
      });
    })
    .sort();
}
