import { StatusError } from "./status-error.ts";

/** The form in which a client wants to have objects. */
export type AcceptedForm = {
  readonly encoding: "json" | "yaml";
  /** Another kind to show them as. */
  readonly as?: "Table" | "PartialObjectMetadata" | "PartialObjectMetadataList";
};

const ENCODINGS: Readonly<Record<string, AcceptedForm["encoding"]>> = {
  "": "json",
  "*/*": "json",
  "application/json": "json",
  "application/yaml": "yaml",
};
const PROTOBUF = "application/vnd.kubernetes.protobuf";
const KINDS = ["Table", "PartialObjectMetadata", "PartialObjectMetadataList"] as const;

type Part = { readonly type: string; readonly parameters: ReadonlyMap<string, string> };

/** The first of the forms a client accepts that this server has; throws a 406 when it has none of them. */
export function acceptedForm(accept: string): AcceptedForm {
  const parts = partsOf(accept);
  for (const { type, parameters } of parts) {
    const encoding = ENCODINGS[type];
    if (encoding === undefined) continue;
    const wanted = parameters.get("as");
    if (wanted === undefined) return { encoding };
    const as = KINDS.find((kind) => kind === wanted);
    const isKnown = ["v1", "v1beta1"].includes(parameters.get("v") ?? "");
    if (as !== undefined && isKnown) return { encoding, as };
  }
  const isNearly = parts.some(({ type }) => type in ENCODINGS || type === PROTOBUF);
  throw isNearly ? onlyAccepted() : notAcceptable();
}

function partsOf(accept: string): readonly Part[] {
  return accept
    .split(",")
    .map((part) => {
      const [type = "", ...parameters] = part.split(";").map((word) => word.trim());
      return { type, parameters: new Map(parameters.map(nameAndValue)) };
    })
    .sort((left, right) => qualityOf(right) - qualityOf(left));
}

function nameAndValue(parameter: string): [string, string] {
  const [name = "", value = ""] = parameter.split("=");
  return [name, value];
}

function qualityOf({ parameters }: Part): number {
  return Number(parameters.get("q") ?? "1");
}

function notAcceptable(): StatusError {
  const message = "406: Not Acceptable";
  return new StatusError(406, "NotAcceptable", { message, details: {} });
}

function onlyAccepted(): StatusError {
  const types = ["application/json", "application/yaml", PROTOBUF].join(", ");
  return new StatusError(406, "NotAcceptable", {
    message: `only the following media types are accepted: ${types}`,
  });
}

/** A kind of metadata alone was asked for where it does not fit. */
export function wrongMetadataKind(as: string, kind: string): StatusError {
  const isNot = as === "PartialObjectMetadata" ? "is a list" : "is not a list";
  return new StatusError(406, "NotAcceptable", {
    message: `you requested ${as}, but the requested object ${isNot} (${kind})`,
  });
}
