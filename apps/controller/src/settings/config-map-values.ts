import { ConfigMap } from "@drover/crds";
import type { Cluster } from "@drover/kube";

/** Typed reading of the strings of a ConfigMap. What cannot be read counts as absent and is named in `problems`. */
export class ConfigMapValues {
  readonly problems: string[] = [];
  readonly #data: Readonly<Record<string, string>>;

  constructor(data: Readonly<Record<string, string>> = {}) {
    this.#data = data;
  }

  /** Undefined when absent or empty. */
  string(key: string): string | undefined {
    const value = this.#data[key]?.trim();
    return value === "" ? undefined : value;
  }

  boolean(key: string): boolean | undefined {
    const value = this.string(key)?.toLowerCase();
    if (value === undefined) return undefined;
    if (["true", "1", "t", "yes"].includes(value)) return true;
    if (["false", "0", "f", "no"].includes(value)) return false;
    return this.#problem(key, "true or false");
  }

  integer(key: string, minimum: number): number | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (Number.isInteger(number) && number >= minimum) return number;
    return this.#problem(key, `a whole number of at least ${minimum}`);
  }

  /** Separated by commas or white space. */
  list(key: string): string[] | undefined {
    return this.string(key)
      ?.split(/[\s,]+/)
      .filter((entry) => entry !== "");
  }

  oneOf<const T extends string>(key: string, allowed: readonly T[]): T | undefined {
    const value = this.string(key);
    if (value === undefined) return undefined;
    return allowed.find((one) => one === value) ?? this.#problem(key, allowed.join(", "));
  }

  #problem(key: string, wanted: string): undefined {
    this.problems.push(`${key} is not ${wanted}; its default is used`);
    return undefined;
  }
}

/** The values of a ConfigMap; none when it does not exist. */
export async function readConfigMapValues(
  cluster: Cluster,
  ref: { readonly namespace: string; readonly name: string },
): Promise<ConfigMapValues> {
  const found = await cluster.find(ConfigMap, ref);
  return new ConfigMapValues(found?.data);
}
