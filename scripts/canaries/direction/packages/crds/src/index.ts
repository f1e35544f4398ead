import { readFileSync } from "node:fs";
import { test } from "vitest";
import { kube } from "../../kube/src/index.ts";
export const crds = [readFileSync, test, kube];
