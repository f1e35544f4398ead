import {
  duplicate,
  forbiddenField,
  invalidValue,
  missingReference,
  notSupported,
  required,
} from "../field-causes.ts";
import type { Cause } from "../http/status-error.ts";
import { fieldsOf, isFields, listOf, numberOf, textOf } from "../json.ts";
import type { Fields } from "../json.ts";
import { compareQuantities } from "../schema/quantity.ts";

const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];
const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"];
const MODE_DETAIL = "must be a number between 0 and 0777 (octal), both inclusive";

/** What must be said of each kind of volume. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  hostPath: ["path"],
  persistentVolumeClaim: ["claimName"],
  secret: ["secretName"],
  configMap: ["name"],
  nfs: ["server", "path"],
  csi: ["driver"],
};

/** What is wrong with what a volume is made of; `path` is the volume's. */
export function volumeSourceCauses(volume: Fields, path: string): readonly Cause[] {
  const [first, ...others] = Object.keys(volume).filter((field) => field !== "name");
  if (first === undefined) return [];
  const detail = "may not specify more than 1 volume type";
  return [
    ...others.map((source) => forbiddenField(`${path}.${source}`, detail)),
    ...sourceCauses(first, fieldsOf(volume[first]), `${path}.${first}`),
  ];
}

function sourceCauses(kind: string, source: Fields, path: string): Cause[] {
  const causes = (REQUIRED[kind] ?? [])
    .filter((field) => (textOf(source[field]) ?? "") === "")
    .map((field) => required(`${path}.${field}`));
  if (kind === "hostPath") causes.push(...hostPathCauses(source, path));
  if (kind === "nfs") causes.push(...absoluteCauses(source, path));
  if (kind === "emptyDir" && (compareQuantities(source["sizeLimit"] ?? "0", "0") ?? 0) < 0) {
    const detail = "SizeLimit field must be a valid resource quantity";
    causes.push(forbiddenField(`${path}.sizeLimit`, detail));
  }
  return [...causes, ...fileCauses(source, path)];
}

function absoluteCauses(source: Fields, path: string): Cause[] {
  const where = textOf(source["path"]) ?? "";
  if (where === "" || where.startsWith("/")) return [];
  return [invalidValue(`${path}.path`, where, "must be an absolute path")];
}

function hostPathCauses(source: Fields, path: string): Cause[] {
  const type = textOf(source["type"]) ?? "";
  return [
    ...dotCauses(textOf(source["path"]) ?? "", `${path}.path`),
    ...(HOST_PATH_TYPES.includes(type)
      ? []
      : [notSupported(`${path}.type`, type, HOST_PATH_TYPES)]),
  ];
}

/** Config maps and secrets become files: with modes, and below the volume. */
function fileCauses(source: Fields, path: string): Cause[] {
  const causes = modeCauses(source["defaultMode"], `${path}.defaultMode`);
  listOf(source["items"]).forEach((value, index) => {
    const item = fieldsOf(value);
    const where = `${path}.items[${index}]`;
    // Items of the downward API name a field of the pod instead.
    const isKeyed = item["fieldRef"] === undefined && item["resourceFieldRef"] === undefined;
    if (isKeyed && (textOf(item["key"]) ?? "") === "") causes.push(required(`${where}.key`));
    const file = textOf(item["path"]) ?? "";
    if (file === "") causes.push(required(`${where}.path`));
    causes.push(...relativeCauses(file, `${where}.path`));
    causes.push(...modeCauses(item["mode"], `${where}.mode`));
  });
  return causes;
}

function modeCauses(mode: unknown, path: string): Cause[] {
  const number = numberOf(mode) ?? 0;
  return number < 0 || number > 0o777 ? [invalidValue(path, number, MODE_DETAIL)] : [];
}

function relativeCauses(file: string, path: string): Cause[] {
  if (file.startsWith("/")) return [invalidValue(path, file, "must be a relative path")];
  return dotCauses(file, path);
}

function dotCauses(file: string, path: string): Cause[] {
  if (!file.split("/").includes("..")) return [];
  return [invalidValue(path, file, "must not contain '..'")];
}

/** What is wrong with where a container mounts volumes. */
export function mountCauses(
  container: Fields,
  path: string,
  volumes: ReadonlySet<string>,
): readonly Cause[] {
  const places = new Set<string>();
  return listOf(container["volumeMounts"]).flatMap((item, index) => {
    const mount = fieldsOf(item);
    const where = `${path}.volumeMounts[${index}]`;
    const name = textOf(mount["name"]) ?? "";
    const place = textOf(mount["mountPath"]) ?? "";
    const causes: Cause[] = [];
    if (name === "") causes.push(required(`${where}.name`));
    else if (!volumes.has(name)) causes.push(missingReference(`${where}.name`, name));
    if (place === "") causes.push(required(`${where}.mountPath`));
    if (places.has(place)) causes.push(invalidValue(`${where}.mountPath`, place, "must be unique"));
    places.add(place);
    return [...causes, ...partCauses(mount, where)];
  });
}

function partCauses(mount: Fields, path: string): Cause[] {
  const [part, expression] = [textOf(mount["subPath"]) ?? "", textOf(mount["subPathExpr"]) ?? ""];
  const causes = relativeCauses(part, `${path}.subPath`);
  if (part !== "" && expression !== "") {
    const detail = "subPathExpr and subPath are mutually exclusive";
    causes.push(invalidValue(`${path}.subPathExpr`, expression, detail));
  }
  const propagation = mount["mountPropagation"];
  if (propagation !== undefined && !PROPAGATIONS.includes(String(propagation))) {
    causes.push(notSupported(`${path}.mountPropagation`, propagation, PROPAGATIONS));
  }
  return causes;
}

/** Names of volumes, and what is wrong with those that two have. */
export function volumeNames(
  spec: Fields,
  path: string,
): {
  readonly names: ReadonlySet<string>;
  readonly causes: readonly Cause[];
} {
  const names = new Set<string>();
  const causes: Cause[] = [];
  listOf(spec["volumes"])
    .filter(isFields)
    .forEach((volume, index) => {
      const name = textOf(volume["name"]) ?? "";
      if (names.has(name)) causes.push(duplicate(`${path}.volumes[${index}].name`, name));
      names.add(name);
    });
  return { names, causes };
}
