import { isIP } from "node:net";
import { invalidValue } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { childOf, fieldsOf, isFields, listOf, textOf } from "../json.ts";
import { setDefaults } from "./pod-defaults.ts";
import type { Strategy } from "./strategy.ts";

const NO_ADDRESS = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

export const endpointsStrategy: Strategy = {
  defaults(object) {
    for (const subset of listOf(object["subsets"])) {
      for (const port of listOf(fieldsOf(subset)["ports"])) {
        if (isFields(port)) setDefaults(port, { protocol: "TCP" });
      }
    }
  },
  validate: (object) =>
    listOf(object["subsets"]).flatMap((subset, index) =>
      ["addresses", "notReadyAddresses"].flatMap((list) =>
        addressCauses(fieldsOf(subset)[list], `subsets[${index}].${list}`),
      ),
    ),
};

function addressCauses(addresses: unknown, path: string): Cause[] {
  return listOf(addresses).flatMap((address, index) => {
    const ip = textOf(fieldsOf(address)["ip"]) ?? "";
    return isIP(ip) === 0 ? [invalidValue(`${path}[${index}].ip`, ip, NO_ADDRESS)] : [];
  });
}

export const ingressStrategy: Strategy = {
  validate(object) {
    const { defaultBackend, rules } = fieldsOf(object["spec"]);
    if (defaultBackend !== undefined || listOf(rules).length > 0) return [];
    const detail = "either `defaultBackend` or `rules` must be specified";
    const message = `Invalid value: []networking.IngressRule(nil): ${detail}`;
    return [{ reason: "FieldValueInvalid", message, field: "spec" }];
  },
};

export const networkPolicyStrategy: Strategy = {
  defaults(object) {
    const spec = childOf(object, "spec");
    const policyTypes = spec["egress"] === undefined ? ["Ingress"] : ["Ingress", "Egress"];
    setDefaults(spec, { policyTypes });
  },
};
