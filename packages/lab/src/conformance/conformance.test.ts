import { describeServer } from "./describe-server.ts";
import { findKubectls } from "./kubectl.ts";
import { startLabUnderTest } from "./lab-under-test.ts";

// Started before the tests are collected: which cases apply depends on what the server is.
describeServer(await startLabUnderTest(), await findKubectls(process.env));
