import { forbiddenField, invalidValue, notSupported } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { at, fieldsOf, listOf, numberOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";

const STRATEGIES = ["Recreate", "RollingUpdate"];
const OPERATORS = new Set(["In", "NotIn", "Exists", "DoesNotExist"]);
const PERCENT_DETAIL =
  "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
const NOT_LESS = "must be greater than or equal to 0";

/** What is wrong with how a deployment replaces its pods. */
export function rolloutCauses(object: ApiObject): readonly Cause[] {
  const spec = fieldsOf(object["spec"]);
  const strategy = fieldsOf(spec["strategy"]);
  const { type } = strategy;
  if (!STRATEGIES.includes(String(type))) {
    return [notSupported("spec.strategy", type, STRATEGIES)];
  }
  const rolling = strategy["rollingUpdate"];
  if (type === "Recreate" && rolling !== undefined) {
    const detail = "may not be specified when strategy `type` is 'Recreate'";
    return [forbiddenField("spec.strategy.rollingUpdate", detail)];
  }
  return [...shareCauses(fieldsOf(rolling)), ...patienceCauses(spec)];
}

function shareCauses({ maxSurge, maxUnavailable }: Fields): Cause[] {
  const path = "spec.strategy.rollingUpdate";
  const causes = [
    ...oneShareCauses(maxUnavailable, `${path}.maxUnavailable`),
    ...oneShareCauses(maxSurge, `${path}.maxSurge`),
  ];
  if (isNothing(maxSurge) && isNothing(maxUnavailable)) {
    const shown = 'intstr.IntOrString{Type:0, IntVal:0, StrVal:""}';
    const message = `Invalid value: ${shown}: may not be 0 when \`maxSurge\` is 0`;
    causes.push({ reason: "FieldValueInvalid", message, field: `${path}.maxUnavailable` });
  }
  const percent = /^(\d+)%$/.exec(String(maxUnavailable))?.[1];
  if (Number(percent ?? "0") > 100) {
    const detail = "must not be greater than 100%";
    causes.push(invalidValue(`${path}.maxUnavailable`, maxUnavailable, detail));
  }
  return causes;
}

function oneShareCauses(share: unknown, path: string): Cause[] {
  if (typeof share === "string" && !/^\d+%$/.test(share)) {
    return [invalidValue(path, share, PERCENT_DETAIL)];
  }
  return (numberOf(share) ?? 0) < 0 ? [invalidValue(path, share, NOT_LESS)] : [];
}

function isNothing(share: unknown): boolean {
  return share === 0 || share === "0%";
}

function patienceCauses(spec: Fields): Cause[] {
  const number = (field: string): number => numberOf(spec[field]) ?? 0;
  const causes = ["minReadySeconds", "revisionHistoryLimit"]
    .filter((field) => number(field) < 0)
    .map((field) => invalidValue(`spec.${field}`, spec[field], NOT_LESS));
  const deadline = number("progressDeadlineSeconds");
  if (deadline < 0) {
    causes.push(invalidValue("spec.progressDeadlineSeconds", deadline, NOT_LESS));
  }
  if (deadline <= number("minReadySeconds")) {
    const detail = "must be greater than minReadySeconds";
    causes.push(invalidValue("spec.progressDeadlineSeconds", deadline, detail));
  }
  return causes;
}

/** What is wrong with the selector of a workload, and with a template that cannot be run for ever. */
export function workloadCauses(object: ApiObject): readonly Cause[] {
  const spec = fieldsOf(object["spec"]);
  const selector = fieldsOf(spec["selector"]);
  const expressions = listOf(selector["matchExpressions"]);
  const causes = expressions.flatMap((expression, index) => {
    const operator = at(expression, "operator");
    if (OPERATORS.has(String(operator))) return [];
    const field = `spec.selector.matchExpressions[${index}].operator`;
    return [invalidValue(field, operator, "not a valid selector operator")];
  });
  const isEmpty = Object.keys(fieldsOf(selector["matchLabels"])).length + expressions.length === 0;
  if (spec["selector"] !== undefined && isEmpty) {
    const detail = `empty selector is invalid for ${object.kind.toLowerCase()}`;
    causes.push(invalidValue("spec.selector", selector, detail));
  }
  if (at(spec, "template", "spec", "activeDeadlineSeconds") !== undefined) {
    const detail = "activeDeadlineSeconds in ReplicaSet is not Supported";
    causes.push(forbiddenField("spec.template.spec.activeDeadlineSeconds", detail));
  }
  return causes;
}
