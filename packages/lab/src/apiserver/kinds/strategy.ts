import type { Cause } from "../http/status-error.ts";
import type { ApiObject } from "../json.ts";
import type { WriteScope } from "../writes/write-scope.ts";

/** What is particular to one resource when it is written. Functions may change the object they are given first. */
export type Strategy = {
  /** Fills in defaults; runs on create and update, before validation. */
  readonly defaults?: (object: ApiObject) => void;
  readonly prepareCreate?: (object: ApiObject, scope: WriteScope) => void;
  readonly prepareUpdate?: (object: ApiObject, stored: ApiObject, scope: WriteScope) => void;
  readonly validate?: (
    object: ApiObject,
    stored: ApiObject | undefined,
    scope: WriteScope,
  ) => readonly Cause[];
  /** Throws when the object is one that stays. */
  readonly checkDelete?: (object: ApiObject, scope: WriteScope) => void;
  /** Finalizers that a deletion adds, for what has to be cleared up after it. */
  readonly deletionFinalizers?: readonly string[];
  /** After the object went from the store. */
  readonly afterDelete?: (object: ApiObject, scope: WriteScope) => void;
};
