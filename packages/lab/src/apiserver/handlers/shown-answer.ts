import { stringify } from "yaml";
import type { AcceptedForm } from "../http/accepted-form.ts";
import { wrongMetadataKind } from "../http/accepted-form.ts";
import type { Answer } from "../http/answer.ts";
import { isTrue } from "../http/request-info.ts";
import type { Fields } from "../json.ts";
import type { ResourceInfo } from "../resources/resource-info.ts";

type Wanted = {
  readonly form: AcceptedForm;
  readonly query: URLSearchParams;
  readonly resource?: ResourceInfo;
};

/** An answer in the form its client accepts. */
export function shownAnswer(answer: Answer, { form, query, resource }: Wanted): Answer {
  const isPretty = isTrue(query.get("pretty"));
  if (answer.kind !== "json" || (isPlain(form) && !isPretty)) return answer;
  const body = JSON.parse(answer.json) as Fields;
  const shown = resource === undefined ? body : metadataOnly(body, form, resource);
  if (form.encoding === "yaml") {
    const bytes = Buffer.from(stringify(shown));
    return { kind: "binary", code: answer.code, type: "application/yaml", bytes };
  }
  const json = isPretty ? `${JSON.stringify(shown, null, 2)}\n` : JSON.stringify(shown);
  return { ...answer, json };
}

/** Whether objects go out as they are stored. */
export function isPlain({ encoding, as }: AcceptedForm): boolean {
  return encoding === "json" && (as === undefined || as === "Table");
}

/** The object with nothing but its metadata. */
export function partialObject(object: Fields): Fields {
  return {
    kind: "PartialObjectMetadata",
    apiVersion: "meta.k8s.io/v1",
    metadata: object["metadata"],
  };
}

function metadataOnly(body: Fields, { as }: AcceptedForm, resource: ResourceInfo): Fields {
  if (as === undefined || as === "Table" || body["kind"] === "Status") return body;
  const { items } = body;
  const isList = Array.isArray(items);
  if (isList !== (as === "PartialObjectMetadataList")) {
    throw wrongMetadataKind(as, goTypeOf(resource, isList));
  }
  if (!isList) return partialObject(body);
  return {
    kind: as,
    apiVersion: "meta.k8s.io/v1",
    metadata: body["metadata"],
    items: (items as Fields[]).map(partialObject),
  };
}

function goTypeOf({ custom, group, kind }: ResourceInfo, isList: boolean): string {
  const list = isList ? "List" : "";
  if (custom !== undefined) return `*unstructured.Unstructured${list}`;
  return `*${group === "" ? "core" : group.split(".")[0]}.${kind}${list}`;
}
