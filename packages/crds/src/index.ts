export * from "./resource.ts";
export * from "./define-kind.ts";
export * from "./open-string.ts";
export * from "./condition.ts";
export * from "./object-reference.ts";
export * from "./label-selector.ts";
export * from "./quantity.ts";
export * from "./quantity-amount.ts";

export * from "./migration/group.ts";
export * from "./migration/label.ts";
export { anyKindConditions } from "./migration/condition-facts.ts";
export type { ConditionCatalogue, ConditionFacts } from "./migration/condition-facts.ts";
export * from "./migration/cluster-conditions.ts";
export * from "./migration/plan-conditions.ts";
export * from "./migration/migration-conditions.ts";
export * from "./migration/direct-conditions.ts";
export * from "./migration/condition-catalogue.ts";
export * from "./migration/phase.ts";
export * from "./migration/itinerary.ts";
export * from "./migration/pipeline-step.ts";
export * from "./migration/unhealthy-namespace.ts";
export * from "./migration/plan-volume.ts";
export * from "./migration/mig-cluster.ts";
export * from "./migration/mig-storage.ts";
export * from "./migration/hook-phase.ts";
export * from "./migration/mig-plan.ts";
export * from "./migration/mig-migration.ts";
export * from "./migration/mig-hook.ts";
export * from "./migration/mig-analytic.ts";
export * from "./migration/direct-volume-migration.ts";
export * from "./migration/direct-volume-migration-progress.ts";
export * from "./migration/direct-image-migration.ts";
export * from "./migration/direct-image-stream-migration.ts";

export * from "./velero/group.ts";
export * from "./velero/backup.ts";
export * from "./velero/restore.ts";
export * from "./velero/pod-volume.ts";
export * from "./velero/storage-location.ts";
export * from "./velero/data-mover.ts";
export * from "./velero/request.ts";
export * from "./velero/schedule.ts";

export * from "./kubernetes/core.ts";
export * from "./kubernetes/pod.ts";
export * from "./kubernetes/volume.ts";
export * from "./kubernetes/workload.ts";
export * from "./kubernetes/rbac.ts";
export * from "./kubernetes/custom-resource-definition.ts";

export * from "./openshift/route.ts";
export * from "./openshift/image-stream.ts";
export * from "./openshift/deployment-config.ts";
export * from "./openshift/project.ts";
export * from "./openshift/identity.ts";
export * from "./openshift/cluster-ingress.ts";

export { controllerConfigMap, clusterConfigMap } from "./migration-controller/variable.ts";
export type {
  Variable,
  VariableReader,
  VariableType,
  VariableValue,
} from "./migration-controller/variable.ts";
export { defaultExcludedResources } from "./migration-controller/migration-variables.ts";
export * from "./migration-controller/variables.ts";
export * from "./migration-controller/read-variable.ts";
export * from "./migration-controller/config-map-data.ts";
export * from "./migration-controller/migration-controller.ts";

export * from "./kinds.ts";
export * from "./crd-manifest.ts";
export { quantityPattern } from "./structural-schema.ts";
export type { StructuralSchema } from "./structural-schema.ts";

export * from "./conditions.ts";
export * from "./name-mapping.ts";
export * from "./name-rules.ts";
export * from "./claim-mapping.ts";
export * from "./plan-type.ts";
export * from "./hook-rules.ts";
export * from "./cluster-command.ts";
export * from "./status/run-action.ts";
export * from "./status/step-count.ts";
export * from "./status/run-status.ts";
export * from "./status/plan-status.ts";
export * from "./status/pipeline-status.ts";
export * from "./status/progress-line.ts";
export * from "./status/connection-status.ts";
export * from "./status/resource-status.ts";
