import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { presignedUrl } from "../../objectstore/sigv4.ts";
import type { AwsCredentials } from "./credentials.ts";

export type BucketOptions = {
  readonly name: string;
  /** The S3 server; Amazon's own when absent. */
  readonly endpoint: string | undefined;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly credentials: AwsCredentials;
  readonly caPem: string | undefined;
  readonly insecure: boolean;
};

/** A bucket of an S3 server. Errors are sentences that name the bucket and never hold the credentials. */
export class Bucket {
  readonly #options: BucketOptions;
  readonly #client: S3Client;

  constructor(options: BucketOptions) {
    this.#options = options;
    this.#client = new S3Client({
      region: options.region,
      forcePathStyle: options.pathStyle,
      maxAttempts: 3,
      ...(options.endpoint === undefined ? {} : { endpoint: options.endpoint }),
      credentials: {
        accessKeyId: options.credentials.accessKey,
        secretAccessKey: options.credentials.secretKey,
      },
      requestHandler: {
        connectionTimeout: 5_000,
        httpsAgent: {
          rejectUnauthorized: !options.insecure,
          ...(options.caPem === undefined ? {} : { ca: options.caPem }),
        },
      },
    });
  }

  /** Throws when the bucket cannot be read with these credentials. */
  async check(): Promise<void> {
    await this.#ask(() =>
      this.#client.send(new ListObjectsV2Command({ ...this.#name, MaxKeys: 1 })),
    );
  }

  async has(key: string): Promise<boolean> {
    try {
      await this.#client.send(new HeadObjectCommand({ ...this.#name, Key: key }));
      return true;
    } catch (error) {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404)
        return false;
      throw this.#explain(error);
    }
  }

  async put(key: string, body: Buffer): Promise<void> {
    await this.#ask(() =>
      this.#client.send(new PutObjectCommand({ ...this.#name, Key: key, Body: body })),
    );
  }

  async putFile(key: string, path: string): Promise<void> {
    const { size } = await stat(path);
    await this.#ask(() =>
      this.#client.send(
        new PutObjectCommand({
          ...this.#name,
          Key: key,
          Body: createReadStream(path),
          ContentLength: size,
        }),
      ),
    );
  }

  /** Undefined when there is no such object. */
  async find(key: string): Promise<Buffer | undefined> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand({ ...this.#name, Key: key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    } catch (error) {
      if (error instanceof S3ServiceException && error.name === "NoSuchKey") return undefined;
      throw this.#explain(error);
    }
  }

  async getFile(key: string, path: string): Promise<void> {
    await this.#ask(async () => {
      const { Body } = await this.#client.send(new GetObjectCommand({ ...this.#name, Key: key }));
      if (!(Body instanceof Readable)) throw new Error(`The object ${key} has no content.`);
      await pipeline(Body, createWriteStream(path));
    });
  }

  async *keys(prefix: string): AsyncGenerator<string> {
    let token: string | undefined;
    do {
      const page = await this.#ask(() =>
        this.#client.send(
          new ListObjectsV2Command({
            ...this.#name,
            Prefix: prefix,
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        ),
      );
      for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
      token = page.NextContinuationToken;
    } while (token !== undefined);
  }

  /** The names right below a prefix that ends with a slash. */
  async folders(prefix: string): Promise<string[]> {
    const names: string[] = [];
    let token: string | undefined;
    do {
      const page = await this.#ask(() =>
        this.#client.send(
          new ListObjectsV2Command({
            ...this.#name,
            Prefix: prefix,
            Delimiter: "/",
            ...(token === undefined ? {} : { ContinuationToken: token }),
          }),
        ),
      );
      for (const { Prefix } of page.CommonPrefixes ?? []) {
        names.push((Prefix ?? "").slice(prefix.length).replace(/\/$/, ""));
      }
      token = page.NextContinuationToken;
    } while (token !== undefined);
    return names;
  }

  async delete(key: string): Promise<void> {
    await this.#ask(() => this.#client.send(new DeleteObjectCommand({ ...this.#name, Key: key })));
  }

  /** An address from which anyone can read one object for a while. */
  downloadUrl(key: string, expiresSeconds: number, publicUrl?: string): string {
    const { name, endpoint, region, credentials } = this.#options;
    return presignedUrl({
      endpoint: publicUrl ?? endpoint ?? `https://s3.${region}.amazonaws.com`,
      bucket: name,
      key,
      region,
      expiresSeconds,
      ...credentials,
    });
  }

  close(): void {
    this.#client.destroy();
  }

  get #name(): { Bucket: string } {
    return { Bucket: this.#options.name };
  }

  async #ask<T>(request: () => Promise<T>): Promise<T> {
    try {
      return await request();
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): Error {
    const { name, endpoint, region } = this.#options;
    const where = `bucket "${name}" at ${endpoint ?? `Amazon S3 (${region})`}`;
    if (error instanceof S3ServiceException) {
      return new Error(`The ${where} answered ${error.name}: ${error.message}`, { cause: error });
    }
    const reason = error instanceof Error ? error.message || error.name : String(error);
    return new Error(`The ${where} cannot be reached: ${reason}`, { cause: error });
  }
}
