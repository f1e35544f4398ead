import { invalidValue, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";

const NAME_DETAIL =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";
const SOURCES = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];
const PODS_FIELDS =
  /^(metadata\.(name|namespace|uid|labels|annotations)(\['.+'\])?|spec\.(nodeName|serviceAccountName)|status\.(phase|hostIPs?|podIPs?))$/;

/** What is wrong with the environment of a container. */
export function environmentCauses(container: Fields, path: string): readonly Cause[] {
  const variables = listOf(container["env"]).flatMap((item, index) =>
    variableCauses(fieldsOf(item), `${path}.env[${index}]`),
  );
  const whole = listOf(container["envFrom"]).flatMap((item, index) => {
    const source = fieldsOf(item);
    if (source["configMapRef"] !== undefined || source["secretRef"] !== undefined) return [];
    const detail = "must specify one of: `configMapRef` or `secretRef`";
    return [invalidValue(`${path}.envFrom[${index}]`, "", detail)];
  });
  return [...variables, ...whole];
}

function variableCauses(variable: Fields, path: string): Cause[] {
  const name = textOf(variable["name"]) ?? "";
  const causes: Cause[] = [];
  if (name === "") causes.push(required(`${path}.name`));
  else if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) {
    causes.push(invalidValue(`${path}.name`, name, NAME_DETAIL));
  }
  const from = variable["valueFrom"];
  if (!isFields(from)) return causes;
  if ((textOf(variable["value"]) ?? "") !== "") {
    const detail = "may not be specified when `value` is not empty";
    causes.push(invalidValue(`${path}.valueFrom`, "", detail));
  }
  return [...causes, ...sourceCauses(from, `${path}.valueFrom`)];
}

function sourceCauses(from: Fields, path: string): Cause[] {
  const given = SOURCES.filter((source) => from[source] !== undefined);
  if (given.length === 0) {
    const detail =
      "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`";
    return [invalidValue(path, "", detail)];
  }
  if (given.length > 1) {
    return [invalidValue(path, "", "may not have more than one field specified at a time")];
  }
  const causes: Cause[] = [];
  for (const source of ["configMapKeyRef", "secretKeyRef"]) {
    const reference = from[source];
    if (isFields(reference) && (textOf(reference["key"]) ?? "") === "") {
      causes.push(required(`${path}.${source}.key`));
    }
  }
  const field = textOf(fieldsOf(from["fieldRef"])["fieldPath"]);
  if (field !== undefined && !PODS_FIELDS.test(field)) {
    const detail = `error converting fieldPath: field label not supported: ${field}`;
    causes.push(invalidValue(`${path}.fieldRef.fieldPath`, field, detail));
  }
  return causes;
}
