import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where the product under test keeps its state; apart from the one a person may be running. */
export const stateDir = process.env["DROVER_E2E_STATE_DIR"] ?? join(tmpdir(), "drover-e2e");

const ports = {
  DROVER_PORT: "3100",
  DROVER_CONTROLLER_PORT: "3101",
  DROVER_LAB_HOST_PORT: "6543",
  DROVER_LAB_SOURCE_PORT: "6544",
  DROVER_LAB_EDGE_PORT: "6545",
  DROVER_LAB_S3_PORT: "9100",
  DROVER_LAB_OAUTH_PORT: "6580",
} as const;

/** The environment the product is started with. */
export const productEnv: Record<string, string> = { ...ports, DROVER_STATE_DIR: stateDir };

export const publicUrl = `http://localhost:${ports.DROVER_PORT}`;
export const objectStoreUrl = `http://127.0.0.1:${ports.DROVER_LAB_S3_PORT}`;
