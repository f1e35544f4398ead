import { invalidValue } from "../field-causes.ts";
import { fieldsOf, textOf } from "../json.ts";
import { setDefaults } from "./pod-defaults.ts";
import type { Strategy } from "./strategy.ts";

/** Go writes these whether they are set or not. */
const ALWAYS_THERE = {
  source: {},
  reportingComponent: "",
  reportingInstance: "",
};
const TIMES = ["firstTimestamp", "lastTimestamp", "eventTime"];

export const eventStrategy: Strategy = {
  defaults(object) {
    setDefaults(object, ALWAYS_THERE);
    for (const field of TIMES) object[field] ??= null;
  },
  validate(object) {
    const about = textOf(fieldsOf(object["involvedObject"])["namespace"]) ?? "";
    const namespace = object.metadata.namespace ?? "";
    // Events about what has no namespace live in the default one.
    if (about === namespace || (about === "" && namespace === "default")) return [];
    const field = "involvedObject.namespace";
    return [invalidValue(field, about, "does not match event.namespace")];
  },
};
