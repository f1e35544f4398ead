import type { ApiObject } from "../json.ts";

/** One object as stored. The object is never changed in place; `json` is its serialised form. */
export type StoredEntry = {
  readonly object: ApiObject;
  readonly json: string;
  readonly revision: number;
  /** `namespace/name`, or the name for cluster-scoped objects. Lists are in this order. */
  readonly key: string;
};

export type StoreEvent = {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly revision: number;
  readonly entry: StoredEntry;
  /** What was there before; absent for ADDED. */
  readonly previous?: StoredEntry;
};

export function keyOf(namespace: string | undefined, name: string): string {
  return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}
