import { invalidValue } from "../field-causes.ts";
import { childOf, fieldsOf, isFields, listOf, numberOf } from "../json.ts";
import { limitRangeCauses } from "./limit-range-causes.ts";
import { setDefaults } from "./pod-defaults.ts";
import type { Strategy } from "./strategy.ts";

/** What a container may use at most is what it asks for, unless the range says otherwise. */
export const limitRangeStrategy: Strategy = {
  defaults(object) {
    for (const limit of listOf(fieldsOf(object["spec"])["limits"])) {
      if (!isFields(limit) || limit["type"] !== "Container") continue;
      if (limit["max"] !== undefined) {
        setDefaults(childOf(limit, "default"), fieldsOf(limit["max"]));
      }
      const standard = { ...fieldsOf(limit["min"]), ...fieldsOf(limit["default"]) };
      if (Object.keys(standard).length === 0) continue;
      setDefaults(childOf(limit, "defaultRequest"), standard);
    }
  },
  validate: limitRangeCauses,
};

export const autoscalerStrategy: Strategy = {
  defaults(object) {
    setDefaults(childOf(object, "spec"), { minReplicas: 1, targetCPUUtilizationPercentage: 80 });
  },
};

export const leaseStrategy: Strategy = {
  validate(object) {
    const seconds = numberOf(fieldsOf(object["spec"])["leaseDurationSeconds"]);
    if (seconds === undefined || seconds > 0) return [];
    return [invalidValue("spec.leaseDurationSeconds", seconds, "must be greater than 0")];
  },
};
