import { z } from "zod";
import { Condition } from "../condition.ts";
import { defineKind } from "../define-kind.ts";
import { ObjectReference } from "../object-reference.ts";
import { openString } from "../open-string.ts";
import { Time } from "../scalars.ts";
import { migrationGroup } from "./group.ts";
import { imageItineraryNames } from "./itinerary.ts";
import { imageStreamMigrationPhases } from "./phase.ts";

const Spec = z.looseObject({
  srcMigClusterRef: ObjectReference.optional(),
  destMigClusterRef: ObjectReference.optional(),
  imageStreamRef: ObjectReference.optional().describe("The image stream on the source."),
  destNamespace: z.string().optional().describe("The source namespace when absent."),
});

const Status = z.looseObject({
  conditions: z.array(Condition).optional(),
  observedDigest: z.string().optional(),
  startTimestamp: Time.optional(),
  phase: openString(...imageStreamMigrationPhases).optional(),
  itinerary: openString(...imageItineraryNames).optional(),
  errors: z.array(z.string()).optional(),
});

/** Copies the images of one image stream. */
export const DirectImageStreamMigration = defineKind({
  ...migrationGroup,
  kind: "DirectImageStreamMigration",
  plural: "directimagestreammigrations",
  shortNames: ["dism"],
  fields: { spec: Spec.prefault({}), status: Status.optional() },
});
export type DirectImageStreamMigration = z.infer<typeof DirectImageStreamMigration.schema>;
