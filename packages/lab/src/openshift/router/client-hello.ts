const handshakeRecord = 22;
const clientHello = 1;
const serverNameExtension = 0;
const recordHead = 5;

/** What the first bytes of a TLS connection say: a server name, none, or that more bytes are needed. */
export type Greeting =
  { readonly isWhole: true; readonly serverName: string | undefined } | { readonly isWhole: false };

const nameless: Greeting = { isWhole: true, serverName: undefined };

/** Reads the name a client asks for (SNI), without ending its TLS. */
export function readGreeting(bytes: Buffer): Greeting {
  if (bytes.length < recordHead) return { isWhole: false };
  if (bytes[0] !== handshakeRecord) return nameless;
  const length = bytes.readUInt16BE(3);
  if (bytes.length < recordHead + length) return { isWhole: false };
  try {
    return { isWhole: true, serverName: serverNameOf(bytes.subarray(recordHead)) };
  } catch (error) {
    // Lengths that point beyond the record: no client hello, whatever else it is.
    if (error instanceof RangeError) return nameless;
    throw error;
  }
}

function serverNameOf(hello: Buffer): string | undefined {
  if (hello.readUInt8(0) !== clientHello) return undefined;
  // Type and length, version, random.
  let at = 4 + 2 + 32;
  at += 1 + hello.readUInt8(at);
  at += 2 + hello.readUInt16BE(at);
  at += 1 + hello.readUInt8(at);
  const end = at + 2 + hello.readUInt16BE(at);
  at += 2;
  while (at < end) {
    const type = hello.readUInt16BE(at);
    const size = hello.readUInt16BE(at + 2);
    // List length, kind of name, name length.
    if (type === serverNameExtension) return nameAt(hello, at + 4 + 3);
    at += 4 + size;
  }
  return undefined;
}

function nameAt(hello: Buffer, at: number): string {
  const length = hello.readUInt16BE(at);
  return hello
    .subarray(at + 2, at + 2 + length)
    .toString("ascii")
    .toLowerCase();
}
