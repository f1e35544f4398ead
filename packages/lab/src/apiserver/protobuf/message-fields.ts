import { fromBinary } from "@bufbuild/protobuf";
import { reflect } from "@bufbuild/protobuf/reflect";
import type { ReflectMessage } from "@bufbuild/protobuf/reflect";
import { messageDescriptor } from "./message-descriptors.ts";

/** A message from its bytes, by the name of its model; throws when they are none. */
export function openMessage(name: string, bytes: Uint8Array): ReflectMessage {
  const descriptor = messageDescriptor(name);
  return reflect(descriptor, fromBinary(descriptor, bytes));
}

/** The value of a field by its number; undefined when the message does not say. */
export function fieldAt(message: ReflectMessage, number: number): unknown {
  const described = message.fields.find((field) => field.number === number);
  return described !== undefined && message.isSet(described) ? message.get(described) : undefined;
}

export function textAt(message: ReflectMessage, number: number): string {
  const value = fieldAt(message, number);
  return typeof value === "string" ? value : "";
}

export function listAt(message: ReflectMessage, number: number): unknown[] {
  return [...((fieldAt(message, number) ?? []) as Iterable<unknown>)];
}
