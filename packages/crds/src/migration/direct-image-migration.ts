import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { LabelSelector } from "../label-selector.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { Time } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { imageItineraryNames } from "./itinerary.ts";
import { imageMigrationPhases } from "./phase.ts";

const Spec = z.looseObject({
  srcMigClusterRef: ObjectReference.optional(),
  destMigClusterRef: ObjectReference.optional(),
  namespaces: z.array(z.string()).optional().describe("Each is name, or source:destination."),
  labelSelector: LabelSelector.optional().describe("Limits the image streams."),
});

/** An image stream of a direct image migration and its outcome. */
export const ImageStreamEntry = ObjectReference.extend({
  destNamespace: z.string().optional(),
  notFound: z.boolean().optional().describe("The stream has gone from the source."),
  directMigration: ObjectReference.optional(),
  errors: z.array(z.string()).optional(),
});
export type ImageStreamEntry = z.infer<typeof ImageStreamEntry>;

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string().optional(),
  startTimestamp: Time.optional(),
  phase: openString(...imageMigrationPhases).optional(),
  itinerary: openString(...imageItineraryNames).optional(),
  errors: z.array(z.string()).optional(),
  newISs: z.array(ImageStreamEntry).optional(),
  successfulISs: z.array(ImageStreamEntry).optional(),
  deletedISs: z.array(ImageStreamEntry).optional(),
  failedISs: z.array(ImageStreamEntry).optional(),
});

/** Copies the image streams of namespaces from one registry straight to another. */
export const DirectImageMigration = defineKind({
  ...migrationGroup,
  kind: "DirectImageMigration",
  plural: "directimagemigrations",
  shortNames: ["dim"],
  fields: { spec: Spec.prefault({}), status: Status.optional() },
});
export type DirectImageMigration = z.infer<typeof DirectImageMigration.schema>;
