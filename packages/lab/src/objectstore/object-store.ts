export type ObjectStoreOptions = {
  /** Directory that keeps buckets and objects; made when absent. */
  readonly dataDir: string;
  /** 0 for any free port. Listens on 127.0.0.1 only. */
  readonly port: number;
  readonly accessKey: string;
  readonly secretKey: string;
  /** `us-east-1` when absent. */
  readonly region?: string;
  /** Buckets made at start when absent. */
  readonly buckets?: readonly string[];
};

export type ObjectStore = {
  /** `http://127.0.0.1:<port>`, for path-style requests. */
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
};

/** Starts the S3 server of the lab. */
export type StartObjectStore = (options: ObjectStoreOptions) => Promise<ObjectStore>;
