import { kubeTime } from "@drover/crds";
import type { Condition, ConditionCategory } from "@drover/crds";

export type ConditionInput = {
  readonly type: string;
  readonly category: ConditionCategory;
  /** `True` when absent. */
  readonly status?: "True" | "False";
  readonly reason?: string;
  readonly message?: string;
  /** Stays on later passes without being set again, until `remove`. */
  readonly durable?: boolean;
  /** Replace each literal `[]` in the message. */
  readonly items?: readonly string[];
};

/**
 * The conditions of one pass. What was there before counts only once it is set or kept again, durable entries
 * excepted; `finish` drops the rest. A condition's transition time moves only when the condition changes.
 */
export class ConditionStage {
  readonly #before: ReadonlyMap<string, Condition>;
  readonly #staged: Map<string, StagedCondition>;

  constructor(before: readonly Condition[] = []) {
    this.#before = new Map(before.map((condition) => [condition.type, condition]));
    this.#staged = new Map(
      before.filter((condition) => condition.durable).map((kept) => [kept.type, kept]),
    );
  }

  set(input: ConditionInput): void {
    this.#staged.set(input.type, stagedFrom(input));
  }

  /** Keeps an earlier entry as it is, without judging it again. */
  keep(...types: readonly string[]): void {
    for (const type of types) {
      const earlier = this.#before.get(type);
      if (earlier && !this.#staged.has(type)) this.#staged.set(type, earlier);
    }
  }

  keepAll(): void {
    this.keep(...this.#before.keys());
  }

  /** Removes an entry, durable or not. */
  remove(type: string): void {
    this.#staged.delete(type);
  }

  find(type: string): StagedCondition | undefined {
    return this.#staged.get(type);
  }

  has(...types: readonly string[]): boolean {
    return types.some((type) => this.#staged.get(type)?.status === "True");
  }

  /** An entry of the previous pass, whether or not this pass has confirmed it. */
  before(type: string): Condition | undefined {
    return this.#before.get(type);
  }

  hasCritical(): boolean {
    return this.#some((condition) => condition.category === "Critical");
  }

  /** A Critical or Error entry that is True. */
  hasBlocker(): boolean {
    return this.#some(({ category }) => category === "Critical" || category === "Error");
  }

  setReady(isReady: boolean, message: string): void {
    if (isReady) this.set({ type: "Ready", category: "Required", message });
    else this.remove("Ready");
  }

  /** The conditions to write, in a stable order: earlier ones first, as they stood. */
  finish(now: Date): Condition[] {
    const order = [...this.#before.keys(), ...this.#staged.keys()];
    return [...new Set(order)].flatMap((type) => {
      const staged = this.#staged.get(type);
      return staged ? [dated(staged, this.#before.get(type), now)] : [];
    });
  }

  #some(matches: (condition: StagedCondition) => boolean): boolean {
    return [...this.#staged.values()].some(
      (condition) => condition.status === "True" && matches(condition),
    );
  }
}

/** A condition before `finish` has dated it. */
export type StagedCondition = Omit<Condition, "lastTransitionTime"> & {
  type: string;
  status: string;
  category: string;
  reason?: string | undefined;
  message?: string | undefined;
  durable?: boolean | undefined;
};

function stagedFrom(input: ConditionInput): StagedCondition {
  const { items, status = "True", durable, message, ...rest } = input;
  return {
    ...rest,
    status,
    ...(message === undefined ? {} : { message: withItems(message, items) }),
    ...(durable ? { durable } : {}),
  };
}

function withItems(message: string, items: readonly string[] | undefined): string {
  return items === undefined ? message : message.replaceAll("[]", `[${items.join(", ")}]`);
}

const COMPARED = ["status", "category", "reason", "message", "durable"] as const;

function dated(staged: StagedCondition, before: Condition | undefined, now: Date): Condition {
  const isSame = before !== undefined && COMPARED.every((field) => before[field] === staged[field]);
  if (isSame) return before;
  return { ...staged, lastTransitionTime: kubeTime(now) } as Condition;
}
