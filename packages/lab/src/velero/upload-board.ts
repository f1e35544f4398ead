import { EventEmitter } from "node:events";

/**
 * Tells the Velero of each cluster that another one changed what is in a bucket, so that nobody has to wait for the
 * next periodic look. An S3 bucket itself tells nobody anything.
 */
export class UploadBoard {
  readonly #events = new EventEmitter();

  constructor() {
    this.#events.setMaxListeners(0);
  }

  announce(bucketUrl: string): void {
    this.#events.emit("change", bucketUrl);
  }

  subscribe(listener: (bucketUrl: string) => void): () => void {
    this.#events.on("change", listener);
    return () => void this.#events.off("change", listener);
  }
}

/** The board of this process. */
export const processBoard = new UploadBoard();
