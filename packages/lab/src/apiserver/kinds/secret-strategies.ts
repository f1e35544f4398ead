import { forbiddenField, invalidValue, required } from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { childOf, deepEqual, fieldsOf, textOf } from "../json.ts";
import type { ApiObject } from "../json.ts";
import type { Strategy } from "./strategy.ts";

const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_DETAIL =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

export const secretStrategy: Strategy = {
  defaults(object) {
    object["type"] ??= "Opaque";
    const plain = fieldsOf(object["stringData"]);
    delete object["stringData"];
    for (const [key, value] of Object.entries(plain)) {
      childOf(object, "data")[key] = Buffer.from(String(value)).toString("base64");
    }
  },
  validate(object, stored) {
    const causes = [...keyCauses(object, "data"), ...frozenData(object, stored)];
    if (stored !== undefined && object["type"] !== stored["type"]) {
      causes.push(invalidValue("type", object["type"], "field is immutable"));
    }
    return [...causes, ...typeCauses(object)];
  },
};

export const configMapStrategy: Strategy = {
  validate: (object, stored) => [
    ...keyCauses(object, "data"),
    ...keyCauses(object, "binaryData"),
    ...twiceCauses(object),
    ...frozenData(object, stored),
  ],
};

function keyCauses(object: ApiObject, field: string): Cause[] {
  return Object.keys(fieldsOf(object[field]))
    .filter((key) => !KEY.test(key) || key.length > 253 || key === "." || key === "..")
    .map((key) => invalidValue(`${field}[${key}]`, key, KEY_DETAIL));
}

function twiceCauses(object: ApiObject): Cause[] {
  const binary = fieldsOf(object["binaryData"]);
  return Object.keys(fieldsOf(object["data"]))
    .filter((key) => binary[key] !== undefined)
    .map((key) => invalidValue(`data[${key}]`, key, "duplicate of key present in binaryData"));
}

function frozenData(object: ApiObject, stored: ApiObject | undefined): Cause[] {
  if (stored?.["immutable"] !== true) return [];
  const causes: Cause[] = [];
  if (object["immutable"] !== true) {
    causes.push(forbiddenField("immutable", "field is immutable when `immutable` is set"));
  }
  for (const field of ["data", "binaryData"]) {
    if (deepEqual(object[field], stored[field])) continue;
    causes.push(forbiddenField(field, "field is immutable when `immutable` is set"));
  }
  return causes;
}

const NEEDED_KEYS: Readonly<Record<string, readonly string[]>> = {
  "kubernetes.io/dockerconfigjson": [".dockerconfigjson"],
  "kubernetes.io/dockercfg": [".dockercfg"],
  "kubernetes.io/tls": ["tls.crt", "tls.key"],
  "kubernetes.io/ssh-auth": ["ssh-privatekey"],
};

function typeCauses(object: ApiObject): Cause[] {
  const type = textOf(object["type"]) ?? "";
  if (type === "kubernetes.io/service-account-token") {
    const name = object.metadata.annotations?.["kubernetes.io/service-account.name"] ?? "";
    const field = "metadata.annotations[kubernetes.io/service-account.name]";
    return name === "" ? [required(field)] : [];
  }
  const data = fieldsOf(object["data"]);
  const { username, password } = data;
  if (type === "kubernetes.io/basic-auth" && username === undefined && password === undefined) {
    return [required("data[username]"), required("data[password]")];
  }
  return (NEEDED_KEYS[type] ?? [])
    .filter((key) => data[key] === undefined)
    .map((key) => required(`data[${key}]`));
}
