import { forbiddenField, invalidValue, notSupported, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { deepEqual, fieldsOf, isFields, listOf, textOf } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";

const SCOPES = ["Cluster", "Namespaced"];
const LABEL = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

/** What is wrong with a custom resource definition. */
export function definitionCauses(object: ApiObject, stored: ApiObject | undefined): Cause[] {
  const spec = fieldsOf(object["spec"]);
  return [
    ...identityCauses(object, spec),
    ...nameCauses(fieldsOf(spec["names"])),
    ...scopeCauses(spec["scope"]),
    ...versionCauses(spec),
    ...(stored === undefined ? [] : frozenCauses(spec, fieldsOf(stored["spec"]))),
  ];
}

function identityCauses(object: ApiObject, spec: Fields): Cause[] {
  const group = textOf(spec["group"]) ?? "";
  const plural = textOf(fieldsOf(spec["names"])["plural"]) ?? "";
  const causes: Cause[] = [];
  if (object.metadata.name !== `${plural}.${group}`) {
    const detail = 'must be spec.names.plural+"."+spec.group';
    causes.push(invalidValue("metadata.name", object.metadata.name, detail));
  }
  if (group === "") causes.push(required("spec.group"));
  else if (!group.includes(".")) {
    causes.push(invalidValue("spec.group", group, "should be a domain with at least one dot"));
  }
  return causes;
}

function nameCauses(names: Fields): Cause[] {
  const causes: Cause[] = [];
  for (const field of ["plural", "singular", "kind", "listKind"]) {
    const value = textOf(names[field]) ?? "";
    if (value === "") causes.push(required(`spec.names.${field}`));
    else if (!LABEL.test(value.toLowerCase())) {
      causes.push(
        invalidValue(
          `spec.names.${field}`,
          value,
          "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')",
        ),
      );
    }
  }
  return causes;
}

function scopeCauses(scope: unknown): Cause[] {
  if (scope === undefined) return [required("spec.scope")];
  return SCOPES.includes(String(scope)) ? [] : [notSupported("spec.scope", scope, SCOPES)];
}

function versionCauses(spec: Fields): Cause[] {
  const versions = listOf(spec["versions"]).map(fieldsOf);
  const causes: Cause[] = [];
  if (versions.filter((version) => version["storage"] === true).length !== 1) {
    const shown = versions.map((version) => version["name"]);
    const detail = "must have exactly one version marked as storage version";
    causes.push(invalidValue("spec.versions", shown, detail));
  }
  versions.forEach((version, index) => {
    const path = `spec.versions[${index}].schema.openAPIV3Schema`;
    const schema = fieldsOf(version["schema"])["openAPIV3Schema"];
    if (!isFields(schema)) causes.push(required(path, "schemas are required"));
    else causes.push(...rootCauses(schema, path));
  });
  return causes;
}

/** The first rules of structural schemas: an object at the root, and a type or an escape everywhere below. */
function rootCauses(schema: Fields, path: string): Cause[] {
  if (schema["type"] === undefined)
    return [required(`${path}.type`, "must not be empty at the root")];
  if (schema["type"] !== "object") {
    return [invalidValue(`${path}.type`, schema["type"], "must be object at the root")];
  }
  return typeCauses(schema, path);
}

function typeCauses(schema: Fields, path: string): Cause[] {
  const causes: Cause[] = [];
  for (const [name, value] of Object.entries(fieldsOf(schema["properties"]))) {
    causes.push(...nodeCauses(fieldsOf(value), `${path}.properties[${name}]`));
  }
  if (isFields(schema["items"])) causes.push(...nodeCauses(schema["items"], `${path}.items`));
  if (isFields(schema["additionalProperties"])) {
    causes.push(...nodeCauses(schema["additionalProperties"], `${path}.additionalProperties`));
  }
  return causes;
}

function nodeCauses(schema: Fields, path: string): Cause[] {
  const isEscaped =
    schema["x-kubernetes-int-or-string"] === true ||
    schema["x-kubernetes-preserve-unknown-fields"] === true;
  if (schema["type"] === undefined && !isEscaped) {
    return [required(`${path}.type`, "must not be empty for specified object fields")];
  }
  if (schema["type"] === "array" && !isFields(schema["items"])) {
    return [required(`${path}.items`, "must be specified")];
  }
  if (isFields(schema["properties"]) && isFields(schema["additionalProperties"])) {
    const detail = "additionalProperties and properties are mutual exclusive";
    return [forbiddenField(`${path}.additionalProperties`, detail)];
  }
  return typeCauses(schema, path);
}

function frozenCauses(now: Fields, before: Fields): Cause[] {
  const causes: Cause[] = [];
  for (const field of ["group", "scope"]) {
    if (deepEqual(now[field], before[field])) continue;
    causes.push(invalidValue(`spec.${field}`, now[field], "field is immutable"));
  }
  for (const field of ["plural", "kind"]) {
    const [value, was] = [fieldsOf(now["names"])[field], fieldsOf(before["names"])[field]];
    if (!deepEqual(value, was)) {
      causes.push(invalidValue(`spec.names.${field}`, value, "field is immutable"));
    }
  }
  return causes;
}
