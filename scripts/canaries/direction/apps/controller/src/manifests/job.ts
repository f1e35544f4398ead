import { kube } from "../../../../packages/kube/src/index.ts";
export const job = kube;
