import type { IncomingMessage } from "node:http";
import { parse } from "yaml";
import type { Tags } from "yaml";
import { invalidValue } from "../field-causes.ts";
import {
  badRequest,
  invalid,
  UndecodableError,
  unsupportedMediaType,
} from "../http/status-error.ts";
import type { StatusError } from "../http/status-error.ts";
import { isFields } from "../json.ts";
import type { ApiObject, Fields } from "../json.ts";
import { PROTOBUF, readProtobufBody } from "../protobuf/protobuf-body.ts";
import type { ExpectedKind } from "../protobuf/protobuf-body.ts";
import { apiVersionOf } from "../resources/resource-info.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";

/** Go's reader follows YAML 1.1, where a bare `y` is true, but knows neither its dates nor its base sixty. */
const YAML_OF_GO = {
  version: "1.1",
  customTags: (tags: Tags) =>
    tags.filter(
      (tag) =>
        typeof tag === "string" ||
        !(tag.tag === "tag:yaml.org,2002:timestamp" || ("format" in tag && tag.format === "TIME")),
    ),
} as const;

const ACCEPTED = ["application/json", "application/yaml"];

/** Parses a request body by its content type, JSON when it names none. Messages are read where a kind is expected. */
export function parseBody(
  body: Buffer,
  contentType: string | undefined,
  expected?: ExpectedKind,
): unknown {
  const type = mediaType(contentType);
  if (type === PROTOBUF && expected !== undefined) return readProtobufBody(body, expected);
  try {
    if (type.endsWith("yaml")) return parseYaml(body.toString("utf8"));
    if (type === "" || type.endsWith("json") || type === "*/*") {
      return JSON.parse(body.toString("utf8")) as unknown;
    }
  } catch (error) {
    throw badRequest(
      `error decoding the request body: ${error instanceof Error ? error.message : "not readable"}`,
    );
  }
  throw unsupportedMediaType(expected === undefined ? ACCEPTED : [...ACCEPTED, PROTOBUF]);
}

