import { KubeConfig } from "@kubernetes/client-node";
import { PrismaClient } from "@prisma/client";
import { contract } from "../../../packages/contract/src/index.ts";
import { probe } from "../../../packages/lab/src/inner.test.ts";
export const app = [KubeConfig, PrismaClient, contract, probe];
