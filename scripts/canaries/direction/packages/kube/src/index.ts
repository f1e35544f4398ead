import { contract } from "../../contract/src/index.ts";
import { lab } from "../../lab/src/index.ts";
export const kube = [contract, lab];
