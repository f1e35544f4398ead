import { describeRealServer } from "./describe-real-server.ts";

// Started before the tests are collected: which cases apply depends on what the server is.
await describeRealServer(process.env);
