import { readFileSync } from "node:fs";
import yaml from "yaml";
import { kube } from "../../kube/src/index.ts";
export const crds = [readFileSync, yaml, kube];
