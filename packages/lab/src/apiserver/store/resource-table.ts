import type { StoredEntry } from "./stored-entry.ts";

/** All objects of one resource, held in key order. */
export class ResourceTable {
  #byKey = new Map<string, StoredEntry>();
  #sorted: StoredEntry[] = [];

  get(key: string): StoredEntry | undefined {
    return this.#byKey.get(key);
  }

  /** Every entry in key order. The array is a copy: later writes do not show in it. */
  all(): readonly StoredEntry[] {
    return this.#sorted.slice();
  }

  inNamespace(namespace: string): readonly StoredEntry[] {
    // "0" is the character after "/", so it closes the range of the prefix.
    return this.#sorted.slice(this.#position(`${namespace}/`), this.#position(`${namespace}0`));
  }

  get size(): number {
    return this.#sorted.length;
  }

  set(entry: StoredEntry): void {
    const position = this.#position(entry.key);
    const exists = this.#byKey.has(entry.key);
    this.#byKey.set(entry.key, entry);
    this.#sorted.splice(position, exists ? 1 : 0, entry);
  }

  delete(key: string): void {
    if (this.#byKey.delete(key)) this.#sorted.splice(this.#position(key), 1);
  }

  /** Index of the first entry whose key is not before `key`. */
  #position(key: string): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const found = this.#sorted[middle];
      if (found !== undefined && found.key < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
