import { accessCases } from "./cases/access-cases.ts";
import { aggregatedCases } from "./cases/aggregated-cases.ts";
import { applyCases } from "./cases/apply-cases.ts";
import { customObjectCases } from "./cases/custom-object-cases.ts";
import { customCases } from "./cases/custom-cases.ts";
import { definitionCases } from "./cases/definition-cases.ts";
import { deletionCases } from "./cases/deletion-cases.ts";
import { defaultCases } from "./cases/default-cases.ts";
import { discoveryCases } from "./cases/discovery-cases.ts";
import { formCases } from "./cases/form-cases.ts";
import { jobCases } from "./cases/job-cases.ts";
import { kindCases } from "./cases/kind-cases.ts";
import { kubectlAccessCases } from "./cases/kubectl/access-cases.ts";
import { kubectlApplyCases } from "./cases/kubectl/apply-cases.ts";
import { kubectlChangeCases } from "./cases/kubectl/change-cases.ts";
import { kubectlCreateCases } from "./cases/kubectl/create-cases.ts";
import { kubectlKindCases } from "./cases/kubectl/kind-cases.ts";
import { kubectlProductCases } from "./cases/kubectl/product-cases.ts";
import { kubectlReadCases } from "./cases/kubectl/read-cases.ts";
import { kubectlWaitCases } from "./cases/kubectl/wait-cases.ts";
import { limitCases } from "./cases/limit-cases.ts";
import { listCases } from "./cases/list-cases.ts";
import { nullCases } from "./cases/null-cases.ts";
import { objectCases } from "./cases/object-cases.ts";
import { patchCases } from "./cases/patch-cases.ts";
import { podRefusalCases } from "./cases/pod-refusal-cases.ts";
import { protobufCases } from "./cases/protobuf-cases.ts";
import { quotaCases } from "./cases/quota-cases.ts";
import { refusalCases } from "./cases/refusal-cases.ts";
import { listOptionCases } from "./cases/list-option-cases.ts";
import { requestCases } from "./cases/request-cases.ts";
import { workloadRefusalCases } from "./cases/workload-refusal-cases.ts";
import { watchCases } from "./cases/watch-cases.ts";
import { podCases } from "./cases/pod-cases.ts";
import { schemaCases } from "./cases/schema-cases.ts";
import { reviewCases } from "./cases/review-cases.ts";
import { replacementCases } from "./cases/replacement-cases.ts";
import { ownershipCases } from "./cases/ownership-cases.ts";
import { tokenCases } from "./cases/token-cases.ts";
import type { ConformanceCase } from "./conformance-case.ts";

/** Every case, by topic. */
export const conformanceSuites: Readonly<Record<string, readonly ConformanceCase[]>> = {
  objects: objectCases,
  replacements: replacementCases,
  lists: listCases,
  watches: watchCases,
  patches: patchCases,
  "server-side apply": applyCases,
  deletion: deletionCases,
  ownership: ownershipCases,
  "custom resources": [...customCases, ...customObjectCases],
  nulls: nullCases,
  "schemas of custom resources": schemaCases,
  pods: podCases,
  "definitions to install": definitionCases,
  "builtin kinds": kindCases,
  jobs: jobCases,
  requests: requestCases,
  "list options": listOptionCases,
  forms: formCases,
  refusals: refusalCases,
  "refusals of pods": podRefusalCases,
  "refusals of workloads": workloadRefusalCases,
  defaults: defaultCases,
  "limit ranges": limitCases,
  quotas: quotaCases,
  access: [...accessCases, ...reviewCases],
  "account tokens": tokenCases,
  discovery: discoveryCases,
  "aggregated discovery": aggregatedCases,
  protobuf: protobufCases,
  "kubectl applies": kubectlApplyCases,
  "kubectl creates": kubectlCreateCases,
  "kubectl changes": kubectlChangeCases,
  "kubectl reads": kubectlReadCases,
  "kubectl and kinds": kubectlKindCases,
  "kubectl and Drover's kinds": kubectlProductCases,
  "kubectl waits": kubectlWaitCases,
  "kubectl and access": kubectlAccessCases,
};
