import { invalidValue, notSupported, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { at, fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { qualifiedNameCauses } from "../writes/object-names.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const OPERATORS = new Set(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]);
const UNSATISFIABLE = ["DoNotSchedule", "ScheduleAnyway"];

/** What is wrong with where a pod wants to be. */
export function placementCauses(spec: Fields, path: string): readonly Cause[] {
  return [
    ...nodeAffinityCauses(spec, `${path}.affinity.nodeAffinity.${REQUIRED}`),
    ...podAffinityCauses(spec, path),
    ...spreadCauses(spec, path),
  ];
}

function nodeAffinityCauses(spec: Fields, path: string): Cause[] {
  const wanted = at(spec, "affinity", "nodeAffinity", REQUIRED);
  if (!isFields(wanted)) return [];
  const terms = listOf(wanted["nodeSelectorTerms"]);
  const where = `${path}.nodeSelectorTerms`;
  if (terms.length === 0) return [required(where, "must have at least one node selector term")];
  return terms.flatMap((term, index) =>
    listOf(at(term, "matchExpressions")).flatMap((expression, number) => {
      const operator = at(expression, "operator");
      if (OPERATORS.has(String(operator))) return [];
      const field = `${where}[${index}].matchExpressions[${number}].operator`;
      return [invalidValue(field, operator, "not a valid selector operator")];
    }),
  );
}

function podAffinityCauses(spec: Fields, path: string): Cause[] {
  return ["podAffinity", "podAntiAffinity"].flatMap((kind) =>
    listOf(at(spec, "affinity", kind, REQUIRED)).flatMap((term, index) => {
      const key = textOf(at(term, "topologyKey")) ?? "";
      const field = `${path}.affinity.${kind}.${REQUIRED}[${index}].topologyKey`;
      const missing = key === "" ? [required(field, "can not be empty")] : [];
      return [...missing, ...qualifiedNameCauses(key, field)];
    }),
  );
}

function spreadCauses(spec: Fields, path: string): Cause[] {
  return listOf(spec["topologySpreadConstraints"]).flatMap((item, index) => {
    const constraint = fieldsOf(item);
    const where = `${path}.topologySpreadConstraints[${index}]`;
    const causes: Cause[] = [];
    const skew = numberOf(constraint["maxSkew"]) ?? 0;
    if (skew <= 0) causes.push(invalidValue(`${where}.maxSkew`, skew, "must be greater than zero"));
    if ((textOf(constraint["topologyKey"]) ?? "") === "") {
      causes.push(required(`${where}.topologyKey`, "can not be empty"));
    }
    const otherwise = constraint["whenUnsatisfiable"];
    if (!UNSATISFIABLE.includes(String(otherwise))) {
      causes.push(notSupported(`${where}.whenUnsatisfiable`, otherwise, UNSATISFIABLE));
    }
    return causes;
  });
}
