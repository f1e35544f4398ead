/** Writes protocol buffer messages. Fields with default values are left out, as proto3 does. */
export class ProtobufWriter {
  #parts: Buffer[] = [];

  text(field: number, value: unknown): this {
    if (typeof value !== "string" || value === "") return this;
    return this.bytes(field, Buffer.from(value, "utf8"));
  }

  texts(field: number, values: unknown): this {
    if (Array.isArray(values)) for (const value of values) this.text(field, value);
    return this;
  }

  bool(field: number, value: unknown): this {
    if (value === true) this.#parts.push(tag(field, 0), Buffer.from([1]));
    return this;
  }

  integer(field: number, value: unknown): this {
    if (typeof value !== "number" || value === 0) return this;
    this.#parts.push(tag(field, 0), varint(BigInt.asUintN(64, BigInt(Math.trunc(value)))));
    return this;
  }

  double(field: number, value: unknown): this {
    if (typeof value !== "number" || value === 0) return this;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#parts.push(tag(field, 1), bytes);
    return this;
  }

  bytes(field: number, value: Buffer): this {
    this.#parts.push(tag(field, 2), varint(BigInt(value.length)), value);
    return this;
  }

  message(field: number, message: ProtobufWriter | undefined): this {
    return message === undefined ? this : this.bytes(field, message.finish());
  }

  finish(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function tag(field: number, wireType: number): Buffer {
  return varint(BigInt((field << 3) | wireType));
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
