import { accessCases } from "./cases/access-cases.ts";
import { applyCases } from "./cases/apply-cases.ts";
import { customCases } from "./cases/custom-cases.ts";
import { definitionCases } from "./cases/definition-cases.ts";
import { deletionCases } from "./cases/deletion-cases.ts";
import { defaultCases } from "./cases/default-cases.ts";
import { discoveryCases } from "./cases/discovery-cases.ts";
import { jobCases } from "./cases/job-cases.ts";
import { kindCases } from "./cases/kind-cases.ts";
import { kubectlCases } from "./cases/kubectl-cases.ts";
import { listCases } from "./cases/list-cases.ts";
import { objectCases } from "./cases/object-cases.ts";
import { patchCases } from "./cases/patch-cases.ts";
import { refusalCases } from "./cases/refusal-cases.ts";
import { requestCases } from "./cases/request-cases.ts";
import { watchCases } from "./cases/watch-cases.ts";
import type { ConformanceCase } from "./conformance-case.ts";

/** Every case, by topic. */
export const conformanceSuites: Readonly<Record<string, readonly ConformanceCase[]>> = {
  objects: objectCases,
  lists: listCases,
  watches: watchCases,
  patches: patchCases,
  "server-side apply": applyCases,
  deletion: deletionCases,
  "custom resources": customCases,
  "definitions to install": definitionCases,
  "builtin kinds": kindCases,
  jobs: jobCases,
  requests: requestCases,
  refusals: refusalCases,
  defaults: defaultCases,
  access: accessCases,
  discovery: discoveryCases,
  kubectl: kubectlCases,
};
