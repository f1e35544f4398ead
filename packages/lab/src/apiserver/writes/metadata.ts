import { randomUUID } from "node:crypto";
import { invalidValue } from "../field-causes.ts";
import { badRequest, invalid } from "../http/status-error.ts";
import type { Cause } from "../http/status-error.ts";
import { isFields } from "../json.ts";
import type { ApiObject, Metadata } from "../json.ts";
import { generatedName, labelCauses, nameCauses, qualifiedNameCauses } from "./object-names.ts";
import type { WriteScope } from "./write-scope.ts";

/** A time as Kubernetes writes it: whole seconds, UTC. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** The object with the metadata of one just created: identity set, everything a client may not choose cleared. */
export function newMetadata(scope: WriteScope, object: ApiObject): Metadata {
  const given = object.metadata;
  if ((given.resourceVersion ?? "") !== "") {
    throw badRequest("resourceVersion should not be set on objects to be created");
  }
  const name =
    given.name === "" && (given.generateName ?? "") !== ""
      ? generatedName(given.generateName ?? "")
      : given.name;
  const metadata: Metadata = { ...given, name };
  for (const field of SERVER_OWNED) delete metadata[field];
  if (scope.resource.namespaced && scope.namespace !== undefined) {
    metadata.namespace = scope.namespace;
  } else delete metadata.namespace;
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp(scope.server.now());
  return withoutEmpty(metadata);
}

const SERVER_OWNED = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "selfLink",
];

/** The metadata of an update: what a client may not change is taken from the stored object. */
export function updatedMetadata(given: Metadata, stored: Metadata): Metadata {
  const metadata: Metadata = { ...given, name: stored.name };
  for (const field of KEPT) {
    if (stored[field] === undefined) delete metadata[field];
    else metadata[field] = stored[field];
  }
  return withoutEmpty(metadata);
}

const KEPT = [
  "namespace",
  "uid",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "deletionGracePeriodSeconds",
  "generateName",
  "resourceVersion",
  "selfLink",
];

const DROPPED_WHEN_EMPTY = [
  "labels",
  "annotations",
  "finalizers",
  "ownerReferences",
  "generateName",
];

function withoutEmpty(metadata: Metadata): Metadata {
  for (const field of DROPPED_WHEN_EMPTY) {
    const value = metadata[field];
    const empty =
      value === null ||
      value === "" ||
      (Array.isArray(value) && value.length === 0) ||
      (isFields(value) && Object.keys(value).length === 0);
    if (empty) delete metadata[field];
  }
  return metadata;
}

/** Throws a 422 for metadata Kubernetes would refuse. */
export function checkMetadata(scope: WriteScope, object: ApiObject): void {
  const { metadata } = object;
  const causes: Cause[] = [
    ...nameCauses(scope.resource.storage, metadata.name),
    ...labelCauses(metadata.labels ?? {}, "metadata.labels"),
    ...Object.keys(metadata.annotations ?? {}).flatMap((key) =>
      qualifiedNameCauses(key.toLowerCase(), "metadata.annotations"),
    ),
    ...(metadata.finalizers ?? []).flatMap((name) =>
      qualifiedNameCauses(name, "metadata.finalizers"),
    ),
    ...ownerCauses(metadata),
  ];
  if (causes.length > 0) throw invalid(scope.resource, metadata.name, causes);
}

function ownerCauses(metadata: Metadata): Cause[] {
  const owners = metadata.ownerReferences ?? [];
  const causes = owners.flatMap((owner, index) =>
    (["apiVersion", "kind", "name", "uid"] as const)
      .filter((field) => (owner[field] ?? "") === "")
      .map((field) =>
        invalidValue(`metadata.ownerReferences[${index}].${field}`, "", "must not be empty"),
      ),
  );
  const [first, second] = owners
    .filter((owner) => owner.controller === true)
    .map(({ kind, name }) => `${kind}/${name}`);
  if (first === undefined || second === undefined) return causes;
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  return [...causes, invalidValue("metadata.ownerReferences", owners, detail)];
}
