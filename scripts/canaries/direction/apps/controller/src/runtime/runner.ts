import { reconcile } from "../plan/reconciler.ts";
export const runner = reconcile;
