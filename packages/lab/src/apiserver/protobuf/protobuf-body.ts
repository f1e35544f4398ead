import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { badRequest, UndecodableError } from "../http/status-error.ts";
import type { Fields } from "../json.ts";
import { parseApiVersion } from "../resources/resource-info.ts";
import { modelOf } from "../schema/model-names.ts";
import { fieldAt, openMessage, textAt } from "./message-fields.ts";
import { messagePlan } from "./message-plan.ts";
import { readMessage } from "./read-message.ts";

/** The media type of Kubernetes' own messages. */
export const PROTOBUF = "application/vnd.kubernetes.protobuf";

/** What a body has to be when it does not say so itself. */
export type ExpectedKind = { readonly apiVersion: string; readonly kind: string };

const MAGIC = Buffer.from("k8s\0", "latin1");

/** Turns a body in Kubernetes' protocol buffer form into the object its JSON form would be. */
export function readProtobufBody(body: Buffer, expected: ExpectedKind): Fields {
  const envelope = openEnvelope(body, expected.kind);
  const type = fieldAt(envelope, 1) as ReflectMessage | undefined;
  const said = { apiVersion: type && textAt(type, 1), kind: type && textAt(type, 2) };
  const apiVersion = said.apiVersion || expected.apiVersion;
  const kind = said.kind || expected.kind;
  const { group, version } = parseApiVersion(apiVersion);
  const model = modelOf({ group, version, kind });
  // A kind nobody knows is refused in the same words as one that came as JSON.
  if (messagePlan(model) === undefined) return { apiVersion, kind };
  const raw = fieldAt(envelope, 2);
  try {
    const bytes = raw instanceof Uint8Array ? raw : new Uint8Array();
    return { ...readMessage(model, openMessage(model, bytes)), apiVersion, kind };
  } catch (error) {
    throw new UndecodableError({ kind, version, wanted: expected.kind }, complaint(error));
  }
}

function openEnvelope(body: Buffer, kind: string): ReflectMessage {
  const refused = (why: string): Error => {
    const shown = body.length === 0 ? "<empty>" : body.toString("hex");
    return badRequest(
      `the object provided is unrecognized (must be of type ${kind}): ${why} (${shown})`,
    );
  };
  if (body.length === 0) throw refused("empty data");
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) {
    const prefix = [...MAGIC].join(" ");
    throw refused(
      `provided data does not appear to be a protobuf message, expected prefix [${prefix}]`,
    );
  }
  if (body.length === MAGIC.length) throw refused("empty body");
  try {
    return openMessage("Envelope", body.subarray(MAGIC.length));
  } catch (error) {
    throw refused(complaint(error));
  }
}

/** Go calls whatever ends too early by this name. */
function complaint(error: unknown): string {
  if (error instanceof RangeError) return "unexpected EOF";
  return error instanceof Error ? `proto: ${error.message}` : "unexpected EOF";
}
