import { z } from "zod";
import { NamespaceName, ResourceName } from "./name.ts";

/** A namespace to move, and its name on the target cluster. */
export const NamespaceMapping = z.strictObject({ source: NamespaceName, target: NamespaceName });
export type NamespaceMapping = z.infer<typeof NamespaceMapping>;

const mappings = z
  .array(NamespaceMapping)
  .min(1, "Choose at least one namespace.")
  .max(1000, "A plan holds at most 1000 namespaces.")
  .superRefine((list, context) => {
    const seen = new Map<string, string>();
    for (const [index, { source, target }] of list.entries()) {
      const other = seen.get(target);
      if (other !== undefined)
        context.addIssue({
          code: "custom",
          path: [index, "target"],
          message: `${other} already goes to ${target}. Give ${source} another target name.`,
        });
      seen.set(target, source);
    }
  });

/** `POST /api/plans`: makes the MigPlan, so that the controller can discover its volumes. */
export const CreatePlan = z.strictObject({
  name: ResourceName,
  type: z.enum(["full", "state", "conversion"]),
  source: ResourceName,
  target: ResourceName,
  /** The replication repository; not needed for a storage class conversion. */
  storage: ResourceName.optional(),
  namespaces: mappings,
  indirectVolumes: z.boolean().default(false),
  indirectImages: z.boolean().default(false),
});
export type CreatePlan = z.infer<typeof CreatePlan>;

/** What was chosen for one discovered volume; `pv` is its name on the source cluster. */
export const VolumeChoice = z.strictObject({
  pv: z.string().min(1).max(253),
  action: z.enum(["copy", "move", "skip"]),
  copyMethod: z.enum(["filesystem", "snapshot", "block"]).optional(),
  storageClass: z.string().max(253).optional(),
  accessMode: z.enum(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "auto"]).optional(),
  /** Compare every file's content after the copy, not only its metadata. */
  verify: z.boolean().optional(),
  /** The claim's name on the target cluster; state migrations only. */
  targetClaim: NamespaceName.optional(),
});
export type VolumeChoice = z.infer<typeof VolumeChoice>;

/** `PATCH /api/plans/:name`: only what is given changes. */
export const UpdatePlan = z.strictObject({
  storage: ResourceName.optional(),
  namespaces: mappings.optional(),
  volumes: z.array(VolumeChoice).max(10_000).optional(),
  indirectVolumes: z.boolean().optional(),
  indirectImages: z.boolean().optional(),
});
export type UpdatePlan = z.infer<typeof UpdatePlan>;

/** `POST /api/plans/:name/migrations`: starts a run of the plan. */
export const StartMigration = z.strictObject({
  action: z.enum(["stage", "cutover", "rollback"]),
  /** Cutover: stop the applications on the source before the last copy. */
  quiescePods: z.boolean().default(true),
  keepAnnotations: z.boolean().default(false),
  /** Cutover: wait until workloads on the target are healthy. */
  verify: z.boolean().default(true),
});
export type StartMigration = z.infer<typeof StartMigration>;
