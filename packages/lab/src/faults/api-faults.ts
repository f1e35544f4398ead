import type { ServerResponse } from "node:http";
import type { Fault, FaultRequest, Faults } from "../apiserver/faults.ts";
import type { ApiRule } from "./fault-settings.ts";

type Counted = { readonly rule: ApiRule; seen: number; done: number };

/** What goes wrong with requests to one API server; the rules can be changed while it runs. */
export class ApiFaults implements Faults {
  #rules: Counted[] = [];
  #watchDelayMs = 0;
  readonly #watches = new Set<ServerResponse>();

  /** Counting begins anew. */
  set(rules: readonly ApiRule[], watchDelayMs: number): void {
    this.#rules = rules.map((rule) => ({ rule, seen: 0, done: 0 }));
    this.#watchDelayMs = watchDelayMs;
  }

  /** Cuts every watch that is open now, without a word. */
  cutWatches(): void {
    for (const response of this.#watches) response.destroy();
  }

  decide(request: FaultRequest): Fault | undefined {
    for (const counted of this.#rules) {
      if (!isMeant(counted.rule, request)) continue;
      counted.seen += 1;
      if (!isDue(counted)) continue;
      counted.done += 1;
      return faultOf(counted.rule);
    }
    return undefined;
  }

  readonly watchOpened = (response: ServerResponse): void => {
    this.#watches.add(response);
    response.once("close", () => this.#watches.delete(response));
  };

  readonly watchDelayMs = (): number => this.#watchDelayMs;
}

function isMeant(rule: ApiRule, request: FaultRequest): boolean {
  const { verbs, resources, namespace, name, user } = rule;
  return (
    (verbs?.includes(request.verb ?? "") ?? true) &&
    (resources?.includes(request.resource) ?? true) &&
    [
      [namespace, request.namespace],
      [name, request.name],
      [user, request.user.username],
    ].every(([wanted, actual]) => wanted === undefined || wanted === actual)
  );
}

function isDue({ rule, seen, done }: Counted): boolean {
  if (done >= (rule.times ?? Infinity)) return false;
  if (rule.nth !== undefined) return seen === rule.nth;
  return seen % (rule.every ?? 1) === 0;
}

/** A rule without anything to do lets its requests pass, those that later rules would meet as well. */
function faultOf(rule: ApiRule): Fault | undefined {
  const { refuse, cut, cutAfterMs, delayMs, staleBy } = rule;
  if (refuse !== undefined) return { kind: "refuse", code: refuse };
  if (cut !== undefined) return { kind: cut === "before" ? "cut" : "lose-answer" };
  if (cutAfterMs !== undefined) return { kind: "cut-after", milliseconds: cutAfterMs };
  if (delayMs !== undefined) return { kind: "delay", milliseconds: delayMs };
  return staleBy === undefined ? undefined : { kind: "stale", changes: staleBy };
}
