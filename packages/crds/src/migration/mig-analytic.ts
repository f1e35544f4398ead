import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { Quantity } from "../quantity.ts";
import { Int64 } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { ageColumn, column, readyColumn } from "./printer-columns.ts";

const Spec = z.looseObject({
  migPlanRef: ObjectReference,
  analyzeK8SResources: z.boolean(),
  analyzeImageCount: z.boolean(),
  analyzePVCapacity: z.boolean(),
  listImages: z.boolean().optional(),
  listImagesLimit: z.int().optional().describe("Images listed per namespace; 0 lists none."),
  analyzeExtendedPVCapacity: z
    .boolean()
    .optional()
    .describe("Measures use of volumes and proposes sizes."),
  refresh: z.boolean().optional().describe("Analyses again; the controller sets it back to false."),
});

const ResourceCount = z.looseObject({
  group: z.string(),
  version: z.string(),
  kind: z.string().describe("The plural resource name."),
  count: z.int(),
});

const AnalyticVolume = z.looseObject({
  name: z.string().describe("Name of the claim."),
  requestedCapacity: Quantity.optional(),
  actualCapacity: Quantity.optional(),
  usagePercentage: z.int().optional(),
  proposedCapacity: Quantity.optional(),
  comment: z.string().optional(),
  sparseFilesFound: z.boolean().optional(),
});
export type AnalyticVolume = z.infer<typeof AnalyticVolume>;

/** What one source namespace holds. */
export const AnalyticNamespace = z.looseObject({
  namespace: z.string(),
  k8sResourceTotal: z.int(),
  excludedK8SResourceTotal: z.int(),
  incompatibleK8SResourceTotal: z.int(),
  pvCapacity: Quantity,
  pvCount: z.int(),
  imageCount: z.int(),
  imageSizeTotal: Quantity,
  images: z
    .array(z.looseObject({ name: z.string(), reference: z.string(), size: Quantity }))
    .optional(),
  k8sResources: z.array(ResourceCount).optional(),
  excludedK8SResources: z.array(ResourceCount).optional(),
  incompatibleK8SResources: z.array(ResourceCount).optional(),
  persistentVolumes: z.array(AnalyticVolume).optional(),
});
export type AnalyticNamespace = z.infer<typeof AnalyticNamespace>;

// Upstream spells k8s in lower case here and K8S in upper case per namespace.
const Analytics = z.looseObject({
  plan: z.string(),
  percentComplete: z.int(),
  k8sResourceTotal: z.int(),
  excludedk8sResourceTotal: z.int(),
  incompatiblek8sResourceTotal: z.int(),
  pvCapacity: Quantity,
  pvCount: z.int(),
  imageCount: z.int(),
  imageSizeTotal: Quantity,
  namespaces: z.array(AnalyticNamespace).optional(),
});

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedGeneration: Int64.optional(),
  analytics: Analytics.optional(),
});

/** Counts and sizes of what a plan would move. */
export const MigAnalytic = defineKind({
  ...migrationGroup,
  kind: "MigAnalytic",
  plural: "miganalytics",
  printerColumns: [
    readyColumn,
    column("Plan", ".spec.migPlanRef.name"),
    column("Progress", ".status.analytics.percentComplete"),
    column("Resources", ".status.analytics.k8sResourceTotal"),
    column("Images", ".status.analytics.imageCount"),
    column("ImageSize", ".status.analytics.imageSizeTotal"),
    column("PVs", ".status.analytics.pvCount"),
    column("PVCapacity", ".status.analytics.pvCapacity"),
    ageColumn,
  ],
  fields: { spec: Spec, status: Status.optional() },
});
export type MigAnalytic = z.infer<typeof MigAnalytic.schema>;
