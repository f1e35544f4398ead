import { randomUUID } from "node:crypto";
import { invalidValue } from "../field-causes.ts";
import { invalid, StatusError } from "../http/status-error.ts";
import type { Cause } from "../http/status-error.ts";
import { deepEqual, isFields } from "../json.ts";
import type { ApiObject, Metadata } from "../json.ts";
import {
  generatedName,
  generateNameCauses,
  labelCauses,
  nameCauses,
  qualifiedNameCauses,
} from "./object-names.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";
import type { WriteScope } from "./write-scope.ts";

/** A time as Kubernetes writes it: whole seconds, UTC. */
export function timestamp(date: Date): string {
  return `${date.toISOString().slice(0, 19)}Z`;
}

/** The object with the metadata of one just created: identity set, everything a client may not choose cleared. */
export function newMetadata(scope: WriteScope, object: ApiObject): Metadata {
  const given = object.metadata;
  if ((given.resourceVersion ?? "") !== "") {
    throw new StatusError(500, "", {
      message: "resourceVersion should not be set on objects to be created",
    });
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
  dropTwins(metadata);
  metadata.uid = randomUUID();
  metadata.creationTimestamp = timestamp(scope.server.now());
  return withoutEmpty(metadata);
}

/** Owners named twice count once. */
function dropTwins(metadata: Metadata): void {
  const owners = metadata.ownerReferences;
  if (!Array.isArray(owners)) return;
  metadata.ownerReferences = owners.filter(
    (owner, index) => !owners.slice(0, index).some((other) => deepEqual(owner, other)),
  );
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
    ...generateNameCauses(scope.resource.storage, metadata.generateName),
    ...nameCauses(scope.resource.storage, metadata.name),
    ...labelCauses(metadata.labels ?? {}, "metadata.labels"),
    ...Object.keys(metadata.annotations ?? {}).flatMap((key) =>
      qualifiedNameCauses(key.toLowerCase(), "metadata.annotations"),
    ),
    ...annotationSizeCauses(metadata.annotations ?? {}),
    ...finalizerCauses(scope, metadata.finalizers ?? []),
    ...ownerCauses(metadata),
  ];
  if (causes.length > 0) throw invalid(scope.resource, metadata.name, causes);
}

const ANNOTATION_BYTES = 256 * 1024;

function annotationSizeCauses(annotations: Readonly<Record<string, string>>): Cause[] {
  const bytes = Object.entries(annotations)
    .map(([key, value]) => Buffer.byteLength(key) + Buffer.byteLength(value))
    .reduce((sum, size) => sum + size, 0);
  if (bytes <= ANNOTATION_BYTES) return [];
  const message = `Too long: may not be more than ${ANNOTATION_BYTES} bytes`;
  return [{ reason: "FieldValueTooLong", message, field: "metadata.annotations" }];
}

const STANDARD_FINALIZERS = new Set(["orphan", "foregroundDeletion", "kubernetes"]);

/** Kubernetes' own kinds want a domain in the name of a finalizer; definitions and custom resources do not. */
function finalizerCauses(scope: WriteScope, finalizers: readonly string[]): Cause[] {
  return finalizers.flatMap((name, index) => {
    const causes = qualifiedNameCauses(name, "metadata.finalizers");
    const isPlain = !name.includes("/") && !STANDARD_FINALIZERS.has(name);
    if (!isPlain || isLenient(scope.resource)) return causes;
    const detail = "name is neither a standard finalizer name nor is it fully qualified";
    return [...causes, invalidValue(`metadata.finalizers[${index}]`, name, detail)];
  });
}

function isLenient({ custom, group }: ResourceInfo): boolean {
  return custom !== undefined || group === "apiextensions.k8s.io";
}

function ownerCauses(metadata: Metadata): Cause[] {
  const owners = metadata.ownerReferences ?? [];
  const causes = owners.flatMap((owner) =>
    (["apiVersion", "kind", "name", "uid"] as const)
      .filter((field) => (owner[field] ?? "") === "")
      .map((field) => {
        const what = field === "apiVersion" ? "version" : field;
        return invalidValue(`metadata.ownerReferences.${field}`, "", `${what} must not be empty`);
      }),
  );
  const [first, second] = owners
    .filter((owner) => owner.controller === true)
    .map(({ name }) => name);
  if (first === undefined || second === undefined) return causes;
  const detail = `Only one reference can have Controller set to true. Found "true" in references for ${first} and ${second}`;
  return [...causes, invalidValue("metadata.ownerReferences", owners, detail)];
}
