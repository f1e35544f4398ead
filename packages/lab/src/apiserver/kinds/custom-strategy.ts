import { structuralCauses } from "../schema/structural-validation.ts";
import type { Strategy } from "./strategy.ts";

/** Custom resources: what their definition's schema says. */
export const customStrategy: Strategy = {
  validate(object, _stored, scope) {
    const schema = scope.resource.custom?.schema;
    return schema === undefined ? [] : structuralCauses(object, schema);
  },
};