/** Clients often send JSON as YAML; reading it as what it is takes a fraction of the time. */
function parseYaml(text: string): unknown {
  return /^\s*[{[]/.test(text) ? JSON.parse(text) : parse(text, YAML_OF_GO);
}

export function mediaType(contentType: string | undefined): string {
  return (contentType ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
}

/** Parses the body of a request for a resource. Custom kinds have no messages. */
export function parseObject(
  { body, incoming }: { readonly body: Buffer; readonly incoming: IncomingMessage },
  resource: ResourceInfo,
): unknown {
  const type = incoming.headers["content-type"];
  if (resource.custom === undefined) {
    return parseBody(body, type, { apiVersion: apiVersionOf(resource), kind: resource.kind });
  }
  if (mediaType(type) === PROTOBUF) {
    throw new UndecodableError(resource, "Object 'Kind' is missing in 'object has no kind field '");
  }
  return parseBody(body, type);
}

/** Turns a parsed body into an object of the resource; throws a 400 when it is another kind of thing. */
export function objectFrom(value: unknown, resource: ResourceInfo): ApiObject {
  if (!isFields(value)) {
    throw unrecognised(resource, "the body is not an object");
  }
  if (resource.custom !== undefined) checkCustomKind(value, resource);
  const apiVersion = value["apiVersion"] ?? apiVersionOf(resource);
  const kind = value["kind"] ?? resource.kind;
  checkKind({ apiVersion, kind }, resource);
  const metadata = value["metadata"] ?? {};
  if (!isFields(metadata)) throw badRequest(`metadata: expected an object`);
  checkMetadataTypes(metadata, (text) => new UndecodableError(resource, text));
  const { apiVersion: _version, kind: _kind, metadata: _metadata, ...rest } = value;
  return {
    apiVersion: apiVersionOf(resource),
    kind: resource.kind,
    metadata: { ...metadata, name: metadata["name"] === undefined ? "" : String(metadata["name"]) },
    ...rest,
  };
}

function unrecognised(resource: ResourceInfo, text: string): StatusError {
  return badRequest(
    `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: ${text}`,
  );
}

/** Custom resources have no Go type to fall back on: they have to say what they are. */
function checkCustomKind(value: Fields, resource: ResourceInfo): void {
  const { apiVersion, kind } = value;
  if (kind === undefined || kind === "") {
    throw new UndecodableError(resource, `Object 'Kind' is missing in '${JSON.stringify(value)}'`);
  }
  if (apiVersion !== apiVersionOf(resource)) {
    throw badRequest(
      `the API version in the data (${String(apiVersion ?? "")}) does not match the expected API version (${apiVersionOf(resource)})`,
    );
  }
  if (kind === resource.kind) return;
  const name = isFields(value["metadata"]) ? String(value["metadata"]["name"] ?? "") : "";
  const subject = { ...resource, kind: String(kind) };
  throw invalid(subject, name, [invalidValue("kind", kind, `must be ${resource.kind}`)]);
}

function checkKind(given: { apiVersion: unknown; kind: unknown }, resource: ResourceInfo): void {
  if (given.apiVersion === apiVersionOf(resource) && given.kind === resource.kind) return;
  const [kind, apiVersion] = [String(given.kind), String(given.apiVersion)];
  const version = apiVersion.split("/").at(-1) ?? "";
  throw new UndecodableError(
    { kind, version, wanted: resource.kind },
    `no kind "${kind}" is registered for version "${apiVersion}" in scheme "pkg/api/legacyscheme/scheme.go:30"`,
  );
}

const TEXT_FIELDS = ["name", "generateName", "namespace", "uid", "resourceVersion"];

type Problem = (text: string) => Error;

function checkMetadataTypes(metadata: Fields, problem: Problem): void {
  for (const field of TEXT_FIELDS) {
    const value = metadata[field];
    if (value === null) delete metadata[field];
    else if (value !== undefined && typeof value !== "string") {
      throw problem(wrongType(value, `ObjectMeta.metadata.${field}`, "string"));
    }
  }
  checkTimes(metadata, problem);
  for (const field of ["labels", "annotations"]) checkStringMap(metadata, field, problem);
  for (const field of ["finalizers", "ownerReferences", "managedFields"]) {
    const value = metadata[field];
    if (value === null) delete metadata[field];
    else if (value !== undefined && !Array.isArray(value)) {
      throw problem(wrongType(value, `ObjectMeta.metadata.${field}`, "[]"));
    }
  }
}

function checkTimes(metadata: Fields, problem: Problem): void {
  for (const field of ["creationTimestamp", "deletionTimestamp"]) {
    const value = metadata[field];
    if (typeof value === "string" && Number.isNaN(Date.parse(value))) {
      throw problem(unreadableTime(value));
    }
  }
}

function checkStringMap(metadata: Fields, field: string, problem: Problem): void {
  const value = metadata[field];
  if (value === undefined) return;
  if (value === null) {
    delete metadata[field];
    return;
  }
  if (!isFields(value)) {
    throw problem(wrongType(value, `ObjectMeta.metadata.${field}`, "map[string]string"));
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === null) value[key] = "";
    else if (typeof item !== "string") {
      throw problem(wrongType(item, `ObjectMeta.metadata.${field}`, "string"));
    }
  }
}

function unreadableTime(value: string): string {
  const shown = JSON.stringify(value);
  return `parsing time ${shown} as "2006-01-02T15:04:05Z07:00": cannot parse ${shown} as "2006"`;
}

/** The words of Go's JSON decoder for a value of the wrong type. */
function wrongType(value: unknown, field: string, goType: string): string {
  return `json: cannot unmarshal ${jsonType(value)} into Go struct field ${field} of type ${goType}`;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return "array";
  if (typeof value === "boolean") return "bool";
  return value === null ? "null" : typeof value;
}
