import { Event } from "@drover/crds";
import type { Cluster } from "@drover/kube";

const WRITES: readonly string[] = [
  "create",
  "apply",
  "patch",
  "patchSubresource",
  "replaceSubresource",
  "createSubresource",
  "delete",
];

type Call = (...args: readonly unknown[]) => unknown;

/**
 * The connections of one controller, which all break at once after a number of writes: from then on nothing it does
 * reaches a cluster, not even the answer to the last write reaches it. That is what a killed process looks like from
 * outside.
 */
export class Life {
  readonly #ending = new AbortController();
  readonly #last: number;
  #writes = 0;

  /** Ends with the write of this number. */
  constructor(last = Number.POSITIVE_INFINITY) {
    this.#last = last;
  }

  /** Writes so far; Events do not count. */
  get writes(): number {
    return this.#writes;
  }

  /** Aborted once the connections are broken. */
  get over(): AbortSignal {
    return this.#ending.signal;
  }

  /** The cluster as this controller reaches it. */
  lend(cluster: Cluster): Cluster {
    return new Proxy(cluster, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== "function" || typeof name !== "string") return member;
        const call = member.bind(target) as Call;
        if (name === "close") return call;
        return WRITES.includes(name) ? this.#write(call) : this.#read(call);
      },
    });
  }

  #read(call: Call): Call {
    return (...args) => {
      this.#check();
      return call(...args);
    };
  }

  #write(call: Call): Call {
    return async (...args) => {
      this.#check();
      const answer = await call(...args);
      if (args[0] !== Event && !isDryRun(args.at(-1))) this.#count();
      this.#check();
      return answer;
    };
  }

  #count(): void {
    this.#writes += 1;
    if (this.#writes < this.#last) return;
    this.#ending.abort(new Error("This controller was killed."));
  }

  #check(): void {
    this.over.throwIfAborted();
  }
}

function isDryRun(options: unknown): boolean {
  return typeof options === "object" && options !== null && "dryRun" in options;
}
