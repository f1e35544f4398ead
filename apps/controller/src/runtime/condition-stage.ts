/** One entry of `status.conditions`, as every kind of the API group has it. */
export type Condition = {
  type: string;
  status: string;
  category: string;
  lastTransitionTime: string;
  reason?: string | undefined;
  message?: string | undefined;
  durable?: boolean | undefined;
};

export type ConditionCategory = "Critical" | "Error" | "Warn" | "Required" | "Advisory";

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
export type ConditionStage = {
  set(condition: ConditionInput): void;
  /** Keeps an earlier entry as it is, without judging it again. */
  keep(type: string): void;
  keepAll(): void;
  /** Removes an entry, durable or not. */
  remove(type: string): void;
  find(type: string): Condition | undefined;
  has(type: string): boolean;
  /** An entry of the previous pass, whether or not this pass has confirmed it. */
  before(type: string): Condition | undefined;
  hasCritical(): boolean;
  /** A Critical or Error entry that is True. */
  hasBlocker(): boolean;
  setReady(isReady: boolean, message: string): void;
  finish(now: Date): Condition[];
};
