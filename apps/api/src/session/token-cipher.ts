import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { DecipherGCM } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export type TokenCipher = {
  /** `context` is bound to the result: a row's token cannot be moved into another row. */
  readonly encrypt: (token: string, context: string) => Uint8Array<ArrayBuffer>;
  /** Undefined when the seal is broken: another key made it, or the row was tampered with. */
  readonly decrypt: (sealed: Uint8Array, context: string) => string | undefined;
};

const nonceLength = 12;
const tagLength = 16;

function keyFrom(text: string, origin: string): Buffer {
  const key = Buffer.from(text.trim(), "base64");
  if (key.length !== 32)
    throw new Error(
      `${origin} must hold 32 bytes in base64. Make one with: openssl rand -base64 32`,
    );
  return key;
}

function readOrCreateKeyFile(stateDir: string): Buffer {
  const path = join(stateDir, "secret-key");
  mkdirSync(stateDir, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(path, `${randomBytes(32).toString("base64")}\n`, { mode: 0o600, flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
  return keyFrom(readFileSync(path, "utf8"), path);
}

/** Seals cluster tokens for the database with AES-256-GCM. */
export function openTokenCipher(options: {
  readonly secretKey: string | undefined;
  readonly stateDir: string;
}): TokenCipher {
  const key =
    options.secretKey === undefined
      ? readOrCreateKeyFile(options.stateDir)
      : keyFrom(options.secretKey, "DROVER_SECRET_KEY");
  return {
    encrypt: (token, context) => {
      const nonce = randomBytes(nonceLength);
      const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(Buffer.from(context));
      const body = Buffer.concat([cipher.update(token, "utf8"), cipher.final()]);
      return new Uint8Array(Buffer.concat([nonce, cipher.getAuthTag(), body]));
    },
    decrypt: (sealed, context) => {
      const bytes = Buffer.from(sealed);
      const decipher = createDecipheriv("aes-256-gcm", key, bytes.subarray(0, nonceLength))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(nonceLength, nonceLength + tagLength));
      const body = decipher.update(bytes.subarray(nonceLength + tagLength));
      return isAuthentic(decipher) ? body.toString("utf8") : undefined;
    },
  };
}

/** Node reports a broken seal by throwing; here it is an expected outcome. */
function isAuthentic(decipher: DecipherGCM): boolean {
  try {
    decipher.final();
    return true;
  } catch {
    return false;
  }
}
