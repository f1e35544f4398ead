import { open, type FileHandle } from "node:fs/promises";
import { z } from "zod";

/** What is kept of an object beside its bytes. */
const ObjectFacts = z.object({
  sizeBytes: z.number(),
  /** Without quotes. */
  etag: z.string(),
  modified: z.string(),
  /** Headers given back on read: content-type, content-encoding, x-amz-meta-… */
  headers: z.record(z.string(), z.string()),
  checksums: z.record(z.string(), z.string()),
});
export type ObjectFacts = z.infer<typeof ObjectFacts>;

/*
 * One file holds the bytes, then the facts as JSON, then the length of the JSON and a mark.
 * So bytes and facts become visible with a single rename, and a reader that opened the file sees one version of both.
 */
const mark = Buffer.from("DROVEROB");
const footerBytes = 4 + mark.length;

export function encodeFacts(facts: ObjectFacts): Buffer {
  const json = Buffer.from(JSON.stringify(facts));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(json.length);
  return Buffer.concat([json, length, mark]);
}

async function readExactly(file: FileHandle, length: number, position: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

async function readFacts(file: FileHandle, path: string): Promise<ObjectFacts> {
  const { size } = await file.stat();
  const footer = await readExactly(file, footerBytes, Math.max(0, size - footerBytes));
  if (footer.length < footerBytes || !footer.subarray(4).equals(mark)) {
    throw new Error(`The object file ${path} is damaged: its last bytes are not the store's mark.`);
  }
  const jsonLength = footer.readUInt32BE(0);
  const json = await readExactly(file, jsonLength, size - footerBytes - jsonLength);
  return ObjectFacts.parse(JSON.parse(json.toString("utf8")));
}

/** An object opened for reading; the caller closes `file`. */
export type OpenObject = { readonly file: FileHandle; readonly facts: ObjectFacts };

/** Undefined when there is no object at this path. */
export async function openObject(path: string): Promise<OpenObject | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return { file, facts: await readFacts(file, path) };
  } catch (error) {
    await file.close();
    throw error;
  }
}

export async function findFacts(path: string): Promise<ObjectFacts | undefined> {
  const opened = await openObject(path);
  await opened?.file.close();
  return opened?.facts;
}

/** The bytes of an opened object, without the facts after them. */
export async function* dataPieces(file: FileHandle, sizeBytes: number): AsyncGenerator<Buffer> {
  const pieceBytes = 1_048_576;
  for (let position = 0; position < sizeBytes;) {
    const piece = await readExactly(file, Math.min(pieceBytes, sizeBytes - position), position);
    if (piece.length === 0) throw new Error("The object's file is shorter than its facts say.");
    position += piece.length;
    yield piece;
  }
}
