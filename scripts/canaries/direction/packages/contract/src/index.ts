import { kube } from "../../kube/src/index.ts";
export const contract = kube;
